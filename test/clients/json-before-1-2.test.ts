/**
 * JSON for clients of before 1.2: who gets it, and that all they do works in it. How rOCCI-core reads it, and where that
 * ends with an error, is in `rocci-json.ts`. CLIENT-28.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Endpoint, type Reply, startEndpoint } from '../endpoint.ts';
import { addressedNetwork, make, makeLinkedMachine, makeVolume } from './payloads.ts';
import { createdAt, mediaTypeOf, ROCCI } from './rocci.ts';
import { readJsonEntities, readJsonModel } from './rocci-json.ts';
import { INFRASTRUCTURE } from './seen.ts';

const OLD: string = ROCCI['User-Agent'];
const ACTIONS = 'http://schemas.ogf.org/occi/infrastructure/compute/action#';
const LARGE = 'http://schemas.ogf.org/occi/infrastructure/compute/template/1.1#large';

let endpoint: Endpoint;
let machine: string;
let volume: string;
beforeAll(async () => {
  endpoint = await startEndpoint();
  ({ machine, volume } = await makeLinkedMachine(endpoint));
});
afterAll(() => endpoint.stop());

const headersFor = (agent: string, accept = 'application/occi+json') => ({
  'User-Agent': agent,
  'Content-Type': 'application/occi+json',
  Accept: accept,
});
const get = (path: string, agent = OLD, more: Record<string, string> = {}) =>
  endpoint.send('GET', path, { headers: { ...headersFor(agent), ...more } });
const send = (method: string, path: string, body: unknown, agent = OLD) =>
  endpoint.send(method, path, { headers: headersFor(agent), body: JSON.stringify(body) });
const pathOf = (url: string) => url.replace(endpoint.url, '');
const isOld = (reply: Reply) =>
  Object.keys(JSON.parse(reply.body)).every((member) => /^(resources|links)$/.test(member));

describe('who gets it', () => {
  test.each(['OCCI/1.1', OLD, 'curl/8 OCCI/1.0', 'OCCI/1.0 OCCI/1.1'])('%s does', async (agent) => {
    expect(isOld(await get(machine, agent))).toBe(true);
  });

  test.each(['', 'curl/8', 'OCCI/1.2', 'OCCI/1.1 OCCI/1.2', 'x/1.1 OCCI', 'OCCI/1.2 OCCI/1.1'])(
    '%s does not',
    async (agent) => {
      const reply = await get(machine, agent);
      expect(isOld(reply)).toBe(false);
      expect(JSON.parse(reply.body)).toMatchObject({ id: expect.stringMatching(/^urn:uuid:/) });
    },
  );

  test.each(['application/occi+json', 'application/json'])('in %s, as it was asked for', async (type) => {
    const reply = await endpoint.send('GET', machine, { headers: headersFor(OLD, type) });
    expect([reply.headers['content-type'], isOld(reply)]).toEqual([type, true]);
  });

  test('a collection by pages, an empty one, and HEAD', async () => {
    for (const [path, empty] of [
      ['/compute/', { resources: [] }],
      ['/storagelink/', { links: [] }],
    ] as const) {
      const first = await get(`${path}?page=1&number=1`);
      const { resources, links } = JSON.parse(first.body);
      expect([path, first.status, (path === '/compute/' ? resources : links).length]).toEqual([path, 200, 1]);
      expect(JSON.parse((await get(`${path}?page=9&number=50`)).body)).toEqual(empty);
      const [whole, head] = [await get(path), await endpoint.send('HEAD', path, { headers: headersFor(OLD) })];
      expect([head.status, head.body, head.headers.etag]).toEqual([200, '', whole.headers.etag]);
    }
    expect(JSON.parse((await get('/ipreservation/')).body)).toEqual({ resources: [] });
  });

  test('text is the same for all', async () => {
    for (const type of ['text/plain', 'text/occi', 'text/uri-list']) {
      const path = type === 'text/uri-list' ? '/compute/' : machine;
      const [old, now] = [OLD, 'OCCI/1.2'].map((agent) =>
        endpoint.send('GET', path, { headers: { 'User-Agent': agent, Accept: type } }),
      );
      expect((await old!).body).toBe((await now!).body);
    }
  });

  test('the query interface for everybody, and HEAD', async () => {
    const open = await startEndpoint({ settings: { auth: [{ gateway: { from: 'jwt' } }], discovery: 'everybody' } });
    const reply = await open.send('GET', '/-/', { headers: headersFor(OLD) });
    expect(readJsonModel(reply).map(({ term }) => term)).toContain('compute');
    const head = await open.send('HEAD', '/-/', { headers: headersFor(OLD) });
    expect([head.status, head.headers.etag]).toEqual([200, reply.headers.etag]);
    await open.stop();
  });

  test('an error is one sentence in JSON, as ever', async () => {
    const reply = await get('/compute/none');
    expect([reply.status, mediaTypeOf(reply)]).toEqual([404, 'application/occi+json']);
    expect(JSON.parse(reply.body)).toMatchObject({ code: 404, message: expect.stringContaining('/compute/none') });
  });
});

describe('caches', () => {
  test('are told that the answer depends on User-Agent', async () => {
    for (const path of [machine, '/compute/', '/-/', '/compute/none'])
      expect((await get(path)).headers.vary).toContain('User-Agent');
  });

  test.each([() => machine, () => '/compute/', () => '/-/'])('have another entity tag for each form', async (path) => {
    const [old, now] = [await get(path()), await get(path(), 'OCCI/1.2')];
    expect(old.headers.etag).not.toBe(now.headers.etag);
    const tag = { 'If-None-Match': old.headers.etag! };
    expect((await get(path(), OLD, tag)).status).toBe(304);
    expect((await get(path(), 'OCCI/1.2', tag)).status).toBe(200);
  });

  test('a change may be conditional on the tag of either form', async () => {
    const { etag } = (await get(machine)).headers;
    const change = { kind: `${INFRASTRUCTURE}compute`, attributes: { 'occi.core.title': 'changed' } };
    const headers = { ...headersFor(OLD), 'If-Match': etag! };
    const body = JSON.stringify(change);
    expect((await endpoint.send('POST', machine, { headers, body })).status).toBe(200);
    expect((await endpoint.send('POST', machine, { headers, body })).status).toBe(412);
    const listed = (await get('/network/')).headers.etag!;
    const create = {
      headers: { ...headers, 'If-Match': listed },
      body: '{"kind":"http://schemas.ogf.org/occi/infrastructure#network"}',
    };
    expect((await endpoint.send('POST', '/network/', create)).status).toBe(201);
    expect((await endpoint.send('POST', '/network/', create)).status).toBe(412);
  });
});

describe('what the client does', () => {
  test('it finds kinds, what they are related to, and actions in the model (CLIENT-31)', async () => {
    const model = readJsonModel(await get('/-/'));
    const of = (term: string) => model.find((one) => one.term === term)!;
    expect(of('compute')).toMatchObject({ location: '/compute/', rel: ['http://schemas.ogf.org/occi/core#resource'] });
    expect(of('storagelink').rel).toEqual(['http://schemas.ogf.org/occi/core#link']);
    expect(of('large').rel).toEqual([`${INFRASTRUCTURE}resource_tpl`]);
    expect(of('compute').attributes).toEqual(expect.arrayContaining(['occi.core.title', 'occi.compute.state']));
    const actions = model.map(({ id }) => id).filter((id) => id.includes('/action#'));
    const terms = actions.map((id) => id.split('#')[1]);
    expect(terms).toContain('start');
    expect(new Set(terms).size).toBe(terms.length);
  });

  test('it describes a machine with its links, which are whole', async () => {
    const { resources } = readJsonEntities(await get(machine));
    expect(resources).toHaveLength(1);
    expect(resources[0]!.links.map(({ kind }) => kind!.split('#')[1])).toEqual(['storagelink', 'networkinterface']);
    expect(resources[0]!.links[0]).toMatchObject({ source: machine, target: volume, rel: `${INFRASTRUCTURE}storage` });
  });

  test('it describes all machines, one link, and everything at once', async () => {
    await make(endpoint, 'compute');
    const all = readJsonEntities(await get('/compute/'));
    expect(all.resources.length).toBeGreaterThan(1);
    const described = all.resources.find(({ location }) => location === machine)!;
    expect(described.links.map(({ location }) => location)).toEqual(all.links.map(({ location }) => location));
    const { location } = all.links[0]!;
    expect(readJsonEntities(await get(location))).toMatchObject({ resources: [], links: [{ source: machine }] });
    const everything = readJsonEntities(await get('/'));
    expect(everything.resources.map((one) => one.location)).toEqual(expect.arrayContaining([machine, volume]));
  });

  test('it creates and finds the new entity in Location (CLIENT-4)', async () => {
    const id = 'ec2b33cf-6d06-42a1-91df-dd62b03265b5';
    const attributes = { occi: { core: { id, title: 'st1' }, storage: { size: 1.0 } } };
    const created = await send('POST', '/storage/', {
      resources: [{ kind: `${INFRASTRUCTURE}storage`, attributes, id }],
    });
    expect([created.status, created.body]).toEqual([201, created.body]);
    const { resources } = readJsonEntities(created);
    expect(createdAt(created)).toBe(endpoint.url + resources[0]!.location);
    expect(resources[0]!.attributes).toMatchObject({ 'occi.core.title': 'st1', 'occi.storage.size': 1 });
    const link = {
      kind: `${INFRASTRUCTURE}storagelink`,
      attributes: { occi: { core: { source: machine, target: resources[0]!.location } } },
      rel: `${INFRASTRUCTURE}storage`,
    };
    const linked = await send('POST', '/storagelink/', { links: [link] });
    expect(readJsonEntities(linked).links).toMatchObject([{ source: machine }]);
    expect((await endpoint.send('DELETE', pathOf(createdAt(linked)!), { headers: headersFor(OLD) })).status).toBe(200);
  });

  test('it updates with a mixin alone and finds the location of the machine in the body (CLIENT-26)', async () => {
    const [scheme, term] = [LARGE.slice(0, -'large'.length), 'large'];
    const path = await make(endpoint, 'compute');
    const updated = await send('POST', path, {
      mixins: [{ scheme, term, title: 'Large', attributes: {}, related: [] }],
    });
    expect(updated.status).toBe(200);
    const [resource] = readJsonEntities(updated).resources;
    expect(resource).toMatchObject({ location: path, mixins: expect.arrayContaining([LARGE]) });
  });

  test('it acts, and a saved image is the mixin in the answer', async () => {
    const path = await make(endpoint, 'compute');
    const stopped = await send('POST', `${path}?action=stop`, { action: `${ACTIONS}stop`, attributes: {} });
    expect([stopped.status, readJsonEntities(stopped).resources.length]).toEqual([200, 1]);
    const saved = await send('POST', `${path}?action=save`, { action: `${ACTIONS}save`, attributes: { name: '42' } });
    expect([saved.status, readJsonModel(saved).map(({ rel }) => rel)]).toEqual([200, [[`${INFRASTRUCTURE}os_tpl`]]]);
  });

  test('what it was shown it may send back, whole or in part', async () => {
    const network = await addressedNetwork(endpoint);
    for (const path of [machine, volume, network]) {
      const shown = await get(path);
      for (const method of ['PUT', 'POST']) {
        const again = await send(method, path, JSON.parse(shown.body));
        expect([method, again.status, again.body]).toEqual([method, 200, shown.body]);
      }
    }
    const { location } = readJsonEntities(await get(machine)).links[0]!;
    const link = await get(location);
    for (const method of ['PUT', 'POST'])
      expect((await send(method, location, JSON.parse(link.body))).body).toBe(link.body);
  });

  test('a whole entity with a link that is not there yet is refused, and nothing is changed', async () => {
    const other = await makeVolume(endpoint);
    const shown = await get(machine);
    const { resources, links } = JSON.parse(shown.body);
    const link = { kind: `${INFRASTRUCTURE}storagelink`, source: machine, target: other };
    expect((await send('PUT', machine, { resources, links: [...links, link] })).status).toBe(400);
    expect((await send('PUT', machine, { resources: [...resources, ...resources] })).status).toBe(400);
    expect((await send('PUT', '/compute/chosen', { resources: [...resources, ...resources] })).status).toBe(400);
    expect((await get(machine)).body).toBe(shown.body);
  });
});
