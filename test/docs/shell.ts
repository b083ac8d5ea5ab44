/**
 * The subset of shell that docs/use.md uses: assignments, and curl with the options that the page explains. Anything else
 * is an error, so that every command on the page is tested.
 */

export interface Request {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A line of a block: a variable with its value, a variable for a header of the last answer, or a request. */
export type Step =
  | { readonly is: 'value'; readonly name: string; readonly value: string }
  | { readonly is: 'header'; readonly name: string; readonly header: 'location' | 'etag' }
  | { readonly is: 'request'; readonly request: Request };

export type Variables = Readonly<Record<string, string>>;

const variableOf = (name: string, variables: Variables): string => {
  if (!Object.hasOwn(variables, name)) throw new Error(`nobody has set $${name}`);
  return variables[name]!;
};

/** `$NAME` in a text; any other dollar would need a shell feature that is not implemented. */
const expanded = (text: string, variables: Variables): string =>
  text.replace(/\$(\w*)/g, (_all, name: string) => variableOf(name, variables));

const PART = /'([^']*)'|"([^"]*)"|([^\s'"\\;|&<>()`*?{}[\]~#!]+)/y;

/** The words of a command. */
function wordsOf(command: string, variables: Variables): string[] {
  const words: string[] = [];
  const text = command.replaceAll('\\\n', ' ');
  let at = 0;
  let glued = false;
  while (at < text.length) {
    if (/\s/.test(text[at]!)) {
      at++;
      glued = false;
      continue;
    }
    PART.lastIndex = at;
    const part = PART.exec(text);
    if (!part) throw new Error(`this is not understood: ${text.slice(at, at + 40)}`);
    const [, verbatim, quoted, bare] = part;
    if (quoted !== undefined && /[\\`]/.test(quoted))
      throw new Error(`no backslash or backtick within quotes: ${quoted}`);
    const value = verbatim ?? expanded(quoted ?? bare!, variables);
    if (glued) words.push(words.pop()! + value);
    else words.push(value);
    glued = true;
    at = PART.lastIndex;
  }
  return words;
}

const HEREDOC = / --data-binary @- <<END\n([\s\S]*?\n)END\n?$/;

/** A curl command with the document that it reads, if any. */
function requestOf(command: string, variables: Variables): Request {
  const document = HEREDOC.exec(command)?.[1];
  if (document && /[`\\]/.test(document)) throw new Error('no backslash or backtick within <<END');
  const [, ...words] = wordsOf(command.replace(HEREDOC, ''), variables);
  const headers: Record<string, string> = {};
  const urls: string[] = [];
  let method: string | undefined;
  let body = document && expanded(document, variables);
  let shown = 0;
  const next = (option: string): string => {
    const word = words.shift();
    if (word === undefined) throw new Error(`${option} has no value`);
    return word;
  };
  const OPTIONS: Readonly<Record<string, () => void>> = {
    '-i': () => void shown++,
    '-I': () => {
      shown++;
      method = 'HEAD';
    },
    '-D': () => {
      if (next('-D') !== 'head.txt') throw new Error('-D writes head.txt, which location reads');
    },
    '-X': () => {
      method = next('-X');
    },
    '-H': () => {
      const [, name, value] = /^([\w-]+): (.+)$/s.exec(next('-H')) ?? [];
      if (name === undefined || name in headers) throw new Error('a header is "Name: value", and stands once');
      headers[name] = value!;
    },
    '--data-binary': () => {
      body = next('--data-binary');
      if (body.startsWith('@')) throw new Error('no files');
    },
  };
  while (words.length > 0) {
    const word = words.shift()!;
    if (word.startsWith('-')) {
      if (!Object.hasOwn(OPTIONS, word)) throw new Error(`curl ${word} is not understood`);
      OPTIONS[word]!();
    } else urls.push(word);
  }
  if (urls.length !== 1 || shown !== 1) throw new Error('a request has one URL, and -i or -I');
  if (body !== undefined && !('Content-Type' in headers)) throw new Error('who sends something says what it is');
  return {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    url: urls[0]!,
    headers: { Accept: '*/*', 'User-Agent': 'curl/8.5.0', ...headers },
    ...(body !== undefined && { body }),
  };
}

/** The functions that the page defines. */
const readsHeader = (name: string) =>
  `${name}() { tr -d '\\r' < head.txt | awk 'tolower($1) == "${name}:" { print $2 }'; }`;
export const LOCATION = readsHeader('location');
export const ETAG = readsHeader('etag');

/** The commands of a block, each with the lines that belong to it. */
function commandsOf(block: string): string[] {
  const commands: string[] = [];
  const END = /^(?:[^\n'"]|'[^']*'|"[^"]*"|\\\n)*$/;
  let open: string | undefined;
  for (const line of block.replace(/\n$/, '').split('\n')) {
    open = open === undefined ? line : `${open}\n${line}`;
    const waits = / <<END(\n|$)/.test(open) ? !open.endsWith('\nEND') : open.endsWith('\\') || !END.test(open);
    if (waits) continue;
    if (open.trim() !== '' && !open.startsWith('#')) commands.push(open);
    open = undefined;
  }
  if (open !== undefined) throw new Error(`this does not end: ${open}`);
  return commands;
}

/**
 * What a block of the page does. It reads variables when it comes to them, so that a request may set one for the next
 * line.
 */
export function* stepsOf(block: string, variables: Variables): Generator<Step> {
  for (const command of commandsOf(block)) {
    const [, name, value] = /^([A-Z_]+)=(.*)$/s.exec(command) ?? [];
    if (command === LOCATION || command === ETAG) continue;
    const [, header] = /^\$\((location|etag)\)$/.exec(value ?? '') ?? [];
    if (name !== undefined && header) yield { is: 'header', name, header: header as 'location' | 'etag' };
    else if (name !== undefined) yield { is: 'value', name, value: wordsOf(value!, variables).join('') };
    else if (command.startsWith('curl ')) yield { is: 'request', request: requestOf(command, variables) };
    else throw new Error(`this is not understood: ${command}`);
  }
}
