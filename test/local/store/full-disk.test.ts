/** A disk that is full, under the real server: no write, but every read, and writes again as soon as there is room. */
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, jest, test } from '@jest/globals';
import { killServerProcesses, startServerProcess, urlOf } from '../../server-process.ts';
import { closeStores, open, readAll, rowOf } from './data.ts';
import { makeSmallDisk, type SmallDisk } from './small-disk.ts';

// In CI a disk that cannot be made fails the tests.
const disk = makeSmallDisk('32m') as SmallDisk;
const isTried = disk !== undefined || process.env.CI !== undefined;
const title = isTried ? 'A full disk' : 'A full disk (skipped: this user may not mount a small one)';

/** Milliseconds in which a refusal must come, also on a busy machine. */
const SOON_MS = 3000;

afterEach(closeStores);
afterAll(() => {
  killServerProcesses();
  disk?.remove();
});

const STORAGE = 'Category: storage; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"\n';
const create = (url: string, summary = ''): Promise<Response> =>
  fetch(`${url}/storage/`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: `${STORAGE}X-OCCI-Attribute: occi.storage.size=1, occi.core.summary="${summary}"`,
  });

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

(isTried ? describe : describe.skip)(title, () => {
  test('is 503 for writes while reads go on; writes go on without a new start, and nothing is lost', async () => {
    const server = startServerProcess([], { DATA_DIR: join(disk.path, 'server'), POWERTOOLS_LOG_LEVEL: 'WARN' });
    const url = await urlOf(server);
    const first = await create(url, 'before');
    expect(first.status).toBe(201);
    const location = first.headers.get('location') as string;

    disk.fill();
    const summary = 'x'.repeat(2000);
    let refused: Response;
    do refused = await create(url, summary);
    while (refused.status === 201);
    for (let again = 0; again < 5; again++) {
      const began = performance.now();
      refused = await create(url, summary);
      expect(performance.now() - began).toBeLessThan(SOON_MS);
      expect(refused.status).toBe(503);
      expect(refused.headers.get('retry-after')).toBe('1');
      expect(await refused.text()).toMatch(
        /^The store of this service cannot be written at present; reading goes on\.\n?$/,
      );
      expect((await fetch(location)).status).toBe(200);
      expect((await fetch(`${url}/storage/`)).status).toBe(200);
    }
    expect((await fetch(location, { method: 'DELETE' })).status).toBe(503);
    expect(server.child.exitCode).toBeNull();

    disk.empty();
    let made = await create(url, 'after');
    for (const until = Date.now() + 10_000; made.status === 503 && Date.now() < until; await pause(100)) {
      made = await create(url, 'after');
    }
    expect(made.status).toBe(201);
    const lines = server.output.stderr.split('\n').filter(Boolean);
    expect(lines).toEqual([
      expect.stringMatching(/^serverless-occi: DATA_DIR \S+: the table cannot be written: .*No space left on device/),
      expect.stringMatching(/^serverless-occi: DATA_DIR \S+: the table can be written again\.$/),
    ]);
    expect(server.output.stdout).not.toMatch(/failure/);
    server.child.kill('SIGKILL');
    await server.ended;

    const second = startServerProcess([], { DATA_DIR: join(disk.path, 'server') });
    const again = await urlOf(second);
    for (const path of [location, made.headers.get('location') as string]) {
      expect((await fetch(again + new URL(path).pathname)).status).toBe(200);
    }
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
  });

  test('is overcome also in the middle of a compaction, with every acknowledged row kept', async () => {
    const complain = jest.spyOn(console, 'error').mockImplementation(() => {});
    const folder = join(disk.path, 'compaction');
    const { table } = await open(folder);
    const acknowledged: number[] = [];
    const putMany = async (from: number, to: number) => {
      for (let at = from; at < to; at += 8) {
        const rows = Array.from({ length: 8 }, (_, more) => ({ ...rowOf(at + more), text: randomText() }));
        const done = await Promise.allSettled(rows.map((row) => table.put(row)));
        done.forEach(({ status }, more) => {
          if (status === 'fulfilled') acknowledged.push(at + more);
        });
        if (done.some(({ status }) => status === 'rejected')) return;
      }
    };
    // A log of 4 MiB becomes a table: somewhere on the way there is no more room.
    disk.fill(10_000_000);
    await putMany(0, 800);
    expect(complain.mock.calls.flat().join()).toMatch(/cannot be written/);
    disk.fill();
    expect((await readAll(table)).length).toBeGreaterThanOrEqual(acknowledged.length);
    disk.empty();
    complain.mockRestore();
    await closeStores();
    const rows = await readAll((await open(folder)).table);
    expect(rows.map(({ at }) => at)).toEqual(expect.arrayContaining(acknowledged));
  });

  test('is one sentence and exit 1 at the start', async () => {
    disk.fill();
    const server = startServerProcess([], { DATA_DIR: join(disk.path, 'new') });
    expect(await server.ended).toBe(1);
    expect(server.output.stderr).toMatch(
      /^serverless-occi: DATA_DIR \S+ cannot be used \([^\n]*no space left[^\n]*\n$/i,
    );
    disk.empty();
  });
});

/** What does not pack well. */
const randomText = (): string => Array.from({ length: 3000 }, () => Math.random().toString(36).slice(2, 10)).join('');
