import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { killServerProcesses, startServerProcess, urlOf } from '../server-process.ts';

const COMPUTE = 'Category: compute; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"';

// The first start may have to build.
jest.setTimeout(30_000);

const folder = mkdtempSync(join(tmpdir(), 'serverless-occi-'));
afterAll(() => {
  killServerProcesses();
  rmSync(folder, { recursive: true, force: true });
});

/** What `npm start -- …` runs, on data of this file. */
const run = (args: string[], env: Record<string, string> = {}) =>
  startServerProcess(args, { DATA_DIR: join(folder, 'data'), ...env });

const create = (url: string): Promise<Response> =>
  fetch(`${url}/compute/`, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: COMPUTE });

describe('npm start', () => {
  test('says where it serves and what to paste; Ctrl-C lets a request end, and then ends it', async () => {
    const server = run(['--table', 'memory']);
    const url = await urlOf(server);
    expect(server.output.stdout.split('\n')).toEqual([
      `serverless-occi serves ${url}/ to this machine only, without credentials. Try:`,
      `curl -X POST ${url}/compute/ -H 'Content-Type: text/plain' -d '${COMPUTE}'`,
      '',
    ]);
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST /compute/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: ${COMPUTE.length}\r\n\r\n`,
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    server.child.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 100));
    socket.write(COMPUTE);
    let answer = '';
    for await (const part of socket) answer += part;
    expect(answer).toMatch(/^HTTP\/1.1 201 /);
    expect(await server.ended).toBe(0);
    expect(server.output.stderr).toBe('');
  });

  test('reads 1 MiB of a body, and refuses what is longer in the words of the gateway', async () => {
    const server = run(['--table', 'memory']);
    const url = await urlOf(server);
    const send = (bytes: number) =>
      fetch(`${url}/compute/`, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x'.repeat(bytes) });
    expect((await send(1_048_576)).status).toBe(400);
    const refused = await send(1_048_577);
    expect([refused.status, await refused.json()]).toEqual([413, { message: 'Request Entity Too Large' }]);
    server.child.kill();
    await server.ended;
  });

  test('keeps what was created, also when it is killed', async () => {
    const first = run([]);
    const made = await create(await urlOf(first));
    expect(made.status).toBe(201);
    first.child.kill('SIGKILL');
    expect(await first.ended).toBe('SIGKILL');

    const second = run([]);
    const { pathname } = new URL(made.headers.get('location') ?? '');
    const found = await fetch(`${await urlOf(second)}${pathname}`);
    expect(found.status).toBe(200);
    expect(await found.text()).toContain(COMPUTE);

    const third = run([]);
    expect(await third.ended).toBe(1);
    expect(third.output.stderr).toMatch(/^serverless-occi: DATA_DIR \S+ is in use by another server: [^\n]+\n$/);
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
  });

  test('ends with one line when its port is taken', async () => {
    const first = run(['--table', 'memory']);
    const { port } = new URL(await urlOf(first));
    const second = run([], { PORT: port });
    expect(await second.ended).toBe(1);
    expect(second.output).toEqual({
      stdout: '',
      stderr: `serverless-occi: port ${port} of 127.0.0.1 is taken: end what listens there, or choose another with PORT=…\n`,
    });
    first.child.kill();
    await first.ended;
  });

  test('says what there is, and ends', async () => {
    const server = run(['--adapter', 'ec2', '--help']);
    expect(await server.ended).toBe(0);
    expect(server.output.stdout).toMatch(/^ {2}--region\n {6}Region of the endpoint\./m);
    expect(server.output.stderr).toBe('');
  });

  test.each([
    ['an address that others reach', [], { HOST: '0.0.0.0' }, /HOST 0\.0\.0\.0 .*--auth basic/],
    ['a wrong argument', ['--states', 'all'], {}, /states: is "all"/],
    ['a scheme that the cloud cannot check', ['--auth', 'basic'], {}, /--auth "basic" would let no caller .* in/],
    [
      'an adapter that is not there',
      ['--table', 'memory', '--adapter', 'none'],
      {},
      /adapter\.name: not set, choose one of/,
    ],
    [
      'a wrong setting',
      ['--table', 'memory', '--boot-delay', 'x', '--typo', '1'],
      {},
      /bootDelay: .*; adapter\.settings\.typo: /,
    ],
  ])('ends with one line for %s', async (_, args, env, message) => {
    const server = run(args, env);
    expect(await server.ended).toBe(1);
    expect(server.output.stdout).toBe('');
    expect(server.output.stderr).toMatch(/^serverless-occi: [^\n]+\n$/);
    expect(server.output.stderr).toMatch(message);
  });
});
