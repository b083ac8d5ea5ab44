import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { category, filter, INFRASTRUCTURE } from './payloads.ts';

let endpoint: Endpoint;
beforeAll(async () => {
  endpoint = await startEndpoint();
});
afterAll(() => endpoint.stop());

const get = (accept: string, more: Record<string, string> = {}) =>
  endpoint.send('GET', '/-/', { headers: { Accept: accept, ...more } });
const headerBytes = (headers: Readonly<Record<string, string>>) =>
  Object.entries(headers).reduce((sum, [name, value]) => sum + name.length + value.length, 0);

describe('Discovery of the embedded cloud', () => {
  test('in text/occi stays under 16,000 bytes of headers (ADR-11), with the body OK (TXT-22)', async () => {
    const { status, headers, body } = await get('text/occi');
    expect([status, body]).toEqual([200, 'OK\n']);
    expect(headerBytes(headers)).toBeLessThan(16_000);
  });

  test('over the limit for headers is 406 that names what will do, never cut (TXT-25)', async () => {
    const narrow = await startEndpoint({ settings: { limits: { responseHeaderBytes: 4096 } } });
    try {
      const reply = await narrow.send('GET', '/-/', { headers: { Accept: 'text/occi' } });
      expect([reply.status, reply.body]).toEqual([406, expect.stringMatching(/text\/plain.*application\/occi\+json/)]);
      const small = filter(['Category', category(`${INFRASTRUCTURE}compute`, 'kind')], ['Accept', 'text/occi']);
      expect((await narrow.send('GET', '/-/', small)).status).toBe(200);
    } finally {
      await narrow.stop();
    }
  });

  test('tells the same in every rendering', async () => {
    const text = (await get('text/plain')).body.split(/\r?\n/).filter(Boolean);
    const occi = (await get('text/occi')).headers.category!;
    expect(occi.split(/, ?/)).toEqual(text.map((line) => line.replace('Category: ', '')));
    const { kinds, mixins, actions } = JSON.parse((await get('application/occi+json')).body);
    expect(kinds.length + mixins.length + actions.length).toBe(text.length);
    expect((await get('application/json')).body).toBe((await get('application/occi+json')).body);
  });

  test('is written as the suites read it: parameters in order, quoted, parted by "; " (SUITE-1, ADR-19)', async () => {
    const lines = (await get('text/plain')).body.split(/\r?\n/).filter(Boolean);
    for (const line of lines) {
      expect(line).toMatch(
        /^Category: [A-Za-z0-9._-]+; scheme="[a-z0-9:./#_-]+"; class="(kind|mixin|action)"; title="[^",;\\]+"(; rel="\S+")?(; location="\/\S*\/")?(; attributes="[^"]+")?(; actions="[^"]+")?$/,
      );
    }
  });

  test('of compute alone holds no comma at all (SUITE-3)', async () => {
    const { body } = await get('text/plain', { Category: category(`${INFRASTRUCTURE}compute`, 'kind') });
    expect(body).not.toContain(',');
    expect(body).toContain('attributes="occi.core.id{immutable required} occi.core.title');
  });

  test('relates templates to one base each (SUITE-7, TXT-19)', async () => {
    const { body } = await get('text/plain');
    expect(body).toMatch(
      /Category: debian12; .* rel="http:\/\/schemas\.ogf\.org\/occi\/infrastructure#os_tpl"; location="\/mixin\/os_tpl\/debian12\/"/,
    );
    expect(body).not.toMatch(/class="mixin"[^\n]*rel="[^"]* /);
  });

  test('in JSON tells depends, applies, patterns and defaults (JSON-6 to JSON-13)', async () => {
    const { kinds, mixins } = JSON.parse((await get('application/occi+json')).body);
    const by = (list: { term: string }[], term: string) => list.find((one) => one.term === term);
    expect(by(kinds, 'entity')).not.toHaveProperty('location');
    expect(by(kinds, 'compute')).toMatchObject({
      parent: 'http://schemas.ogf.org/occi/core#resource',
      location: '/compute/',
      attributes: {
        'occi.compute.cores': { mutable: true, required: false, type: 'number', pattern: { type: 'integer' } },
      },
    });
    expect(by(mixins, 'small')).toMatchObject({
      depends: [`${INFRASTRUCTURE}resource_tpl`],
      applies: [`${INFRASTRUCTURE}compute`],
      attributes: { 'occi.compute.memory': { default: 1 } },
    });
    for (const mixin of mixins) expect(mixin.location).toMatch(/^\/\S+\/$/);
  });
});
