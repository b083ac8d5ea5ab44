import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { category, collection, filter, INFRASTRUCTURE, list, make, plain, read } from './payloads.ts';

let endpoint: Endpoint;
beforeEach(async () => {
  endpoint = await startEndpoint();
});
afterEach(() => endpoint.stop());

const TAG = 'http://example.org/tags#mine';
const line = (id = TAG, more = '; location="/mine/"') => `Category: ${category(id, 'mixin')}${more}`;
const define = (...lines: string[]) => endpoint.send('POST', '/-/', plain(...lines));
const WELL_KNOWN = '/.well-known/org/ogf/occi/-/';

describe('GET on the query interface', () => {
  test('shows the core kinds first, then kinds, mixins and actions (CORE-19, H11-3, SUITE-1)', async () => {
    const { status, body } = await endpoint.send('GET', '/-/');
    expect(status).toBe(200);
    const lines = body.trimEnd().split(/\r?\n/);
    expect(lines.slice(0, 3).map((one) => /^Category: (\w+);/.exec(one)?.[1])).toEqual(['entity', 'resource', 'link']);
    const classes = lines.map((one) => /class="(\w+)"/.exec(one)?.[1]);
    expect(classes).toEqual(
      [...classes].sort((a, b) => ['kind', 'mixin', 'action'].indexOf(a!) - ['kind', 'mixin', 'action'].indexOf(b!)),
    );
    expect(lines[0]).not.toContain('location=');
    expect(body).toContain('location="/compute/"');
  });

  test.each(['/-', WELL_KNOWN, WELL_KNOWN.slice(0, -1), '//-//'])(
    'is the same at %s (HTTP-20, H11-29)',
    async (path) => {
      expect((await endpoint.send('GET', path)).body).toBe((await endpoint.send('GET', '/-/')).body);
    },
  );

  test('with categories shows exactly those, whatever their class (D-2, H11-4)', async () => {
    const start = `${INFRASTRUCTURE.replace('#', '')}/compute/action#start`;
    const wanted = [category(`${INFRASTRUCTURE}compute`, 'kind'), category(start, 'action')].join(', ');
    const { body } = await endpoint.send('GET', '/-/', filter(['Category', wanted]));
    expect(
      body
        .trimEnd()
        .split(/\r?\n/)
        .map((one) => /^Category: (\w+);/.exec(one)?.[1]),
    ).toEqual(['compute', 'start']);
    const inJson = filter(
      ['Category', category(`${INFRASTRUCTURE}compute`, 'kind')],
      ['Accept', 'application/occi+json'],
    );
    const { kinds, mixins, actions } = JSON.parse((await endpoint.send('GET', '/-/', inJson)).body);
    expect([kinds.length, mixins, actions]).toEqual([1, [], []]);
    expect(kinds[0]).toMatchObject({ term: 'compute', location: '/compute/' });
  });

  test('with a category that is not there is 400 and names it (D-5)', async () => {
    const reply = await endpoint.send(
      'GET',
      '/-/',
      filter(['Category', category('http://example.org/none#none', 'kind')]),
    );
    expect([reply.status, reply.body]).toEqual([400, expect.stringContaining('http://example.org/none#none')]);
  });

  test('PUT and actions are not defined there (HTTP-22, HTTP-18)', async () => {
    for (const [method, path] of [
      ['PUT', '/-/'],
      ['POST', '/-/?action=start'],
      ['PATCH', '/-/'],
    ] as const) {
      const reply = await endpoint.send(method, path);
      expect([reply.status, reply.headers.allow]).toEqual([405, 'GET, HEAD, POST, DELETE, OPTIONS']);
    }
  });
});

