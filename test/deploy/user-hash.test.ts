/** `npm run user:hash` as people run it: the password through a pipe, the line for occi.yml on stdout. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { users } from '../../lib/auth/users.ts';
import { auth } from '../../lib/config/auth/index.ts';
import { requestWith } from '../contract/auth-scheme.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const userHash = (input: string | Uint8Array, ...args: string[]) =>
  spawnSync(process.execPath, ['deploy/run.mjs', 'user-hash', ...args], { cwd: ROOT, input, encoding: 'utf8' });

test('prints a line with which the user can log in', async () => {
  const { stdout, stderr, status } = userHash('it’s "#secret": ö\n');
  expect([stderr, status]).toEqual(['', 0]);
  expect(stdout).toMatch(/^password: '\$scrypt\$ln=15,r=8,p=1\$[^']+'\n$/);
  const settings = auth.parse([{ users: { alice: parse(stdout) } }])[0] as { users: Parameters<typeof users>[0] };
  const authorization = `Basic ${Buffer.from('alice:it’s "#secret": ö').toString('base64')}`;
  expect(await users(settings.users).authenticate(requestWith({ authorization }))).toMatchObject({ name: 'alice' });
});

test.each<[string, string | Uint8Array, string[], RegExp]>([
  ['no password', '\n', [], /is empty/],
  ['a password that Basic cannot carry', 'a\tb\n', [], /control character/],
  ['a password of several lines', 'a\nb\n', [], /control character/],
  ['a password that is too long', 'x'.repeat(1025), [], /over 1024 bytes/],
  ['bytes that are no text', Uint8Array.of(0x61, 0xff), [], /not in UTF-8/],
  ['a password as an argument', '', ['s3cret'], /takes no arguments/],
])('refuses %s', (_, input, args, message) => {
  const { stdout, stderr, status } = userHash(input, ...args);
  expect([stdout, status]).toEqual(['', 1]);
  expect(stderr).toMatch(message);
  expect(stderr).not.toContain('s3cret');
});
