import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { KIND_TERMS, KINDS } from '../../../lib/occi/kinds/index.ts';
import type { AttributeValue, Kind } from '../../../lib/occi/types.ts';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import {
  action,
  entity,
  INFRASTRUCTURE,
  list,
  type MediaType,
  make,
  OS_TPL,
  pathOf,
  RENDERINGS,
  read,
} from './payloads.ts';

let endpoint: Endpoint;
let path: string;
const start = async (options: Parameters<typeof startEndpoint>[0] = {}) => {
  endpoint = await startEndpoint(options);
  path = await make(endpoint, { kind: 'compute', attributes: { 'occi.core.title': 'web' } });
};
beforeEach(() => start());
afterEach(() => endpoint.stop());

const COMPUTE = `${INFRASTRUCTURE.replace('#', '')}/compute/action#`;
const act = (term: string, call = action('text/plain', COMPUTE + term), on = path) =>
  endpoint.send('POST', `${on}?action=${term}`, call);

describe('save (INF-4)', () => {
  test.each(RENDERINGS)(
    'answers the new template, which is usable and discoverable at once, in %s',
    async (mediaType) => {
      await endpoint.send('GET', '/-/');
      const reply = await act('save', action(mediaType, `${COMPUTE}save`, { name: 'golden', method: 'hot' }));
      expect(reply.status).toBe(200);
      const said = mediaType === 'text/occi' ? reply.headers.category! : reply.body;
      const term = /golden-[0-9a-f]+/.exec(said)![0];
      expect((await endpoint.send('GET', '/-/')).body).toContain(`${term}; scheme="${OS_TPL}"; class="mixin"`);
      const copy = await make(endpoint, { kind: 'compute', mixins: [OS_TPL + term] });
      expect(await list(endpoint, `/mixin/os_tpl/${term}/`)).toEqual([copy]);
    },
  );
});

describe('States (ADR-13)', () => {
  test.each(['extended', 'standard'] as const)('%s: a machine that boots', async (states) => {
    await endpoint.stop();
    await start({ settings: { states }, cloud: { bootDelay: 60 } });
    const { attributes, actions = [] } = await read(endpoint, path);
    expect(attributes['occi.compute.state']).toBe(states === 'extended' ? 'waiting' : 'inactive');
    expect(attributes['occi.compute.state.message']).toBeDefined();
    expect(actions).toEqual([]);
    expect((await act('start')).status).toBe(409);
    const whole = await endpoint.send('GET', path, { headers: { Accept: 'application/occi+json' } });
    const headers = { 'Content-Type': 'application/occi+json' };
    expect((await endpoint.send('PUT', path, { headers, body: whole.body })).status).toBe(200);
    const filter = { headers: { 'X-OCCI-Attribute': `occi.compute.state="${attributes['occi.compute.state']}"` } };
    expect(await list(endpoint, '/compute/', filter)).toEqual([path]);
  });
});

describe('The state in a create (CORE-26)', () => {
  const initial = KIND_TERMS.map((term) => {
    const { attribute, initial: state } = (KINDS[term] as Kind).life!;
    return [term, attribute, state] as const;
  });
  const post = (kind: string, mediaType: MediaType, attributes: Record<string, AttributeValue>) => {
    const needed: Readonly<Record<string, Readonly<Record<string, AttributeValue>>>> = {
      networkinterface: { 'occi.core.source': path, 'occi.core.target': network },
      storagelink: { 'occi.core.source': path, 'occi.core.target': storage },
      securitygrouplink: { 'occi.core.source': path, 'occi.core.target': group },
      storage: { 'occi.storage.size': 1 },
    };
    return endpoint.send(
      'POST',
      `/${kind}/`,
      entity(mediaType, { kind, attributes: { ...needed[kind], ...attributes } }),
    );
  };
  let [network, storage, group] = ['', '', ''];
  beforeEach(async () => {
    network = await make(endpoint, { kind: 'network' });
    storage = await make(endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
    group = await make(endpoint, { kind: 'securitygroup' });
  });

  describe.each(RENDERINGS)('in %s', (mediaType) => {
    test.each(initial)('a new %s may say that %s is %s, as it will be', async (kind, attribute, state) => {
      const { status, headers } = await post(kind, mediaType, { [attribute]: state });
      expect(status).toBe(201);
      expect((await read(endpoint, pathOf(headers.location!))).attributes[attribute]).toBe(state);
    });

    test.each(initial)('a new %s cannot choose another value of %s than %s', async (kind, attribute) => {
      const before = await list(endpoint, `/${kind}/`);
      const { status, body, headers } = await post(kind, mediaType, { [attribute]: 'error' });
      expect([status, body || headers['x-occi-error']]).toEqual([403, expect.stringContaining(attribute)]);
      expect(await list(endpoint, `/${kind}/`)).toEqual(before);
    });
  });

  test('an inline link may say it too', async () => {
    const links = [
      { kind: 'networkinterface', target: network, attributes: { 'occi.networkinterface.state': 'active' } },
    ];
    await expect(make(endpoint, { kind: 'compute', links })).resolves.toBeDefined();
    const other = links.map((link) => ({ ...link, attributes: { 'occi.networkinterface.state': 'inactive' } }));
    await expect(make(endpoint, { kind: 'compute', links: other })).rejects.toThrow('403');
  });

  test('a machine that boots for a while is waiting first, whatever its create says', async () => {
    await endpoint.stop();
    await start({ cloud: { bootDelay: 60 } });
    const made = await make(endpoint, { kind: 'compute', attributes: { 'occi.compute.state': 'active' } });
    expect((await read(endpoint, made)).attributes['occi.compute.state']).toBe('waiting');
  });

  test('PUT on an empty path takes it as POST does; on an entity it may only repeat the present one', async () => {
    const put = (at: string, state: string) =>
      endpoint.send('PUT', at, entity('text/plain', { kind: 'compute', attributes: { 'occi.compute.state': state } }));
    expect((await put('/compute/mine', 'inactive')).status).toBe(403);
    expect((await put('/compute/mine', 'active')).status).toBe(201);
    expect((await put('/compute/mine', 'active')).status).toBe(200);
    await act('stop', undefined, '/compute/mine');
    expect((await put('/compute/mine', 'active')).status).toBe(403);
    expect((await put('/compute/mine', 'inactive')).status).toBe(200);
  });
});
