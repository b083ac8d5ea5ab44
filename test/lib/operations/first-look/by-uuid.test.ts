/** The first look at an id where native ids are random UUIDs, which can be read from it. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { Identities } from '../../../../lib/mapping/identity.ts';
import { partitionsOf } from '../../../../lib/table/partition-keys.ts';
import { own, startPool } from './pool-cloud.ts';

const unknown = (n: number): string => new Identities('elsewhere', 'x').of('compute', `${n}`).uuid;

describe('Where native ids are random UUIDs, the first look at an id', () => {
  let pool: ReturnType<typeof startPool>;
  beforeEach(async () => {
    pool = startPool({ uuids: 'all' });
    own(pool.cloud, 'alice', 0, 20_000);
    own(pool.cloud, 'mallory', 20_000, 20_010);
    await pool.ready;
  });
  const get = (uuid: string, caller = 'alice') => pool.send('GET', `/compute/${uuid}`, { caller });

  test('takes one native call, in a new process too', async () => {
    const { cloud, table } = pool;
    for (const number of [3, 0, 19_999]) {
      expect((await get(cloud.uuidOf(number))).statusCode).toBe(200);
      expect(cloud.take()).toEqual(['get']);
    }
    const other = startPool({ uuids: 'all', table });
    own(other.cloud, 'alice', 0, 20);
    expect((await other.send('GET', `/compute/${cloud.uuidOf(12)}`)).statusCode).toBe(200);
    expect(other.cloud.take()).toEqual(['get']);
  });

  test('writes its row', async () => {
    const { cloud, table } = pool;
    const uuid = cloud.uuidOf(11);
    await get(uuid);
    expect(await table.get({ pk: partitionsOf('dummy', 'pool').tenant('alice'), sk: `entity#${uuid}` })).toMatchObject({
      kind: 'compute',
      native: '00000000-0000-4000-8000-00000000000b',
    });
  });

  test('is the same for an id of another tenant, for one that nobody has, and for one of another cloud', async () => {
    const { cloud, table } = pool;
    cloud.machines.delete(6);
    const answers: unknown[] = [];
    for (const uuid of [cloud.uuidOf(5), cloud.uuidOf(6), cloud.uuidOf(70_000), unknown(1)]) {
      const { statusCode, body } = await get(uuid, 'mallory');
      answers.push([statusCode, body.replace(uuid, 'ID'), cloud.take()]);
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toEqual([404, expect.any(String), ['get']]);
    expect((await table.query(partitionsOf('dummy', 'pool').tenant('mallory'), '')).items).toEqual([]);
  });

  test('finds all that a listing shows', async () => {
    const { body } = await pool.send('GET', '/compute/', { accept: 'text/uri-list', caller: 'mallory' });
    const paths = body
      .trim()
      .split(/\s+/)
      .map((url) => new URL(url).pathname);
    expect(paths).toHaveLength(10);
    for (const path of paths) expect((await pool.send('GET', path, { caller: 'mallory' })).statusCode).toBe(200);
  });

  test('makes a bounded number of calls for many ids in one request', async () => {
    const { cloud, send } = pool;
    own(cloud, 'mallory', 0, 990);
    const names = Array.from({ length: 500 }, (_, n) => `X-OCCI-Location: /compute/${cloud.uuidOf(n)}`);
    const body = [...names, `X-OCCI-Location: /compute/${unknown(1)}`].join('\n');
    expect((await send('DELETE', '/compute/', { body, caller: 'mallory' })).statusCode).toBe(400);
    // The collection is listed by ten pages, and the ids are looked for in as many more.
    expect(cloud.take().length).toBeLessThan(40);
    expect(cloud.machines.size).toBe(20_010);
  });

  test('fails as the cloud does, and is no 404 then', async () => {
    const { cloud } = pool;
    cloud.pace = async () => {
      throw new Error('broken');
    };
    expect((await get(cloud.uuidOf(3))).statusCode).toBe(500);
  });
});

describe('Where some native ids are others than random UUIDs, the first look at an id', () => {
  let pool: ReturnType<typeof startPool>;
  beforeEach(async () => {
    pool = startPool({ uuids: 'mixed' });
    own(pool.cloud, 'alice', 0, 200);
    await pool.ready;
  });
  const get = (uuid: string) => pool.send('GET', `/compute/${uuid}`);

  test('takes one native call for a UUID', async () => {
    const { cloud } = pool;
    expect((await get(cloud.uuidOf(4))).statusCode).toBe(200);
    expect(cloud.take()).toEqual(['get']);
  });

  test('finds others in a listing', async () => {
    const { cloud } = pool;
    expect((await get(cloud.uuidOf(7))).statusCode).toBe(200);
    expect(cloud.take()).toEqual(['get', 'ids', 'ids', 'get']);
    expect((await get(cloud.uuidOf(7))).statusCode).toBe(200);
    expect(cloud.take()).toEqual(['get']);
  });

  test('is 404 for one that nobody has', async () => {
    expect((await get(unknown(1))).statusCode).toBe(404);
    expect((await get(pool.cloud.uuidOf(4000))).statusCode).toBe(404);
  });
});
