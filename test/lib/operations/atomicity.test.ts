import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { OcciError } from '../../../lib/errors.ts';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { type Disturbance, disturbedTable, holdPut } from '../mapping/disturbed-table.ts';
import { collection, entity, INFRASTRUCTURE, list, make, plain, RENDERINGS, read } from './payloads.ts';

let endpoint: Endpoint;
let before: Disturbance;
async function start(cloud: Record<string, unknown>): Promise<void> {
  const disturbed = disturbedTable();
  before = disturbed.before;
  endpoint = await startEndpoint({ table: disturbed.table, cloud });
}
beforeEach(() => start({ quota: { compute: 3, storage: 2 } }));
afterEach(() => endpoint.stop());

const COMPUTE = { kind: `${INFRASTRUCTURE}compute` };
const STORAGE = { kind: `${INFRASTRUCTURE}storage`, attributes: { 'occi.storage.size': 1 } };
const post = (path: string, members: Record<string, unknown>) => endpoint.send('POST', path, collection(members));

describe('Several creates in one request are all or none (ADR-8, H11-23)', () => {
  test('when a later one is over the quota, none is left', async () => {
    const reply = await post('/compute/', { resources: [COMPUTE, COMPUTE, COMPUTE, COMPUTE] });
    expect(reply.status).toBe(409);
    expect(JSON.parse(reply.body).message).toContain('quota');
    expect(await list(endpoint, '/compute/')).toEqual([]);
    expect((await post('/compute/', { resources: [COMPUTE, COMPUTE, COMPUTE] })).status).toBe(201);
  });

  test('also across kinds', async () => {
    expect((await post('/', { resources: [COMPUTE, STORAGE, STORAGE, STORAGE] })).status).toBe(409);
    expect(await list(endpoint, '/compute/')).toEqual([]);
    expect(await list(endpoint, '/storage/')).toEqual([]);
  });

  test('a wrong one among them is found before the first is made', async () => {
    const wrong = { ...COMPUTE, attributes: { 'occi.compute.cores': 'many' } };
    endpoint.reset();
    expect((await post('/compute/', { resources: [COMPUTE, wrong] })).status).toBe(400);
    expect(await list(endpoint, '/compute/')).toEqual([]);
  });

  test('a link among them that cannot be made takes its resources with it', async () => {
    const id = 'urn:uuid:0c1c4d2e-5d0e-4a57-9f0b-0d2f4f1f8f0c';
    const disk = await make(endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
    await make(endpoint, { kind: 'compute', links: [{ kind: 'storagelink', target: disk }] });
    const link = { kind: `${INFRASTRUCTURE}storagelink`, source: { location: id }, target: { location: disk } };
    expect((await post('/', { resources: [{ ...COMPUTE, id }], links: [link] })).status).toBe(409);
    expect(await list(endpoint, '/compute/')).toHaveLength(1);
  });

  test('when the store fails for one, those before it and it itself are gone', async () => {
    let mappings = 0;
    before.put = ({ sk }) => {
      if (sk.startsWith('entity#') && ++mappings === 2) throw new OcciError('unavailable', 'The table is away.');
    };
    expect((await post('/compute/', { resources: [COMPUTE, COMPUTE, COMPUTE] })).status).toBe(503);
    expect(await list(endpoint, '/compute/')).toEqual([]);
  });

  test('what cannot be removed again is named in the error', async () => {
    await endpoint.stop();
    await start({ quota: { compute: 1 }, fail: { 'compute.remove': { failure: 'unavailable' } } });
    const reply = await post('/compute/', { resources: [COMPUTE, COMPUTE] });
    expect(reply.status).toBe(409);
    const [left] = await list(endpoint, '/compute/');
    expect(JSON.parse(reply.body).message).toContain(left);
  });
});

describe('What entities of one request say of each other (JSON-14)', () => {
  const A = 'urn:uuid:aaaaaaaa-5d0e-4a57-9f0b-0d2f4f1f8f0c';
  const B = 'urn:uuid:bbbbbbbb-5d0e-4a57-9f0b-0d2f4f1f8f0c';
  const inline = { kind: `${INFRASTRUCTURE}storagelink`, target: { location: B } };

  test('a link may lead from one to the other by the ids that the client proposed', async () => {
    const link = { kind: `${INFRASTRUCTURE}storagelink`, source: { location: A }, target: { location: B } };
    expect(
      (
        await post('/', {
          links: [link],
          resources: [
            { ...COMPUTE, id: A },
            { ...STORAGE, id: B },
          ],
        })
      ).status,
    ).toBe(201);
    const [compute] = await list(endpoint, '/compute/');
    const [storage] = await list(endpoint, '/storage/');
    expect((await read(endpoint, compute!)).links).toMatchObject([{ target: { location: storage } }]);
    expect((await read(endpoint, compute!)).id).not.toBe(A);
  });

  test.each(['before', 'after'])('an inline link may lead to one that stands %s it', async (place) => {
    const machine = { ...COMPUTE, links: [inline] };
    const disk = { ...STORAGE, id: B };
    expect((await post('/', { resources: place === 'before' ? [disk, machine] : [machine, disk] })).status).toBe(201);
    const [storage] = await list(endpoint, '/storage/');
    const [compute] = await list(endpoint, '/compute/');
    expect((await read(endpoint, compute!)).links).toMatchObject([{ target: { location: storage } }]);
  });

  test('two under one id are ambiguous, and a link to an id that none has is refused', async () => {
    expect(
      (
        await post('/', {
          resources: [
            { ...STORAGE, id: B },
            { ...STORAGE, id: B },
          ],
        })
      ).status,
    ).toBeGreaterThanOrEqual(400);
    expect((await post('/', { resources: [{ ...COMPUTE, links: [inline] }] })).status).toBe(400);
    expect(await list(endpoint, '/compute/')).toEqual([]);
    expect(await list(endpoint, '/storage/')).toEqual([]);
  });
});

describe('Inline links are made with their resource or not at all', () => {
  test.each(RENDERINGS)('at creation, in %s', async (mediaType) => {
    const disk = await make(endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
    const links = [
      { kind: 'storagelink', target: disk },
      { kind: 'storagelink', target: disk },
    ];
    const reply = await endpoint.send('POST', '/compute/', entity(mediaType, { kind: 'compute', links }));
    expect(reply.status).toBe(409);
    expect(await list(endpoint, '/compute/')).toEqual([]);
    await make(endpoint, { kind: 'compute', links: links.slice(0, 1) });
  });

  test.each(RENDERINGS)('in an update, together with its attributes, in %s', async (mediaType) => {
    const compute = await make(endpoint, { kind: 'compute', attributes: { 'occi.core.title': 'before' } });
    const free = await make(endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
    const taken = await make(endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
    await make(endpoint, { kind: 'compute', links: [{ kind: 'storagelink', target: taken }] });
    const links = [free, taken].map((target) => ({ kind: 'storagelink', target }));
    const attributes = { 'occi.core.title': 'after' };
    expect((await endpoint.send('POST', compute, entity(mediaType, { attributes, links }))).status).toBe(409);
    const { title, links: there = [] } = await read(endpoint, compute);
    expect({ title, there }).toEqual({ title: 'before', there: [] });
  });
});

test('a PUT while another one creates the entity at that path is refused, and does not get the other’s', async () => {
  const { held, letGo } = holdPut(before, ({ sk }) => sk.startsWith('c-'));
  const call = (title: string) =>
    plain(entity('text/plain', { kind: 'compute', attributes: { 'occi.core.title': title } }).body as string);
  const first = endpoint.send('PUT', '/compute/web', call('one'));
  await held;
  const second = endpoint.send('PUT', '/compute/web', call('two'));
  const early = await Promise.race([second, new Promise((resolve) => setTimeout(resolve, 3000))]);
  letGo();
  expect((await first).status).toBe(201);
  expect((await second).status).toBe(409);
  expect(early).toBeDefined();
  expect(await list(endpoint, '/compute/')).toEqual(['/compute/web']);
  expect((await read(endpoint, '/compute/web')).title).toBe('one');
});

test('a PUT that failed for want of the store can be repeated at once, and makes one entity (ADR-4)', async () => {
  const call = entity('text/plain', { kind: 'compute' });
  for (const lost of ['c-', 'entity#', 'annotation#']) {
    before.put = ({ sk }) => {
      if (sk.startsWith(lost)) throw new OcciError('unavailable', 'The table is away.');
    };
    expect((await endpoint.send('PUT', '/compute/web', call)).status).toBe(503);
    before.put = () => {};
    expect((await endpoint.send('PUT', '/compute/web', call)).status).toBe(201);
    expect(await list(endpoint, '/compute/')).toEqual(['/compute/web']);
    expect((await endpoint.send('DELETE', '/compute/web')).status).toBe(200);
  }
});
