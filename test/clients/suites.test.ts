/** What the compliance suites of the field look at: OGF's, doyouspeakOCCI, pOCCI, rOCCI's smoke test and TENT. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../endpoint.ts';
import { accepting, actionLine, kindLine, make, makeLinkedMachine, text } from './payloads.ts';
import { linesOf, mediaTypeOf, readEntity, readModel } from './rocci.ts';
import { INFRASTRUCTURE } from './seen.ts';

const FIRST_PARAMETERS = /^\w+; scheme="[a-z:./#]*"; class="(?:kind|mixin|action)"/;

describe('compliance suites', () => {
  let endpoint: Endpoint;

  beforeAll(async () => {
    endpoint = await startEndpoint();
  });
  afterAll(() => endpoint.stop());

  const get = (path: string, mediaType = 'text/plain') => endpoint.send('GET', path, accepting(mediaType));
  const filtered = (category: string, mediaType: string) =>
    endpoint.send('GET', '/-/', { headers: { 'Content-Type': 'text/occi', Accept: mediaType, Category: category } });

  test('SUITE-1: the paths of the kinds are fixed, and text/occi parts locations by a comma and a blank', async () => {
    const made = [await make(endpoint, 'compute'), await make(endpoint, 'compute')].map((path) => endpoint.url + path);
    for (const kind of ['compute', 'network', 'storage']) expect((await get(`/${kind}/`)).status).toBe(200);
    const listed = (await get('/compute/', 'text/occi')).headers['x-occi-location']!;
    expect(listed.split(', ').toSorted()).toEqual(made.toSorted());
  });

  test('SUITE-1: the second line of the model and the first category of its header begin as the suite wants', async () => {
    const second = (await get('/-/')).body.split('\n')[1]!.trim();
    expect(second.slice('Category: '.length)).toMatch(FIRST_PARAMETERS);
    expect((await get('/-/', 'text/occi')).headers.category!.trim()).toMatch(FIRST_PARAMETERS);
  });

  test('SUITE-2: start is the first Link of a stopped machine, and path-only', async () => {
    const path = await make(endpoint, 'compute');
    await endpoint.send('POST', `${path}?action=stop`, text(actionLine('stop')));
    const [first] = (await get(path, 'text/occi')).headers.link!.split(',');
    expect(first!.slice(1, first!.indexOf('>'))).toBe(`${path}?action=start`);
    const url = first!.slice(1, first!.indexOf('>'));
    const headers = {
      'Content-Type': 'text/occi',
      Accept: 'text/occi',
      Category: actionLine('start').slice(10).trim(),
    };
    expect((await endpoint.send('POST', url, { headers })).status).toBe(200);
  });

  test('SUITE-3: compute has no comma when the model is filtered by it', async () => {
    const { status, headers } = await filtered(`compute; scheme="${INFRASTRUCTURE}"`, 'text/occi');
    expect([status, headers.category!.split(',').length]).toEqual([200, 1]);
  });

  test('SUITE-4: an attribute in the quotes of another is part of its value', async () => {
    const title = `How's your quotes escaping? \\", occi.compute.memory=1.0`;
    const created = await endpoint.send('POST', '/', {
      headers: {
        'Content-Type': 'text/occi',
        Category: `compute;scheme="${INFRASTRUCTURE}"`,
        'X-OCCI-Attribute': `occi.compute.memory=3.6, occi.core.title="${title}"`,
      },
    });
    const { attributes } = readEntity(await get(created.headers.location!.replace(endpoint.url, '')));
    expect([attributes['occi.compute.memory'], attributes['occi.core.title']]).toEqual([3.6, title]);
  });

  test('SUITE-5: pOCCI cuts lines at every semicolon, so titles have none', async () => {
    const { machine } = await makeLinkedMachine(endpoint);
    const lines = [...linesOf(await get('/-/')), ...linesOf(await get(machine))];
    const chunks = lines.flatMap((line) =>
      line
        .replace(/^[\w-]+: /, '')
        .split(/;\s*/)
        .slice(1),
    );
    expect(chunks.filter((chunk) => !/^[A-Za-z0-9_.-]+=(?:"[^"]*"|[0-9.]+|true|false)$/.test(chunk))).toEqual([]);
  });

  test('SUITE-5: pOCCI reads the reason phrase', async () => {
    const created = await endpoint.send('POST', '/compute/', text(kindLine('compute')));
    const path = created.headers.location!.replace(endpoint.url, '');
    const answers = [await get(path), created, await endpoint.send('DELETE', path), await get(path)];
    const phrases = answers.map(({ status, reason }) => `${status} ${reason}`);
    expect(phrases).toEqual(['200 OK', '201 Created', '200 OK', '404 Not Found']);
  });

  test('SUITE-6: pOCCI has an example for every attribute that must be given', async () => {
    const defined = readModel(await get('/-/'))
      .filter((one) => one.class === 'kind')
      .flatMap((one) => one.attributes);
    const required = defined.filter((attribute) => attribute.endsWith('{required}'));
    expect([...new Set(required)]).toEqual(['occi.storage.size{required}']);
    expect(defined).toContain('occi.core.id{immutable required}');
  });

  test('SUITE-7: the rel of a template is the one identifier of its base', async () => {
    const model = readModel(await get('/-/'));
    for (const base of ['os_tpl', 'resource_tpl']) {
      const templates = model.filter(({ rel }) => rel.includes(INFRASTRUCTURE + base));
      expect(templates.length).toBeGreaterThan(0);
      for (const { rel } of templates) expect(rel).toEqual([INFRASTRUCTURE + base]);
    }
  });

  test.each(['text/plain', 'text/occi', 'application/occi+json'])(
    'SUITE-8: %s is answered in itself',
    async (mediaType) => {
      const created = await endpoint.send('POST', '/compute/', text(kindLine('compute'), mediaType));
      const shown = await get(created.headers.location!.replace(endpoint.url, ''), mediaType);
      expect([created, shown].map((reply) => [reply.status, mediaTypeOf(reply)])).toEqual([
        [201, mediaType],
        [200, mediaType],
      ]);
    },
  );

  test('SUITE-9: what is not there is 404, and what cannot be done fails', async () => {
    for (const path of ['/not_there/', '/compute/not_there', '/compute/00000000-0000-4000-8000-000000000000'])
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    for (const path of ['/compute/', '/storage/', '/-/'])
      expect((await endpoint.send('POST', path, { headers: { 'Content-Type': 'text/plain' } })).status).toBe(400);
    expect((await get('/compute/', 'application/rss')).status).toBe(406);
    expect((await get('/-/', 'text/uri-list')).status).toBe(400);
  });

  test.each([
    `os_tpl; scheme="${INFRASTRUCTURE}"`,
    'debian12; scheme="http://dummy.example.org/occi/infrastructure/os_tpl#"',
  ])('SUITE-10: no user adds or removes the provider’s mixin %s', async (category) => {
    const body = `Category: ${category}; class="mixin"; location="/mixin/mine/"`;
    const [added, removed] = [
      await endpoint.send('POST', '/-/', text(body)),
      await endpoint.send('DELETE', '/-/', text(body)),
    ];
    expect([added.status, removed.status]).toEqual([403, 403]);
  });

  test('SUITE-10: a filter by a kind and an action gives exactly these', async () => {
    const start = 'start; scheme="http://schemas.ogf.org/occi/infrastructure/compute/action#"; class="action"';
    const found = readModel(
      await filtered(`compute; scheme="${INFRASTRUCTURE}"; class="kind", ${start}`, 'text/plain'),
    );
    expect(found.map(({ term }) => term).toSorted()).toEqual(['compute', 'start']);
  });

  test('pOCCI replaces an entity by all that it has read of it, with another title (D-3)', async () => {
    const { machine } = await makeLinkedMachine(endpoint);
    const lines = linesOf(await get(machine)).filter((line) => line !== '');
    const body = lines
      .map((line) => line.replaceAll('; ', ';').replace('"linked"', '"linked_1732222222"'))
      .join('\r\n');
    const replaced = await endpoint.send('PUT', machine, text(`${body}\r\n`));
    expect([replaced.status, replaced.body]).toEqual([200, replaced.body]);
    const { attributes, links } = readEntity(replaced);
    expect([attributes['occi.core.title'], links.length]).toEqual(['linked_1732222222', 2]);
  });
});