describe('POST on the query interface adds mixins of the user (HTTP-23, H11-5)', () => {
  test.each(['/-/', WELL_KNOWN])('at %s; discovery shows them, and their collection is empty', async (path) => {
    expect((await endpoint.send('POST', path, plain(line()))).status).toBe(200);
    expect((await endpoint.send('GET', '/-/')).body).toContain(
      'mine; scheme="http://example.org/tags#"; class="mixin"',
    );
    expect(await list(endpoint, '/mine/')).toEqual([]);
  });

  test('in text/occi and JSON as well, several at once', async () => {
    const headers = { 'Content-Type': 'text/occi', Category: line().replace('Category: ', '') };
    expect((await endpoint.send('POST', '/-/', { headers })).status).toBe(200);
    const mixins = ['a', 'b'].map((term) => ({ term, scheme: 'http://example.org/tags#', location: `/${term}/` }));
    expect((await endpoint.send('POST', '/-/', collection({ mixins }))).status).toBe(200);
    for (const path of ['/mine/', '/a/', '/b/']) expect((await endpoint.send('GET', path)).status).toBe(200);
  });

  test('one that names an unknown relation is taken all the same (D-19)', async () => {
    expect((await define(line(TAG, '; location="/mine/"; rel="http://example.org/none#none"'))).status).toBe(200);
  });

  test('one that is there under another title has that title from then on, and the answer says so', async () => {
    const titled = (title: string) =>
      plain(`Category: ${category('http://example.org/tags#titled', 'mixin')}; title="${title}"; location="/titled/"`);
    for (const title of ['One', 'Two']) {
      const { status, body } = await endpoint.send('POST', '/-/', titled(title));
      expect([status, body]).toEqual([200, expect.stringContaining(`title="${title}"`)]);
      expect((await endpoint.send('GET', '/-/')).body).toContain(body.trim());
    }
  });

  test('the same again is the same', async () => {
    await define(line());
    expect((await define(line())).status).toBe(200);
    const { body } = await endpoint.send('GET', '/-/');
    expect(body.match(/Category: mine;/g)).toHaveLength(1);
  });

  const refused: Record<string, [status: number, ...lines: string[]]> = {
    'without a location': [400, line(TAG, '')],
    'in a reserved scheme (CORE-2)': [403, line('http://schemas.ogf.org/occi/infrastructure#mine')],
    'anywhere below schemas.ogf.org': [403, line('http://schemas.ogf.org/mine/tags#mine')],
    'there by HTTPS, in capitals': [403, line('HTTPS://Schemas.OGF.org/occi/core#mine')],
    'at schemas.ogf.org itself': [403, line('http://schemas.ogf.org#mine')],
    'there with a user': [403, line('http://user@schemas.ogf.org/occi/core#mine')],
    'there with a user and a password': [403, line('https://user:word@schemas.ogf.org/tags#mine')],
    'there with a dot behind the host': [403, line('http://schemas.ogf.org./occi/core#mine')],
    'there with a port': [403, line('http://schemas.ogf.org:8080/tags#mine')],
    'there with a query': [403, line('http://schemas.ogf.org?tags#mine')],
    'there with a host that is encoded': [403, line('http://schemas%2Eogf.org/tags#mine')],
    'there without slashes': [403, line('http:schemas.ogf.org/tags#mine')],
    'in the scheme of the images, with a user': [
      403,
      line('http://me@dummy.example.org/occi/infrastructure/os_tpl#mine'),
    ],
    'in the scheme of the images, by HTTPS': [403, line('https://dummy.example.org./occi/infrastructure/os_tpl#mine')],
    'in the scheme of the images': [403, line('http://dummy.example.org/occi/infrastructure/os_tpl#mine')],
    'in the scheme of the images, in capitals': [403, line('http://Dummy.example.org/occi/infrastructure/OS_TPL#mine')],
    'in the scheme of the sizes': [403, line('http://schemas.ogf.org/occi/infrastructure/compute/template/1.1#mine')],
    'in a scheme of OpenStack': [403, line('http://schemas.openstack.org/compute/instance#mine')],
    'in the scheme of an action': [403, line('http://schemas.ogf.org/occi/infrastructure/compute/action#mine')],
    'as a kind': [400, `Category: ${category(TAG, 'kind')}; location="/mine/"`],
    'with attributes': [400, line(TAG, '; location="/mine/"; attributes="org.example.x"')],
    'with actions': [400, line(TAG, '; location="/mine/"; actions="http://example.org/a#b"')],
    'at the location of a kind': [409, line(TAG, '; location="/compute/"')],
    'below the location of a kind': [409, line(TAG, '; location="/compute/mine/"')],
    'at the collection of all links': [409, line(TAG, '; location="/link/"')],
    'below the collection of all resources': [409, line(TAG, '; location="/resource/mine/"')],
    'at the query interface': [409, line(TAG, '; location="/-/"')],
    'below the well-known path': [409, line(TAG, '; location="/.well-known/mine/"')],
    'at the location of a provider’s mixin': [409, line(TAG, '; location="/mixin/os_tpl/"')],
    'at the location of a template': [409, line(TAG, '; location="/mixin/os_tpl/debian12/"')],
    'under the name of a template': [403, line('http://dummy.example.org/occi/infrastructure/os_tpl#debian12')],
    'with a location that climbs': [400, line(TAG, '; location="/mine/../compute/"')],
    'with a location that is a dot': [400, line(TAG, '; location="/./"')],
    'with a location that ends in a climb': [400, line(TAG, '; location="/mine/.."')],
    'at the root': [400, line(TAG, '; location="/"')],
    'two at one location': [409, line('http://example.org/tags#a'), line('http://example.org/tags#b')],
    'one at two locations': [409, line(TAG, '; location="/a/"'), line(TAG, '; location="/b/"')],
    'with a good one beside a bad one': [400, line(), line('http://example.org/tags#b', '')],
  };
  test.each(Object.entries(refused))('refuses one %s, and adds nothing', async (_, [status, ...lines]) => {
    const reply = await define(...lines);
    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(reply.status).toBe(status);
    expect((await endpoint.send('GET', '/-/')).body).not.toContain('http://example.org/tags#');
    expect((await endpoint.send('GET', '/mine/')).status).toBe(404);
  });

  test('refuses another at a place, or under a name, that is taken (HTTP-1)', async () => {
    await define(line());
    expect((await define(line('http://example.org/tags#other'))).status).toBe(409);
    expect((await define(line(TAG, '; location="/other/"'))).status).toBe(409);
  });

  test('takes one whose scheme only looks like a reserved one', async () => {
    for (const host of ['schemas.ogf.org.example.com', 'schemas.openstack.org', 'myschemas.ogf.org']) {
      const reply = await define(line(`http://${host}/mine/tags#mine`, `; location="/${host}/"`));
      expect([reply.status, reply.body]).toEqual([200, expect.stringContaining(host)]);
    }
  });

  test('a scheme that a size of this cloud alone has is refused too', async () => {
    await endpoint.stop();
    const tiny = { term: 'tiny', title: 'Tiny', cores: 1, memory: 0.5, ephemeral: 1 };
    endpoint = await startEndpoint({ cloud: { resourceTemplates: [tiny] } });
    const { body } = await endpoint.send('GET', '/-/');
    const scheme = /Category: tiny; scheme="([^"]*)"/.exec(body)![1]!;
    const reply = await define(line(`${scheme}mine`));
    expect([reply.status, reply.body]).toEqual([403, expect.stringContaining('use a scheme of your own')]);
  });

  test('refuses an empty payload', async () => {
    expect((await endpoint.send('POST', '/-/')).status).toBe(400);
    expect((await endpoint.send('POST', '/-/', collection({ mixins: [] }))).status).toBe(400);
    expect((await endpoint.send('POST', '/-/', plain('X-OCCI-Attribute: a="b"'))).status).toBe(400);
  });

  test('one whose scheme has no # is refused, or shown on its entities as it was defined (CORE-1)', async () => {
    const scheme = 'http://example.org/tags/of';
    if ((await define(`Category: mine; scheme="${scheme}"; class="mixin"; location="/mine/"`)).status !== 200) return;
    const path = await make(endpoint, { kind: 'compute' });
    await endpoint.send('POST', '/mine/', plain(`X-OCCI-Location: ${path}`));
    const { body } = await endpoint.send('GET', path);
    expect(body).toContain(`Category: mine; scheme="${scheme}"; class="mixin"`);
    const whole = JSON.stringify(await read(endpoint, path));
    const headers = { 'Content-Type': 'application/occi+json' };
    expect((await endpoint.send('PUT', path, { headers, body: whole })).status).toBe(200);
  });
});

