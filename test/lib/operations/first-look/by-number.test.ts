/** The first look at an id where the cloud numbers its entities. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { Identities } from '../../../../lib/mapping/identity.ts';
import { memoryTable } from '../../../../lib/table/memory.ts';
import { partitionsOf } from '../../../../lib/table/partition-keys.ts';
import { own, startPool } from './pool-cloud.ts';

/** Ids that are the hash of no number. */
const unknown = (n: number): string => new Identities('elsewhere', 'x').of('compute', `${n}`).uuid;

describe('Where native ids are numbers, the first look at an id', () => {
  let pool: ReturnType<typeof startPool>;
  beforeEach(() => {
    pool = startPool({ numbered: true });
    own(pool.cloud, 'alice', 0, 20_000);
    own(pool.cloud, 'mallory', 20_000, 20_010);
  });
  const get = (uuid: string, caller?: string) => pool.send('GET', `/compute/${uuid}`, caller ? { caller } : {});

  test('takes two native calls for the first of a pool of 20,000, and one for the others', async () => {
    const { cloud } = pool;
    expect((await get(cloud.uuidOf(3))).statusCode).toBe(200);
    expect(cloud.take()).toEqual(['highest', 'get']);
    for (const number of [0, 77, 19_999]) {
      expect((await get(cloud.uuidOf(number))).statusCode).toBe(200);
      expect(cloud.take()).toEqual(['get']);
    }
  });

  test('takes one native call for an id that nobody has, however many are asked for', async () => {
    for (let n = 0; n < 20; n++) {
      expect((await get(unknown(n))).statusCode).toBe(404);
      expect(pool.cloud.take()).toHaveLength(1);
    }
  });

  test('is the same for an id of another tenant, for a number that nobody has, and for no number', async () => {
    const { cloud } = pool;
    own(cloud, 'alice', 5, 6);
    cloud.machines.delete(6);
    await get(unknown(0), 'mallory');
    cloud.take();
    const answers: unknown[] = [];
    for (const uuid of [cloud.uuidOf(5), cloud.uuidOf(6), cloud.uuidOf(20_500), unknown(1)]) {
      const { statusCode, body } = await get(uuid, 'mallory');
      answers.push([statusCode, body.replace(uuid, 'ID'), cloud.take()]);
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toEqual([404, expect.any(String), ['get']]);
    const rows = await pool.table.query(partitionsOf('dummy', 'pool').tenant('mallory'), '');
    expect(rows.items).toEqual([]);
  });

  test('finds what was made since the highest number was asked for', async () => {
    const { cloud } = pool;
    await get(cloud.uuidOf(3));
    own(cloud, 'alice', 20_010, 20_100);
    expect((await get(cloud.uuidOf(20_099))).statusCode).toBe(200);
  });

  test('finds what a listing has shown since then, however high its number is', async () => {
    const { cloud, send } = pool;
    expect((await get(unknown(0), 'mallory')).statusCode).toBe(404);
    own(cloud, 'mallory', 90_000, 90_001);
    const uuid = cloud.uuidOf(90_000);
    expect((await send('GET', '/compute/', { caller: 'mallory' })).body).toContain(uuid);
    expect((await get(uuid, 'mallory')).statusCode).toBe(200);
  });

  test('finds what the caller could not see before', async () => {
    const { cloud } = pool;
    expect((await get(cloud.uuidOf(5), 'mallory')).statusCode).toBe(404);
    cloud.machines.set(5, 'mallory');
    expect((await get(cloud.uuidOf(5), 'mallory')).statusCode).toBe(200);
  });

  test('writes its row, so that a new container makes one call', async () => {
    const { cloud } = pool;
    const uuid = cloud.uuidOf(11);
    await get(uuid);
    expect(
      await pool.table.get({ pk: partitionsOf('dummy', 'pool').tenant('alice'), sk: `entity#${uuid}` }),
    ).toMatchObject({
      kind: 'compute',
      native: '11',
    });
    const other = startPool({ numbered: true, table: pool.table });
    own(other.cloud, 'alice', 0, 20);
    expect((await other.send('GET', `/compute/${uuid}`)).statusCode).toBe(200);
    expect(other.cloud.take()).toEqual(['get']);
  });

  test('asks for the highest number once, however many ids are asked for at once', async () => {
    const replies = await Promise.all(Array.from({ length: 50 }, (_, n) => get(unknown(n))));
    expect(new Set(replies.map(({ statusCode }) => statusCode))).toEqual(new Set([404]));
    expect(pool.cloud.take().filter((call) => call === 'highest')).toHaveLength(1);
  });

  test('makes a bounded number of calls for many ids in one request', async () => {
    const { cloud, send } = startPool({ numbered: true });
    own(cloud, 'alice', 0, 1000);
    const names = Array.from({ length: 500 }, (_, n) => `X-OCCI-Location: /compute/${cloud.uuidOf(n)}`);
    const body = [...names, `X-OCCI-Location: /compute/${unknown(1)}`].join('\n');
    expect((await send('DELETE', '/compute/', { body })).statusCode).toBe(400);
    // The collection is listed by ten pages, and the ids are looked for in as many more.
    expect(cloud.take().length).toBeLessThan(40);
    expect(cloud.machines.size).toBe(1000);
  });

  test('falls back to a listing for numbers beyond the index', async () => {
    const { cloud, send } = startPool({ numbered: true, table: memoryTable() });
    own(cloud, 'alice', 3_000_000_000, 3_000_000_005);
    expect((await send('GET', `/compute/${cloud.uuidOf(3_000_000_002)}`)).statusCode).toBe(200);
    expect(cloud.take()).toEqual(['highest', 'ids', 'get']);
  });
});
