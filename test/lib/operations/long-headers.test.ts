/** Answers in text/occi that do not fit into the headers that a gateway passes on (ADR-11). */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { category, filter, INFRASTRUCTURE, make } from './payloads.ts';

/** The default of a deployment. */
const DEPLOYED_BYTES = 10_240;

const OCCI = { Accept: 'text/occi' };
/** Bytes of what the functions have set; `Date` and `Connection` are the server's. */
const bytesOf = (headers: Readonly<Record<string, string>>): number =>
  Object.entries(headers)
    .filter(([name]) => !/^(date|connection|keep-alive|content-length)$/.test(name))
    .reduce((sum, [name, value]) => sum + name.length + Buffer.byteLength(value, 'latin1'), 0);

const limited = (responseHeaderBytes: number, more: Parameters<typeof startEndpoint>[0] = {}): Promise<Endpoint> =>
  startEndpoint({ ...more, settings: { limits: { responseHeaderBytes } } });

describe('Discovery in text/occi', () => {
  test('is given by the default of a deployment: without titles and attributes, and says so', async () => {
    const endpoint = await limited(DEPLOYED_BYTES);
    try {
      const { status, headers } = await endpoint.send('GET', '/-/', { headers: OCCI });
      expect([status, headers['x-occi-omitted']]).toEqual([200, 'titles, attributes']);
      expect(bytesOf(headers)).toBeLessThanOrEqual(DEPLOYED_BYTES);
      expect(headers.category).not.toMatch(/; (title|attributes)=/);
      expect(headers.category).toMatch(/; rel="[^"]+"; location="\/compute\/"; actions="/);
      const named = filter(['Category', category(`${INFRASTRUCTURE}compute`, 'kind')], ['Accept', 'text/occi']);
      const one = await endpoint.send('GET', '/-/', named);
      expect(one.headers).not.toHaveProperty('x-occi-omitted');
      expect(one.headers.category).toMatch(/; title="Compute".*; attributes=".*; actions="/);
    } finally {
      await endpoint.stop();
    }
  });

  test('is never 406 while its short form fits, and omits no more than it must', async () => {
    const widths = [6000, 7500, 8000, DEPLOYED_BYTES, 11_000, 11_600, 12_500, 14_000];
    const seen = new Map<number, [status: number, omitted: string | undefined, bytes: number]>();
    for (const width of widths) {
      const endpoint = await limited(width);
      const { status, headers } = await endpoint.send('GET', '/-/', { headers: OCCI });
      seen.set(width, [status, headers['x-occi-omitted'], bytesOf(headers)]);
      await endpoint.stop();
    }
    // The bytes of each form, from where it was given.
    const bytes = new Map([...seen.values()].filter(([status]) => status === 200).map(([, of, size]) => [of, size]));
    expect([...bytes.keys()].reverse()).toEqual([
      undefined,
      'titles',
      'titles, attributes',
      `titles, attributes, actions`,
    ]);
    for (const [width, [status, omitted, size]] of seen) {
      const fitting = [...bytes].filter(([, of]) => of <= width).at(-1);
      expect([width, status, omitted]).toEqual([width, fitting ? 200 : 406, fitting?.[0]]);
      if (status === 200) expect(size).toBeLessThanOrEqual(width);
    }
  });

  test('has one state in each of its forms: a change on its condition passes, and 304 is told of the same form', async () => {
    const endpoint = await limited(DEPLOYED_BYTES);
    try {
      const { headers } = await endpoint.send('GET', '/-/', { headers: OCCI });
      const tag = headers.etag!;
      expect(tag).toMatch(/^"[0-9a-f]{32}\.o2"$/);
      const again = await endpoint.send('GET', '/-/', { headers: { ...OCCI, 'If-None-Match': tag } });
      expect([again.status, again.headers['x-occi-omitted'], again.headers.category]).toEqual([
        304,
        undefined,
        undefined,
      ]);
      // A copy of the whole is another representation.
      const whole = await endpoint.send('GET', '/-/', {
        headers: { ...OCCI, 'If-None-Match': tag.replace('o2', 'o') },
      });
      expect(whole.status).toBe(200);
      const mixin = 'mine; scheme="http://example.org/tags#"; class="mixin"; location="/mine/"';
      const define = () =>
        endpoint.send('POST', '/-/', {
          headers: { 'Content-Type': 'text/occi', ...OCCI, Category: mixin, 'If-Match': tag },
        });
      expect((await define()).status).toBe(200);
      expect((await define()).status).toBe(412);
    } finally {
      await endpoint.stop();
    }
  });
});

