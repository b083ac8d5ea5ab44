/** Tokens under `npm start`: the key is in the table, so that they survive the process. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, jest, test } from '@jest/globals';
import { killServerProcesses, type ServerProcess, startServerProcess, urlOf } from '../server-process.ts';

jest.setTimeout(120_000);

const folder = mkdtempSync(join(tmpdir(), 'occi-tokens-'));
afterAll(() => {
  killServerProcesses();
  rmSync(folder, { recursive: true, force: true });
});

const password = '$scrypt$ln=14,r=8,p=1$wBUfQCHNZxSVIttsBRHTwQ$PqrEGumS5yW4lPC6QHSYWlb3LI2z2u2w+5OX5wFRp8U';
const AUTH = JSON.stringify([{ users: { alice: { password } } }, { token: {} }]);
const ALICE = { Authorization: `Basic ${Buffer.from('alice:s3cret').toString('base64')}` };
const PATH = '/.well-known/tokens';

const start = () => startServerProcess(['--auth', AUTH], { DATA_DIR: join(folder, 'data') });
const statusWith = async (url: string, token: string) =>
  (await fetch(`${url}/compute/`, { headers: { 'X-Auth-Token': token } })).status;

/** Kills a server as a crash would. */
const crash = async ({ child, ended }: ServerProcess) => {
  child.kill('SIGKILL');
  await ended;
};

test('A token is valid after a crash and a restart, and a revoked one is not', async () => {
  const first = start();
  const url = await urlOf(first);
  const make = async () => (await (await fetch(url + PATH, { method: 'POST', headers: ALICE })).text()).trim();
  const [kept, revoked] = [await make(), await make()];
  const { tokens } = (await (
    await fetch(url + PATH, { headers: { ...ALICE, Accept: 'application/json' } })
  ).json()) as { tokens: { id: string }[] };
  expect(tokens).toHaveLength(2);
  const statuses = [await statusWith(url, kept), await statusWith(url, revoked)];
  // The id is in the token: 12 bytes after the owner's.
  const id = Buffer.from(revoked.slice(5), 'base64url').subarray(12, 24).toString('base64url');
  const { status } = await fetch(`${url + PATH}/${id}`, { method: 'DELETE', headers: ALICE });
  expect([...statuses, status]).toEqual([200, 200, 204]);
  await crash(first);

  const second = start();
  const later = await urlOf(second);
  expect([await statusWith(later, kept), await statusWith(later, revoked)]).toEqual([200, 401]);
  await crash(second);
});
