/** Parts of what was read that a client sends back: they do nothing, so they must be true. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Call, type Endpoint, startEndpoint } from '../../endpoint.ts';
import { category, collection, INFRASTRUCTURE, list, make, plain } from './payloads.ts';

let endpoint: Endpoint;
let [web, db, net] = ['', '', ''];
beforeAll(async () => {
  endpoint = await startEndpoint();
  web = await make(endpoint, { kind: 'compute' });
  db = await make(endpoint, { kind: 'compute' });
  net = await make(endpoint, { kind: 'network' });
});
afterAll(() => endpoint.stop());

const KIND = `Category: ${category(`${INFRASTRUCTURE}compute`, 'kind')}`;
const ACTIONS = INFRASTRUCTURE.replace('#', '/compute/action#');
const actionLink = (path: string, term: string, rel = ACTIONS + term) => `Link: <${path}?action=${term}>; rel="${rel}"`;
const refusal = async (method: string, path: string, call: Call, says: string) => {
  const before = await list(endpoint, '/');
  const reply = await endpoint.send(method, path, call);
  expect([reply.status, reply.body]).toEqual([400, expect.stringContaining(says)]);
  expect(await list(endpoint, '/')).toEqual(before);
};

describe('An action link', () => {
  test.each(['POST', 'PUT'])('of the entity itself is taken, by %s', async (method) => {
    for (const path of [web, endpoint.url + web]) {
      expect((await endpoint.send(method, web, plain(KIND, actionLink(path, 'stop')))).status).toBe(200);
    }
    const json = { kind: `${INFRASTRUCTURE}compute`, actions: [`${ACTIONS}stop`] };
    expect((await endpoint.send(method, web, collection(json))).status).toBe(200);
    const whole = await endpoint.send('GET', web);
    expect(whole.body).toContain('?action=stop');
    expect((await endpoint.send(method, web, plain(...whole.body.trim().split('\n')))).status).toBe(200);
  });

  test.each(['POST', 'PUT'])('of another entity is 400, by %s', async (method) => {
    for (const path of [db, `http://other.example.org${web}`, '/compute/none', `${net}`]) {
      await refusal(method, web, plain(KIND, actionLink(path, 'stop')), `is not of ${web}`);
    }
  });

  test.each(['POST', 'PUT'])('of an unknown action is 400, by %s', async (method) => {
    await refusal(method, web, plain(KIND, actionLink(web, 'nope')), 'compute has no action');
    await refusal(method, web, plain(KIND, actionLink(web, 'start', `${ACTIONS}stop`)), 'another action than its rel');
    const json = { kind: `${INFRASTRUCTURE}compute`, actions: [`${ACTIONS}stopp`] };
    await refusal(method, web, collection(json), `did you mean ${ACTIONS}stop?`);
  });

  test('of an unknown action is 400 in a create', async () => {
    await refusal('POST', '/compute/', plain(KIND, actionLink(web, 'nope')), 'compute has no action');
    await refusal('PUT', '/compute/new', plain(KIND, actionLink('/compute/new', 'nope')), 'compute has no action');
  });
});

describe('The location of a Category', () => {
  test('that is its own is taken', async () => {
    for (const location of ['/compute/', '/compute', `${endpoint.url}/compute/`]) {
      expect((await endpoint.send('POST', web, plain(`${KIND}; location="${location}"`))).status).toBe(200);
    }
  });

  test.each(['/network/', '/compute/x/'])('that is %s is 400', async (location) => {
    const call = plain(`${KIND}; location="${location}"`);
    await refusal('POST', '/compute/', call, 'is at /compute/, not at');
    await refusal('PUT', '/compute/new', call, 'is at /compute/, not at');
    await refusal('PUT', web, call, 'is at /compute/, not at');
  });
});

describe('In JSON', () => {
  test('related of a link is its rel, as in the first drafts', async () => {
    const kind = `${INFRASTRUCTURE}networkinterface`;
    const of = (related: string) => ({ kind: `${INFRASTRUCTURE}compute`, links: [{ kind, target: net, related }] });
    expect((await endpoint.send('POST', '/compute/', collection(of(`${INFRASTRUCTURE}network`)))).status).toBe(201);
    await refusal('POST', '/compute/', collection(of(`${INFRASTRUCTURE}storage`)), 'storage');
    const link = (related: string) => ({ kind, source: web, target: net, related });
    expect(
      (await endpoint.send('POST', '/networkinterface/', collection(link(`${INFRASTRUCTURE}network`)))).status,
    ).toBe(201);
    await refusal('POST', '/networkinterface/', collection(link(`${INFRASTRUCTURE}storage`)), 'storage');
  });

  test('related of a resource is refused', async () => {
    const call = collection({ kind: `${INFRASTRUCTURE}compute`, related: `${INFRASTRUCTURE}network` });
    await refusal('POST', '/compute/', call, 'occi.core.target.kind');
  });

  test('applies in the definition of a mixin is refused, as attributes and actions are', async () => {
    const mixin = { scheme: 'http://example.org/tags#', term: 'mine', location: '/mine/' };
    const applies = [`${INFRASTRUCTURE}network`];
    await refusal(
      'POST',
      '/-/',
      collection({ mixins: [{ ...mixin, applies }] }),
      'can have no attributes, actions or applies',
    );
    expect((await endpoint.send('POST', '/-/', collection({ mixins: [{ ...mixin, applies: [] }] }))).status).toBe(200);
  });
});