describe('A machine with many links in text/occi', () => {
  const LINKS = 24;
  let endpoint: Endpoint;
  let machine: string;
  beforeAll(async () => {
    endpoint = await limited(DEPLOYED_BYTES);
    machine = await make(endpoint, { kind: 'compute' });
    for (let made = 0; made < LINKS; made++) {
      const target = await make(endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
      await make(endpoint, {
        kind: 'storagelink',
        attributes: { 'occi.core.source': machine, 'occi.core.target': target },
      });
    }
  });
  afterAll(() => endpoint.stop());

  test('has all of them, without what is read at each', async () => {
    const plain = await endpoint.send('GET', machine, { headers: { Accept: 'text/plain' } });
    const { status, headers } = await endpoint.send('GET', machine, { headers: OCCI });
    expect([status, headers['x-occi-omitted']]).toEqual([200, 'titles, link attributes']);
    expect(bytesOf(headers)).toBeLessThanOrEqual(DEPLOYED_BYTES);
    const selfIn = (text: string) => [...text.matchAll(/; self="([^"]+)"; category="/g)].map(([, self]) => self);
    expect(selfIn(headers.link!)).toHaveLength(LINKS);
    expect(selfIn(headers.link!)).toEqual(selfIn(plain.body));
    expect(headers.link).not.toContain('occi.core.id=');
    const actionsIn = (text: string) =>
      [...text.matchAll(/<[^>]+\?action=\w+>; rel="[^"]+"/g)].map(([action]) => action);
    expect(actionsIn(headers.link!)).toEqual(actionsIn(plain.body));
    const attributes = plain.body.match(/(?<=^X-OCCI-Attribute: ).*$/gm)!;
    expect(headers['x-occi-attribute']).toBe(attributes.join(','));
    const link = await endpoint.send('GET', selfIn(headers.link!)[0]!, { headers: OCCI });
    expect([link.status, link.headers['x-occi-omitted']]).toEqual([200, undefined]);
  });

  test('is the same for HEAD, and for an update, which is answered with it', async () => {
    const [got, head] = [
      await endpoint.send('GET', machine, { headers: OCCI }),
      await endpoint.send('HEAD', machine, { headers: OCCI }),
    ];
    expect([head.status, head.headers.link, head.headers.etag]).toEqual([200, got.headers.link, got.headers.etag]);
    const headers = { 'Content-Type': 'text/occi', ...OCCI, 'X-OCCI-Attribute': 'occi.core.title="new"' };
    const updated = await endpoint.send('POST', machine, { headers: { ...headers, 'If-Match': got.headers.etag! } });
    expect([updated.status, updated.headers['x-occi-omitted']]).toEqual([200, 'titles, link attributes']);
    expect(bytesOf(updated.headers)).toBeLessThanOrEqual(DEPLOYED_BYTES);
    expect(updated.headers.location).toMatch(machine);
    const stale = await endpoint.send('POST', machine, { headers: { ...headers, 'If-Match': got.headers.etag! } });
    expect(stale.status).toBe(412);
  });

  test('is 406 where not even its short form fits, and never has a part of its links', async () => {
    const statuses: number[] = [];
    for (const width of [2048, 4096, 6000, 7000, 9000, 18_000]) {
      const narrow = await limited(width, { table: endpoint.table });
      try {
        const { status, headers, body } = await narrow.send('GET', machine, { headers: OCCI });
        statuses.push(status);
        if (status === 200) expect(headers.link!.match(/; self="/g)).toHaveLength(LINKS);
        else expect([status, body]).toEqual([406, expect.stringContaining('text/plain')]);
      } finally {
        await narrow.stop();
      }
    }
    expect([statuses[0], statuses.at(-1)]).toEqual([406, 200]);
    expect(statuses).toEqual([...statuses].sort().reverse());
  });
});
