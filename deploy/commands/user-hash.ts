/**
 * `npm run user:hash`: asks for a password, or reads it from a pipe, and prints the line for `auth` in occi.yml. The
 * password is no argument: those can be read in the history of the shell and in the list of processes.
 */
import { isUtf8 } from 'node:buffer';
import { hashOf, MAX_PASSWORD_BYTES } from '../../lib/auth/password.ts';
import { phcOf } from '../../lib/config/auth/password-hash.ts';

const USAGE = 'user:hash takes no arguments: it asks for the password, or reads it from a pipe.';

/** Why a password cannot be used to log in; undefined for a usable one. RFC 7617 §2 excludes control characters. */
function refusal(password: string): string | undefined {
  if (password === '') return 'The password is empty.';
  if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES) return `The password has over ${MAX_PASSWORD_BYTES} bytes.`;
  if (/\p{Cc}/u.test(password)) return 'The password has a control character, such as a tab or the end of a line.';
  return undefined;
}

/** The text of the pipe; undefined if it is not in UTF-8. */
async function piped(): Promise<string | undefined> {
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(part as Buffer);
  const bytes = Buffer.concat(parts);
  return isUtf8(bytes) ? bytes.toString().replace(/\r?\n$/, '') : undefined;
}

const ENTER = /[\r\n]/;
const INTERRUPT = '\u0003';
const END = '\u0004';
const BACKSPACE = /[\b\u007f]/;

/** A line typed on the terminal, without echo; undefined if it was interrupted. */
function typed(question: string): Promise<string | undefined> {
  const { stdin } = process;
  process.stderr.write(question);
  stdin.setRawMode(true).setEncoding('utf8').resume();
  return new Promise((resolve) => {
    const characters: string[] = [];
    const take = (text: string) => {
      for (const character of text) {
        if (ENTER.test(character) || character === INTERRUPT || character === END) {
          stdin.setRawMode(false).pause().off('data', take);
          process.stderr.write('\n');
          resolve(ENTER.test(character) ? characters.join('') : undefined);
          return;
        }
        if (BACKSPACE.test(character)) characters.pop();
        else characters.push(character);
      }
    };
    stdin.on('data', take);
  });
}

/** The password, or the sentence that says why there is none. */
async function asked(): Promise<{ readonly password: string } | { readonly message: string }> {
  if (!process.stdin.isTTY) {
    const password = await piped();
    return password === undefined ? { message: 'The password is not in UTF-8.' } : { password };
  }
  const password = await typed('Password: ');
  if (password === undefined) return { message: 'Nothing was made.' };
  const wrong = refusal(password);
  if (wrong !== undefined) return { message: wrong };
  return (await typed('The same again: ')) === password ? { password } : { message: 'The two passwords differ.' };
}

/** Prints the line, and sets the exit code. */
export async function run(args: readonly string[]): Promise<void> {
  const given = args.length > 0 ? { message: USAGE } : await asked();
  const message = 'message' in given ? given.message : refusal(given.password);
  if (message !== undefined || !('password' in given)) {
    console.error(message);
    process.exitCode = 1;
    return;
  }
  console.log(`password: '${phcOf(await hashOf(given.password))}'`);
}
