/** What jOCCI needs beyond the standard, by the setting `clients.jocci`; test/peers/jocci runs jOCCI itself. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../endpoint.ts';
import * as jocci from './jocci.ts';
import { accepting, kindLine, make, makeLinkedMachine, text } from './payloads.ts';
import { readModel } from './rocci.ts';

const MEDIA_TYPES = ['text/plain', 'text/occi', 'application/occi+json'] as const;

const kindsOf = async ({ send }: Endpoint, mediaType: (typeof MEDIA_TYPES)[number]) => {
  const reply = await send('GET', '/-/', accepting(mediaType));
  if (mediaType !== 'application/occi+json') return readModel(reply).filter((one) => one.class === 'kind');
  return (JSON.parse(reply.body) as { kinds: { term: string; location?: string }[] }).kinds;
};

describe('without the setting', () => {
  let endpoint: Endpoint;
  beforeAll(async () => {
    endpoint = await startEndpoint();
    await make(endpoint, 'compute');
  });
  afterAll(() => endpoint.stop());

  test.each(MEDIA_TYPES)('entity alone has no location, in %s (HTTP-4)', async (mediaType) => {
    const without = (await kindsOf(endpoint, mediaType)).filter(({ location }) => location === undefined);
    expect(without.map(({ term }) => term)).toEqual(['entity']);
    expect((await endpoint.send('GET', '/entity/', accepting(mediaType))).status).toBe(404);
  });

  test('a listing has no Location', async () => {
    const { headers } = await endpoint.send('GET', '/compute/', { headers: jocci.headers('text/occi') });
    expect(headers['x-occi-location']).toMatch(/^http/);
    expect(headers.location).toBeUndefined();
  });
});

describe('with clients.jocci', () => {
  let endpoint: Endpoint;
  let machine: string;
  let all: readonly string[];
  beforeAll(async () => {
    endpoint = await startEndpoint({ settings: { clients: { jocci: true } } });
    ({ machine } = await makeLinkedMachine(endpoint));
    all = await listed('/', 'text/plain');
  });
  afterAll(() => endpoint.stop());

  const listed = async (path: string, mediaType: string) =>
    jocci.locationsIn(await endpoint.send('GET', path, { headers: jocci.headers(mediaType) }));

  test.each(MEDIA_TYPES)('every kind has a location, in %s', async (mediaType) => {
    const kinds = await kindsOf(endpoint, mediaType);
    expect(kinds.filter(({ location }) => location === undefined)).toEqual([]);
    expect(kinds.find(({ term }) => term === 'entity')!.location).toBe('/entity/');
    expect(new Set(kinds.map(({ location }) => location)).size).toBe(kinds.length);
  });

  test.each(['/compute/', '/', '/entity/', '/resource/', '/link/', '/mixin/os_tpl/'])(
    'jOCCI reads the listing of %s alike in both renderings',
    async (path) => {
      const plain = await listed(path, 'text/plain');
      expect(await listed(path, 'text/occi')).toEqual(plain);
    },
  );

  test('an empty listing is one empty location to jOCCI, in both renderings', async () => {
    for (const mediaType of ['text/plain', 'text/occi'])
      expect([mediaType, await listed('/ipreservation/', mediaType)]).toEqual([mediaType, ['']]);
  });

  test('a listing in text/occi has X-OCCI-Location as before, and the other renderings no Location', async () => {
    const occi = await endpoint.send('GET', '/', { headers: jocci.headers('text/occi') });
    expect(occi.headers['x-occi-location']!.split(', ')).toEqual(all);
    for (const mediaType of ['text/plain', 'text/uri-list', 'application/occi+json']) {
      const { headers } = await endpoint.send('GET', '/', accepting(mediaType));
      expect([mediaType, headers.location]).toEqual([mediaType, undefined]);
    }
  });

  test('an entity in text/occi has no Location', async () => {
    const shown = await endpoint.send('GET', machine, { headers: jocci.headers('text/occi') });
    expect([shown.status, shown.headers.location]).toEqual([200, undefined]);
  });

  test.each(MEDIA_TYPES)('/entity/ is what / is, in %s', async (mediaType) => {
    const [entity, root] = [
      await endpoint.send('GET', '/entity/', accepting(mediaType)),
      await endpoint.send('GET', '/', accepting(mediaType)),
    ];
    expect([entity.status, entity.body, entity.headers.etag]).toEqual([200, root.body, root.headers.etag]);
  });

  test('/entity/ takes what / takes: a create, and no DELETE of everything that does not say so', async () => {
    const created = await endpoint.send('POST', '/entity/', text(kindLine('compute')));
    expect(created.status).toBe(201);
    expect(created.headers.location).toContain('/compute/');
    const path = created.headers.location!.replace(endpoint.url, '');
    const [entity, root] = [await endpoint.send('DELETE', '/entity/'), await endpoint.send('DELETE', '/')];
    expect([entity.status, entity.body]).toEqual([root.status, root.body]);
    expect(entity.status).toBeGreaterThanOrEqual(400);
    const { status } = await endpoint.send('DELETE', path);
    expect(status).toBe(200);
  });

  test('nothing is an entity and no more: none is created, and none is at a path below /entity/', async () => {
    const body = 'Category: entity; scheme="http://schemas.ogf.org/occi/core#"; class="kind"\n';
    expect((await endpoint.send('POST', '/entity/', text(body))).status).toBe(400);
    expect((await endpoint.send('GET', machine.replace('/compute/', '/entity/'))).status).toBe(404);
    const { status, headers } = await endpoint.send('PUT', '/entity/', text(body));
    expect([status, headers.allow]).toEqual([405, 'GET, HEAD, POST, DELETE, OPTIONS']);
  });

  test('If-None-Match answers 304 for a listing in text/occi, without its locations', async () => {
    const { headers } = await endpoint.send('GET', '/compute/', { headers: jocci.headers('text/occi') });
    const again = { ...jocci.headers('text/occi'), 'If-None-Match': headers.etag! };
    const unchanged = await endpoint.send('GET', '/compute/', { headers: again });
    expect([unchanged.status, unchanged.headers.etag, unchanged.headers.location]).toEqual([
      304,
      headers.etag,
      undefined,
    ]);
  });

  test('no user takes /entity/ for a mixin', async () => {
    const body = 'Category: mine; scheme="http://example.org/tags#"; class="mixin"; location="/entity/"';
    expect((await endpoint.send('POST', '/-/', text(body))).status).toBe(409);
  });
});

test('a listing in text/occi with both fields stays within the header bytes, or is refused whole', async () => {
  const settings = { clients: { jocci: true }, limits: { responseHeaderBytes: 2048 } };
  const endpoint = await startEndpoint({ settings });
  try {
    const statuses: number[] = [];
    for (let made = 1; made <= 16; made++) {
      await make(endpoint, 'compute');
      const { status, rawHeaders } = await endpoint.send('GET', '/compute/', { headers: jocci.headers('text/occi') });
      statuses.push(status);
      expect(status === 406 || rawHeaders.join('').length < 2048 + 512).toBe(true);
    }
    expect([statuses[0], statuses.at(-1)]).toEqual([200, 406]);
    const page = await endpoint.send('GET', '/compute/?page=1&number=5', { headers: jocci.headers('text/occi') });
    expect([page.status, jocci.locationsIn(page).length]).toEqual([200, 5]);
  } finally {
    await endpoint.stop();
  }
});