describe('DELETE on the query interface removes mixins of the user (HTTP-24)', () => {
  test('with all their associations (H11-7)', async () => {
    await define(line());
    const path = await make(endpoint, { kind: 'compute', mixins: [TAG] });
    expect((await read(endpoint, path)).mixins).toContain(TAG);
    expect((await endpoint.send('DELETE', '/-/', plain(line(TAG, '')))).status).toBe(200);
    expect((await read(endpoint, path)).mixins).not.toContain(TAG);
    expect((await endpoint.send('GET', '/mine/')).status).toBe(404);
    await define(line());
    expect(await list(endpoint, '/mine/')).toEqual([]);
  });

  test('never those of the provider, nor kinds (H11-6, SUITE-10)', async () => {
    for (const [id, of] of [
      [`${INFRASTRUCTURE}os_tpl`, 'mixin'],
      [`${INFRASTRUCTURE}compute`, 'kind'],
      ['http://dummy.example.org/occi/infrastructure/os_tpl#debian12', 'mixin'],
    ] as const) {
      expect((await endpoint.send('DELETE', '/-/', plain(`Category: ${category(id, of)}`))).status).toBe(403);
    }
  });

  test('an unknown one is refused, and a known one beside it stays', async () => {
    await define(line());
    const reply = await endpoint.send('DELETE', '/-/', plain(line(TAG, ''), line('http://example.org/tags#none', '')));
    expect([400, 404]).toContain(reply.status);
    expect((await endpoint.send('GET', '/mine/')).status).toBe(200);
  });

  test('one that is said to be elsewhere, or no mixin, is 400 and stays', async () => {
    await define(line());
    for (const wrong of [line(TAG, '; location="/other/"'), `Category: ${category(TAG, 'action')}`]) {
      expect((await endpoint.send('DELETE', '/-/', plain(wrong))).status).toBe(400);
      expect((await endpoint.send('GET', '/mine/')).status).toBe(200);
    }
    expect((await endpoint.send('DELETE', '/-/', plain(line(TAG, '; location="/mine"')))).status).toBe(200);
  });

  test('one that is named twice is removed once', async () => {
    await define(line());
    expect((await endpoint.send('DELETE', '/-/', plain(line(), line()))).status).toBe(200);
    expect((await endpoint.send('GET', '/mine/')).status).toBe(404);
  });

  test('an empty payload removes nothing', async () => {
    await define(line());
    expect((await endpoint.send('DELETE', '/-/')).status).toBe(400);
    expect((await endpoint.send('GET', '/mine/')).status).toBe(200);
  });
});
