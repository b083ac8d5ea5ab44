import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { category, entity, filter, INFRASTRUCTURE, list, locationsIn, make, OS_TPL, pathOf, read } from './payloads.ts';

let endpoint: Endpoint;
beforeEach(async () => {
  endpoint = await startEndpoint();
});
afterEach(() => endpoint.stop());

describe('Filters stand in the headers (HTTP-15, HTTP-17, H11-2)', () => {
  let web: string;
  let db: string;
  beforeEach(async () => {
    const tpl = (term: string, title: string, cores: number) =>
      make(endpoint, {
        kind: 'compute',
        mixins: [OS_TPL + term],
        attributes: { 'occi.core.title': title, 'occi.compute.cores': cores },
      });
    web = await tpl('rocky9', 'web', 2);
    db = await tpl('debian12', 'db, "main"', 2);
  });
  const found = (...fields: [string, string][]) => list(endpoint, '/compute/', filter(...fields));

  test('by one value, by several, by a value with quotes and commas', async () => {
    expect(await found(['X-OCCI-Attribute', 'occi.core.title="web"'])).toEqual([web]);
    expect((await found(['X-OCCI-Attribute', 'occi.compute.cores=2'])).toSorted()).toEqual([web, db].toSorted());
    expect(await found(['X-OCCI-Attribute', 'occi.compute.cores=2, occi.core.title="db, \\"main\\""'])).toEqual([db]);
    expect(await found(['X-OCCI-Attribute', 'occi.compute.cores=3'])).toEqual([]);
  });

  test('by number in any spelling, by id and by state', async () => {
    expect(await found(['X-OCCI-Attribute', 'occi.compute.memory=1'])).toHaveLength(2);
    expect(await found(['X-OCCI-Attribute', 'occi.compute.memory="1.0"'])).toHaveLength(2);
    expect(await found(['X-OCCI-Attribute', `occi.core.id="${(await read(endpoint, web)).id}"`])).toEqual([web]);
    expect(await found(['X-OCCI-Attribute', 'occi.compute.state="suspended"'])).toEqual([]);
  });

  test('by mixin, by base, by kind', async () => {
    expect(await found(['Category', category(`${OS_TPL}rocky9`, 'mixin')])).toEqual([web]);
    expect(await found(['Category', category(`${INFRASTRUCTURE}os_tpl`, 'mixin')])).toHaveLength(2);
    expect(await found(['Category', category(`${INFRASTRUCTURE}compute`, 'kind')])).toHaveLength(2);
    expect(await found(['Category', category(`${INFRASTRUCTURE}storage`, 'kind')])).toEqual([]);
    const both = [category(`${OS_TPL}rocky9`, 'mixin'), category(`${OS_TPL}debian12`, 'mixin')].join(', ');
    expect(await found(['Category', both])).toEqual([]);
  });

  test('whatever Accept says, JSON included', async () => {
    const call = filter(['X-OCCI-Attribute', 'occi.core.title="web"'], ['Accept', 'application/occi+json']);
    const { resources } = JSON.parse((await endpoint.send('GET', '/compute/', call)).body);
    expect(resources).toEqual([await read(endpoint, web)]);
  });

  test('a Content-Type, which gateways put on a GET, changes nothing (DEP-5)', async () => {
    for (const mediaType of ['text/plain', 'application/json', 'application/octet-stream']) {
      expect(await found(['X-OCCI-Attribute', 'occi.core.title="web"'], ['Content-Type', mediaType])).toEqual([web]);
    }
  });

  test('that name what is not there are 400 and say what (D-5)', async () => {
    for (const [name, value] of [
      ['X-OCCI-Attribute', 'org.example.none=1'],
      ['X-OCCI-Attribute', 'constructor="x"'],
      ['X-OCCI-Attribute', 'occi.compute.state="flying"'],
      ['X-OCCI-Attribute', 'occi.compute.cores="many"'],
      ['Category', category('http://example.org/none#none', 'mixin')],
    ] as const) {
      const reply = await endpoint.send('GET', '/compute/', filter([name, value]));
      expect(reply.status).toBe(400);
      expect(reply.body.length).toBeGreaterThan(20);
    }
  });

  test('the Category of an action selects nothing rather than everything', async () => {
    const start = `${INFRASTRUCTURE.replace('#', '')}/compute/action#start`;
    const reply = await endpoint.send('GET', '/compute/', filter(['Category', category(start, 'action')]));
    if (reply.status === 200) expect(locationsIn(reply)).toEqual([]);
    else expect(reply.status).toBe(400);
  });

  test('a core kind selects its descendants (CORE-7)', async () => {
    await endpoint.send(
      'POST',
      web,
      entity('text/plain', { links: [{ kind: 'networkinterface', target: (await list(endpoint, '/network/'))[0]! }] }),
    );
    const links = await endpoint.send(
      'GET',
      '/',
      filter(['Category', category('http://schemas.ogf.org/occi/core#link', 'kind')]),
    );
    if (links.status === 200)
      expect(locationsIn(links).map(pathOf)).toEqual(await list(endpoint, '/networkinterface/'));
    else expect(links.status).toBe(400);
  });
});
