/** SIGTERM while many clients write: what was begun is answered, and nothing else is done. */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { clientOf } from '../crash/client.ts';
import { killServerProcesses, startServerProcess, urlOf } from '../server-process.ts';

const CLIENTS = 16;
// The first start may have to build.
jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'ending-'));
afterAll(() => {
  killServerProcesses();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const start = () => startServerProcess([], { DATA_DIR: folder });
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('SIGTERM', () => {
  test('under load answers what was begun, does nothing else, and ends with 0', async () => {
    const server = start();
    const client = clientOf(await urlOf(server));
    const answered: string[] = [];
    /** Of a busy machine the store may not answer in time. */
    const unknown: string[] = [];
    const others: number[] = [];
    const write = async (name: string) => {
      for (let at = 0; ; at++) {
        const title = `${name}-${at}`;
        const kind = 'http://schemas.ogf.org/occi/infrastructure#storage';
        const body = { kind, title, attributes: { 'occi.storage.size': 1 } };
        const answer = await client.send('POST', '/storage/', { body });
        if (!answer) return;
        if (answer.status === 201) answered.push(title);
        else if (answer.status === 503) unknown.push(title);
        else others.push(answer.status);
      }
    };
    const writing = Array.from({ length: CLIENTS }, (_, at) => write(`client${at}`));
    while (answered.length < 3 * CLIENTS) await pause(5);
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    await Promise.all(writing);
    client.close();
    expect(others).toEqual([]);

    const next = start();
    const reader = clientOf(await urlOf(next));
    const listed = await reader.send('GET', '/storage/');
    const titles: string[] = JSON.parse(listed?.body ?? '').resources.map(({ title }: { title: string }) => title);
    expect(titles.filter((title) => !unknown.includes(title)).sort()).toEqual(answered.sort());
    next.child.kill('SIGTERM');
    expect(await next.ended).toBe(0);
    reader.close();
  });

  test('does not wait for a connection without a request', async () => {
    const server = start();
    const { hostname, port } = new URL(await urlOf(server));
    const socket = connect(Number(port), hostname).on('error', () => {});
    await pause(100);
    const began = performance.now();
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    expect(performance.now() - began).toBeLessThan(5000);
    socket.destroy();
  });

  test('that comes twice ends the server at once, with 1', async () => {
    const server = start();
    const { hostname, port } = new URL(await urlOf(server));
    const socket = connect(Number(port), hostname).on('error', () => {});
    socket.write('POST /compute/ HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 10\r\n\r\n');
    await pause(100);
    server.child.kill('SIGTERM');
    await pause(700);
    expect(server.child.exitCode).toBeNull();
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(1);
    socket.destroy();
  });
});
