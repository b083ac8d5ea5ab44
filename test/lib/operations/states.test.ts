import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { action, INFRASTRUCTURE, list, make, OS_TPL, RENDERINGS, read } from './payloads.ts';

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

describe('States (decision 13)', () => {
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
