/** The first look at an id where only a listing can tell: shared, bounded, and never a wrong 404. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { Identities } from '../../../../lib/mapping/identity.ts';
import { SCANS_PER_MINUTE } from '../../../../lib/quota/scans.ts';
import { partitionsOf } from '../../../../lib/table/partition-keys.ts';
import { own, startPool } from './pool-cloud.ts';

const unknown = (n: number): string => new Identities('elsewhere', 'x').of('compute', `${n}`).uuid;

describe('Where only a listing can tell, the first look at an id', () => {
  let pool: ReturnType<typeof startPool>;
  beforeEach(() => {
    pool = startPool({ numbered: false });
    own(pool.cloud, 'alice', 0, 1000);
    own(pool.cloud, 'mallory', 1000, 1010);
  });
  const get = (uuid: string, caller = 'alice') => pool.send('GET', `/compute/${uuid}`, { caller });

  test('shares one scan with 50 others at once', async () => {
    pool.cloud.pace = () => new Promise(setImmediate);
    const replies = await Promise.all(Array.from({ length: 50 }, (_, n) => get(unknown(n))));
    expect(replies.map(({ statusCode }) => statusCode)).toEqual(Array(50).fill(404));
    expect(pool.cloud.take()).toEqual(Array(10).fill('ids'));
    expect((await get(unknown(51))).statusCode).toBe(404);
    expect(pool.cloud.take()).toEqual([]);
  });

  test('reads no further than the page that has it, and the next look goes on from there', async () => {
    const { cloud } = pool;
    expect((await get(cloud.uuidOf(999))).statusCode).toBe(200);
    expect(cloud.take()).toEqual(['ids', 'get']);
    expect((await get(cloud.uuidOf(850))).statusCode).toBe(200);
    expect(cloud.take()).toEqual(['ids', 'get']);
  });

  test('finds what a listing has shown since the scan', async () => {
    const { cloud } = pool;
    expect((await get(unknown(1))).statusCode).toBe(404);
    own(cloud, 'alice', 2000, 2001);
    expect((await pool.send('GET', '/compute/')).body).toContain(cloud.uuidOf(2000));
    expect((await get(cloud.uuidOf(2000))).statusCode).toBe(200);
  });

  test('says nothing about a scan of another tenant', async () => {
    const { cloud } = pool;
    await get(unknown(1));
    cloud.take();
    expect((await get(cloud.uuidOf(5), 'mallory')).statusCode).toBe(404);
    expect(cloud.take()).toEqual(['ids']);
    expect((await get(cloud.uuidOf(5))).statusCode).toBe(200);
  });

  test('is 429 with Retry-After beyond the scans of a minute, for that caller only', async () => {
    const { cloud } = pool;
    let allowed = 0;
    let last = await get(unknown(0));
    for (let n = 1; last.statusCode === 404 && n < 2 * SCANS_PER_MINUTE; n++) {
      allowed += 1;
      // A listing may have shown something new: the next look needs a new scan.
      await pool.send('GET', '/compute/');
      last = await get(unknown(n));
    }
    // A minute may have ended meanwhile.
    expect(allowed).toBeGreaterThanOrEqual(SCANS_PER_MINUTE);
    expect(last.statusCode).toBe(429);
    expect(Number(last.headers['Retry-After'])).toBeGreaterThan(0);
    cloud.take();
    // One that exists is not 404 either, and one on the first page is found.
    expect((await get(cloud.uuidOf(7))).statusCode).toBe(429);
    expect(cloud.take()).toEqual([]);
    expect((await get(cloud.uuidOf(907))).statusCode).toBe(200);
    expect((await get(unknown(1), 'mallory')).statusCode).toBe(404);
  });

  test('counts the scans of all containers', async () => {
    const { table } = pool;
    const replies: number[] = [];
    for (let n = 0; n < SCANS_PER_MINUTE + 5; n++) {
      const { cloud, send } = startPool({ numbered: false, table });
      own(cloud, 'alice', 0, 1000);
      replies.push((await send('GET', `/compute/${unknown(n)}`)).statusCode);
    }
    expect(replies.slice(0, SCANS_PER_MINUTE)).toEqual(Array(SCANS_PER_MINUTE).fill(404));
    expect(replies).toContain(429);
  });

  test('is never 429 where one page has all, however often processes start', async () => {
    const { table } = pool;
    for (let n = 0; n < SCANS_PER_MINUTE + 5; n++) {
      const { cloud, send } = startPool({ numbered: false, table });
      own(cloud, 'alice', 0, 10);
      expect((await send('GET', `/compute/${unknown(n)}`)).statusCode).toBe(404);
    }
  });

  test('does not concern an id in the table', async () => {
    const { cloud, table } = pool;
    const uuid = cloud.uuidOf(3);
    expect((await get(uuid)).statusCode).toBe(200);
    for (let n = 0; n < SCANS_PER_MINUTE + 1; n++) {
      await pool.send('GET', '/compute/');
      await get(unknown(n));
    }
    const other = startPool({ numbered: false, table });
    own(other.cloud, 'alice', 0, 10);
    expect((await other.send('GET', `/compute/${uuid}`)).statusCode).toBe(200);
    expect(other.cloud.take()).toEqual(['get']);
  });

  test('that takes longer than the request is 503 with Retry-After in time, and the next one goes on', async () => {
    const { cloud } = pool;
    let read = 0;
    let hangs: (() => void) | undefined;
    cloud.pace = async (call) => {
      if (call === 'ids' && ++read === 6) await new Promise<void>((resolve) => (hangs = resolve));
    };
    const slow = await pool.send('GET', `/compute/${cloud.uuidOf(0)}`, { timeMs: 2500 });
    expect(slow.statusCode).toBe(503);
    expect(Number(slow.headers['Retry-After'])).toBeGreaterThan(0);
    hangs!();
    cloud.take();
    expect((await get(cloud.uuidOf(0))).statusCode).toBe(200);
    // The sixth page was on its way; the others are not read again.
    expect(cloud.take().filter((call) => call === 'ids')).toHaveLength(4);
  });

  test('goes on when the request that read a page for all has failed', async () => {
    const { cloud } = pool;
    let isFirst = true;
    cloud.pace = async () => {
      await new Promise(setImmediate);
      if (!isFirst) return;
      isFirst = false;
      throw new Error('broken');
    };
    const [first, second] = await Promise.all([get(cloud.uuidOf(0)), get(cloud.uuidOf(1))]);
    expect([first.statusCode, second.statusCode]).toEqual([500, 200]);
  });

  test('lets nothing come back that was deleted since the scan', async () => {
    const { cloud, table } = pool;
    const uuid = cloud.uuidOf(4);
    await get(uuid);
    expect((await pool.send('DELETE', `/compute/${uuid}`)).statusCode).toBe(200);
    expect((await get(uuid)).statusCode).toBe(404);
    expect(
      await table.get({ pk: partitionsOf('dummy', 'pool').tenant('alice'), sk: `entity#${uuid}` }),
    ).toBeUndefined();
  });

  test('asks the cloud nothing for what was deleted here and may still be listed', async () => {
    const { cloud, table } = pool;
    const uuid = cloud.uuidOf(4);
    const tombstone = { uuid, kind: 'compute', native: '4', deleted: true, version: 0 };
    await table.put({ pk: partitionsOf('dummy', 'pool').tenant('alice'), sk: `annotation#${uuid}`, ...tombstone });
    expect((await get(uuid)).statusCode).toBe(404);
    expect(cloud.take()).toEqual([]);
  });
});
