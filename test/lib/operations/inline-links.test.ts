import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import {
  category,
  entity,
  INFRASTRUCTURE,
  list,
  locationsIn,
  make,
  pathOf,
  plain,
  RENDERINGS,
  read,
  type WantedLink,
} from './payloads.ts';

let endpoint: Endpoint;
let web: string;
let disk: string;
let net: string;
beforeEach(async () => {
  endpoint = await startEndpoint();
  web = await make(endpoint, { kind: 'compute' });
  disk = await make(endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
  net = await make(endpoint, { kind: 'network' });
});
afterEach(() => endpoint.stop());

const link = (kind: string, source: unknown, target: unknown, more = {}) => ({
  kind,
  attributes: { 'occi.core.source': source as string, 'occi.core.target': target as string, ...more },
});

describe('Links inside a resource’s creation (H11-18)', () => {
  test.each(RENDERINGS)('are made with it, and only its Location is answered, in %s', async (mediaType) => {
    const links: WantedLink[] = [
      { kind: 'storagelink', target: disk, attributes: { 'occi.storagelink.mountpoint': '/a, "b"; c=d' } },
      {
        kind: 'networkinterface',
        target: endpoint.url + net,
        attributes: { 'occi.networkinterface.interface': 'eth3' },
      },
    ];
    const reply = await endpoint.send('POST', '/compute/', entity(mediaType, { kind: 'compute', links }));
    expect(reply.status).toBe(201);
    if (mediaType !== 'application/occi+json') expect(locationsIn(reply)).toEqual([reply.headers.location]);
    const machine = await read(endpoint, pathOf(reply.headers.location!));
    expect(machine.links.map(({ attributes }: { attributes: object }) => attributes)).toMatchObject([
      { 'occi.storagelink.mountpoint': '/a, "b"; c=d' },
      { 'occi.networkinterface.interface': 'eth3' },
    ]);
    for (const { id, kind } of machine.links) {
      const [path] = await list(endpoint, `/${kind.split('#')[1]}/`);
      expect((await read(endpoint, path!)).id).toBe(id);
    }
  });

  test('of which the client says only where they lead are found by the kind there', async () => {
    const line = `Link: <${net}>; rel="${INFRASTRUCTURE}network"`;
    const path = await endpoint.send(
      'POST',
      '/compute/',
      plain(`Category: ${category(`${INFRASTRUCTURE}compute`, 'kind')}`, line),
    );
    expect((await read(endpoint, pathOf(path.headers.location!))).links[0].kind).toBe(
      `${INFRASTRUCTURE}networkinterface`,
    );
  });

  test.each(RENDERINGS)('by POST on the resource later are added to it, in %s', async (mediaType) => {
    for (const kind of ['compute', undefined]) {
      const target = await make(endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
      const wanted = { ...(kind && { kind }), links: [{ kind: 'storagelink', target }] };
      expect((await endpoint.send('POST', web, entity(mediaType, wanted))).status).toBe(200);
    }
    expect((await read(endpoint, web)).links).toHaveLength(2);
  });
});

describe('Inline links by POST on a resource that has links already', () => {
  let compute: string;
  beforeEach(async () => {
    const links: WantedLink[] = [
      { kind: 'networkinterface', target: net },
      { kind: 'storagelink', target: disk, attributes: { 'occi.storagelink.mountpoint': '/old' } },
    ];
    compute = await make(endpoint, { kind: 'compute', links });
  });
  const linksOf = async (kind: string) =>
    ((await read(endpoint, compute)).links as { kind: string; id: string; attributes: object }[]).filter(
      (one) => one.kind === INFRASTRUCTURE + kind,
    );

  test.each(RENDERINGS)('a second interface to the same network is a second one, in %s', async (mediaType) => {
    const links = [{ kind: 'networkinterface', target: net }];
    const reply = await endpoint.send('POST', compute, entity(mediaType, { kind: 'compute', links }));
    expect(reply.status).toBe(200);
    expect(await linksOf('networkinterface')).toHaveLength(2);
  });

  test('one that is named by self and changed is changed or refused, not passed over', async () => {
    const [path] = await list(endpoint, '/storagelink/');
    const line = `Link: <${disk}>; rel="${INFRASTRUCTURE}storage"; self="${path}"; category="${INFRASTRUCTURE}storagelink"; occi.storagelink.mountpoint="/new"`;
    const reply = await endpoint.send('POST', compute, plain(line));
    const [after] = await linksOf('storagelink');
    if (reply.status < 300) expect(after!.attributes).toMatchObject({ 'occi.storagelink.mountpoint': '/new' });
    expect(await linksOf('storagelink')).toHaveLength(1);
  });

  test('one that is sent back as it was read is no new one', async () => {
    for (const mediaType of RENDERINGS) {
      const { headers, body } = await endpoint.send('GET', compute, { headers: { Accept: mediaType } });
      const sent = {
        'Content-Type': mediaType,
        ...(mediaType === 'text/occi' && { Category: headers.category!, Link: headers.link! }),
      };
      expect((await endpoint.send('POST', compute, { headers: sent, body })).status).toBe(200);
    }
    expect([...(await linksOf('networkinterface')), ...(await linksOf('storagelink'))]).toHaveLength(2);
  });
});

describe('A link at a path that the client chose', () => {
  test('is shown there by its resource, and may have a user’s mixin', async () => {
    await endpoint.send(
      'POST',
      '/-/',
      plain('Category: mine; scheme="http://example.org/tags#"; class="mixin"; location="/mine/"'),
    );
    const wanted = { ...link('networkinterface', web, net), mixins: ['http://example.org/tags#mine'] };
    expect((await endpoint.send('PUT', '/networkinterface/first', entity('text/plain', wanted))).status).toBe(201);
    expect(await list(endpoint, '/networkinterface/')).toEqual(['/networkinterface/first']);
    expect(await list(endpoint, '/mine/')).toEqual(['/networkinterface/first']);
    expect((await endpoint.send('GET', web)).body).toContain('self="/networkinterface/first"');
    expect((await endpoint.send('DELETE', '/networkinterface/first')).status).toBe(200);
    expect(await list(endpoint, '/mine/')).toEqual([]);
  });

  test('inline links may have a user’s mixin too', async () => {
    await endpoint.send(
      'POST',
      '/-/',
      plain('Category: mine; scheme="http://example.org/tags#"; class="mixin"; location="/mine/"'),
    );
    const tagged = `Link: <${net}>; rel="${INFRASTRUCTURE}network"; category="${INFRASTRUCTURE}networkinterface http://example.org/tags#mine"`;
    const bare = `Link: <${disk}>; rel="${INFRASTRUCTURE}storage"; category="${INFRASTRUCTURE}storagelink"`;
    await endpoint.send(
      'POST',
      '/compute/',
      plain(`Category: ${category(`${INFRASTRUCTURE}compute`, 'kind')}`, bare, tagged),
    );
    expect(await list(endpoint, '/mine/')).toEqual(await list(endpoint, '/networkinterface/'));
  });
});
