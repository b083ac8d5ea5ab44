/** The same over the table that runs on AWS (ADR-9): what its marshalling, limits and pages might change. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sharedReads } from '../../../lib/table/shared-reads.ts';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { dynaliteTable } from '../mapping/dynalite-table.ts';
import {
  action,
  CRTP,
  category,
  collection,
  entity,
  INFRASTRUCTURE,
  list,
  make,
  plain,
  RENDERINGS,
  read,
} from './payloads.ts';

let endpoint: Endpoint;
let stop: () => Promise<void>;
beforeAll(async () => {
  const running = await dynaliteTable();
  stop = running.stop;
  endpoint = await startEndpoint({ table: sharedReads(running.table) });
});
afterAll(async () => {
  await endpoint.stop();
  await stop();
});

const TAG = 'http://example.org/tags#mine';

test.each(RENDERINGS)('a machine with all that belongs to it lives its whole life, in %s', async (mediaType) => {
  await endpoint.send('POST', '/-/', plain(`Category: ${category(TAG, 'mixin')}; location="/mine/"`));
  const disk = await make(endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1.5 } });
  const [network] = await list(endpoint, '/network/');
  const links = [
    { kind: 'storagelink', target: disk, attributes: { 'occi.storagelink.mountpoint': '/srv' } },
    { kind: 'networkinterface', target: network! },
  ];
  const attributes = { 'occi.core.title': 'web', 'occi.core.summary': 'front', 'occi.compute.share': 0 };
  const whole = entity(mediaType, { kind: 'compute', mixins: [`${CRTP}small`, TAG], attributes, links });
  expect((await endpoint.send('PUT', '/compute/web', whole)).status).toBe(201);
  expect(await read(endpoint, '/compute/web')).toMatchObject({
    title: 'web',
    summary: 'front',
    mixins: expect.arrayContaining([TAG]),
    attributes: { 'occi.compute.memory': 1, 'occi.compute.share': 0 },
    links: [{ attributes: { 'occi.storagelink.mountpoint': '/srv' } }, {}],
  });
  expect(await list(endpoint, '/compute/')).toEqual(['/compute/web']);
  expect(await list(endpoint, '/mine/')).toEqual(['/compute/web']);
  const stop = `${INFRASTRUCTURE.replace('#', '')}/compute/action#stop`;
  expect((await endpoint.send('POST', '/compute/web?action=stop', action(mediaType, stop))).status).toBe(200);
  const back = await endpoint.send('GET', '/compute/web', { headers: { Accept: 'application/occi+json' } });
  const put = {
    headers: { 'Content-Type': 'application/occi+json', Accept: 'application/occi+json' },
    body: back.body,
  };
  expect((await endpoint.send('PUT', '/compute/web', put)).body).toBe(back.body);
  expect((await endpoint.send('DELETE', '/?all=true')).status).toBe(200);
  expect(await list(endpoint, '/compute/')).toEqual([]);
  expect(await list(endpoint, '/storagelink/')).toEqual([]);
});

test('an idempotency key works across it', async () => {
  const create = entity('text/plain', { kind: 'network' });
  const call = { ...create, headers: { ...create.headers, 'Idempotency-Key': 'k' } };
  const replies = await Promise.all([1, 2, 3].map(() => endpoint.send('POST', '/network/', call)));
  const statuses = replies.map(({ status }) => status).toSorted();
  expect(statuses[0]).toBe(201);
  expect(statuses.every((status) => [201, 409].includes(status))).toBe(true);
  const last = await endpoint.send('POST', '/network/', call);
  expect(last.headers.location).toBe(replies.find(({ status }) => status === 201)!.headers.location);
});

describe('Values that DynamoDB is particular about', () => {
  const values: Record<string, Record<string, string | number>> = {
    'a number of seventeen digits': { 'occi.compute.memory': 0.30000000000000004 },
    'a tiny number': { 'occi.compute.speed': 5e-324 },
    'a number below what it holds': { 'occi.compute.speed': 1e-200 },
    'minus zero': { 'occi.compute.speed': -0 },
    'an empty text': { 'occi.core.title': '', 'occi.core.summary': '' },
    'characters beyond the first plane': { 'occi.core.title': '😀 naïve ß', 'occi.core.summary': '😀' },
    'a long text': { 'occi.core.title': 'ü'.repeat(1024), 'occi.core.summary': '😀'.repeat(2048) },
  };
  test.each(Object.entries(values))('%s comes back as it was, or is refused', async (_, attributes) => {
    const reply = await endpoint.send(
      'POST',
      '/compute/',
      entity('application/occi+json', { kind: 'compute', attributes }),
    );
    expect([201, 400, 413]).toContain(reply.status);
    if (typeof Object.values(attributes)[0] === 'string') expect(reply.status).toBe(201);
    if (reply.status !== 201) return;
    const { title, summary, attributes: after } = JSON.parse(reply.body);
    const all = { ...after, 'occi.core.title': title, 'occi.core.summary': summary };
    for (const [name, value] of Object.entries(attributes)) expect(all[name] === value || [name, all[name]]).toBe(true);
    await endpoint.send('DELETE', '/compute/?all=true');
  });

  test('paths and names longer than a key are not found', async () => {
    const long = 'x'.repeat(1800);
    expect((await endpoint.send('GET', `/${long}`)).status).toBe(404);
    expect((await endpoint.send('GET', `/${long}/`)).status).toBe(404);
    expect((await endpoint.send('PUT', `/compute/${long}`, entity('text/plain', { kind: 'compute' }))).status).toBe(
      413,
    );
    const tag = `Category: t; scheme="http://example.org/${long}#"; class="mixin"; location="/long/"`;
    expect((await endpoint.send('POST', '/-/', plain(tag))).status).toBe(413);
    expect(await list(endpoint, '/compute/')).toEqual([]);
  });
});

test('a listing longer than a page of the table is whole', async () => {
  const mixins = [`${INFRASTRUCTURE.replace('#', '')}/compute#user_data`];
  const attributes = { 'occi.compute.userdata': 'eHh4'.repeat(12_500) };
  for (let n = 0; n < 2; n++) {
    const resources = Array.from({ length: 15 }, () => ({ kind: `${INFRASTRUCTURE}compute`, mixins, attributes }));
    expect((await endpoint.send('POST', '/compute/', collection({ resources }))).status).toBe(201);
  }
  expect(await list(endpoint, '/compute/')).toHaveLength(30);
  const { resources } = JSON.parse(
    (await endpoint.send('GET', '/compute/', { headers: { Accept: 'application/json' } })).body,
  );
  expect(resources).toHaveLength(30);
  expect((await endpoint.send('DELETE', '/compute/?all=true')).status).toBe(200);
  expect(await list(endpoint, '/compute/')).toEqual([]);
});
