/** What real clients expect of discovery and of creation, by the rows of the table of expectations. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../endpoint.ts';
import * as im from './im.ts';
import * as jocci from './jocci.ts';
import { accepting, attributeLine, kindLine, make, makeLinkedMachine, makeVolume, text } from './payloads.ts';
import { createdAt, mediaTypeOf, readEntity, readModel } from './rocci.ts';
import * as vmdirac from './vmdirac.ts';

const MEDIA_TYPES = ['text/plain', 'text/occi', 'application/occi+json'] as const;

describe('expectations of discovery and creation', () => {
  let endpoint: Endpoint;
  let machine: string;

  beforeAll(async () => {
    endpoint = await startEndpoint();
    ({ machine } = await makeLinkedMachine(endpoint));
  });
  afterAll(() => endpoint.stop());

  const get = (path: string, mediaType: string) => endpoint.send('GET', path, accepting(mediaType));
  const pathOf = (url: string) => url.replace(endpoint.url, '');

  test('CLIENT-1: rOCCI-cli, IM and VMDIRAC send two types in one Content-Type and in Accept', async () => {
    const headers = { 'Content-Type': 'text/plain,text/occi', Accept: 'text/plain,text/occi' };
    const created = await endpoint.send('POST', '/compute/', { headers, body: kindLine('compute') });
    expect([created.status, mediaTypeOf(created)]).toEqual([201, 'text/plain']);
    const shown = await endpoint.send('GET', pathOf(createdAt(created)!), { headers });
    expect([shown.status, mediaTypeOf(shown)]).toEqual([200, 'text/plain']);
  });

  test('CLIENT-2: IM takes all that follows the last slash of the body for the id of its volume', async () => {
    const body =
      'Category: storage; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"\n' +
      'X-OCCI-Attribute: occi.core.id="im-vol-5dd8ac3e-c6e1-11f0-9f0e-0242ac110002"\n' +
      'X-OCCI-Attribute: occi.core.title="im-disk-1"\nX-OCCI-Attribute: occi.storage.size=10\n';
    const created = await endpoint.send('POST', '/storage/', { headers: im.HEADERS_WITH_BODY, body });
    expect(created.status).toBe(201);
    const id = im.basename(created.body);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect((await endpoint.send('GET', `/storage/${id}`, { headers: im.HEADERS })).status).toBe(200);
  });

  test('CLIENT-3: VMDIRAC creates with 201 and the URL as the last word, and deletes with 200', async () => {
    const headers = vmdirac.HEADERS_WITH_BODY;
    const created = await endpoint.send('POST', '/compute/', { headers, body: kindLine('compute').trim() });
    expect(created.status).toBe(201);
    const url = vmdirac.words(created.body).at(-1)!;
    expect(url).toBe(created.headers.location);
    const path = `/compute//${im.basename(url)}`;
    expect((await endpoint.send('DELETE', path, { headers: vmdirac.HEADERS })).status).toBe(200);
  });

  test.each(MEDIA_TYPES)('CLIENT-4: rOCCI-api finds Location after a create in %s', async (mediaType) => {
    const created = await endpoint.send('POST', '/compute/', text(kindLine('compute'), mediaType));
    expect(created.status).toBe(201);
    const shown = await get(pathOf(createdAt(created)!), mediaType);
    expect(shown.status).toBe(200);
    expect(created.headers.location).toBe(createdAt(created));
  });

  test('CLIENT-5: jOCCI finds the new entity in either text rendering, and its id in the headers', async () => {
    const plain = await endpoint.send('POST', '/compute/', {
      headers: jocci.headers('text/plain'),
      body: kindLine('compute'),
    });
    const category = 'compute;scheme="http://schemas.ogf.org/occi/infrastructure#";class="kind"';
    const occi = await endpoint.send('POST', '/compute/', {
      headers: { ...jocci.headers('text/occi'), Category: category },
    });
    for (const created of [plain, occi]) expect(jocci.locationsIn(created)).toEqual([created.headers.location]);
    expect(occi.headers['x-occi-location']).toBe(occi.headers.location);
    const shown = await endpoint.send('GET', pathOf(occi.headers.location!), { headers: jocci.headers('text/occi') });
    expect(shown.headers.category).toMatch(/^compute; .*class="kind"/);
    expect(jocci.attributesInHeaders(shown).get('occi.core.id')).toContain(im.basename(occi.headers.location!));
  });

  test('CLIENT-5: jOCCI loses no attribute when it cuts the header at its commas', async () => {
    const shown = await endpoint.send('GET', machine, { headers: jocci.headers('text/occi') });
    const { attributes } = readEntity(await get(machine, 'text/plain'));
    expect([...jocci.attributesInHeaders(shown).keys()]).toEqual(Object.keys(attributes));
  });

  test.each([
    ['jOCCI', jocci.headers('text/plain')],
    ['IM', im.HEADERS],
    ['VMDIRAC', { ...vmdirac.HEADERS, 'Content-Type': 'text/plain' }],
  ])('CLIENT-6: %s probes with HEAD, perhaps with a Content-Type and no body', async (_client, headers) => {
    for (const path of ['/-/', '/compute/', machine, '/', '/compute/nothing']) {
      const [head, shown] = [
        await endpoint.send('HEAD', path, { headers }),
        await endpoint.send('GET', path, { headers }),
      ];
      expect([path, head.status, head.body]).toEqual([path, shown.status, '']);
      expect(head.headers['content-type']).toBe(shown.headers['content-type']);
    }
  });

  test('CLIENT-8: pOCCI appends the location of a category to the endpoint', async () => {
    const located = readModel(await get('/-/', 'text/plain')).filter(({ location }) => location);
    for (const { location } of located) {
      const { hostname, pathname } = new URL(endpoint.url + location);
      expect([hostname, pathname]).toEqual(['127.0.0.1', location]);
      const listed = await get(pathname, 'text/plain');
      expect([location, listed.status]).toEqual([location, 200]);
    }
  });

  test('CLIENT-9: VMDIRAC misses nothing but entity when it drops the first line, and rOCCI 5 meets no blank one', async () => {
    const { body } = await endpoint.send('GET', '/-/', { headers: { Accept: 'text/plain,text/occi' } });
    expect(body).toMatch(/^Category: entity;/);
    const schemes = vmdirac.schemesIn(body);
    expect([...schemes.keys()].sort()).toEqual(['action', 'kind', 'mixin']);
    expect(schemes.get('kind')!.has('entity')).toBe(false);
    const lines = ['compute', 'user_data', 'debian12', 'small'].map((term) =>
      vmdirac.renderCategory(schemes, term, term === 'compute' ? 'kind' : 'mixin'),
    );
    const rest =
      attributeLine('occi.core.id', '4b1f3a5e-0000-4000-8000-000000000001') +
      attributeLine('occi.core.title', 'f00d1234') +
      'X-OCCI-Attribute: org.openstack.compute.user_data="I2Nsb3VkLWNvbmZpZwo="';
    const created = await endpoint.send('POST', '/compute/', {
      headers: vmdirac.HEADERS_WITH_BODY,
      body: lines.join('') + rest,
    });
    expect([created.status, created.body]).toEqual([201, created.body]);
  });

  test('CLIENT-15: IM finds the scheme of each template by the first line that begins like its term', async () => {
    const model = await get('/-/', 'text/plain');
    for (const base of ['os_tpl', 'resource_tpl']) {
      const of = readModel(model).filter(({ rel }) =>
        rel.includes(`http://schemas.ogf.org/occi/infrastructure#${base}`),
      );
      expect(of.length).toBeGreaterThan(1);
      for (const { term, scheme } of of) expect([term, im.schemeOf(model.body, term, base)]).toEqual([term, scheme]);
    }
  });

  test('CLIENT-16: IM makes ids of its own for a machine, its volumes and its links', async () => {
    const [volume, network] = [im.basename(await makeVolume(endpoint)), im.basename(await make(endpoint, 'network'))];
    const link = (kind: string, of: string, id: string, link: string) =>
      `Link: </${of}/${id}>; rel="http://schemas.ogf.org/occi/infrastructure#${of}"; self="/${kind}/${link}"; ` +
      `category="http://schemas.ogf.org/occi/infrastructure#${kind}"; occi.core.target="/${of}/${id}"; ` +
      `occi.core.source="/compute/im-3e5a"; occi.core.id="${link}"`;
    const body =
      kindLine('compute') +
      'Category: debian12; scheme="http://dummy.example.org/occi/infrastructure/os_tpl#"; class="mixin"\n' +
      'X-OCCI-Attribute: occi.compute.cores=1\nX-OCCI-Attribute: occi.compute.memory=1.0\n' +
      'X-OCCI-Attribute: occi.core.id="im-3e5a"\nX-OCCI-Attribute: occi.core.title="im-1732222222"\n' +
      'X-OCCI-Attribute: occi.compute.hostname="vnode-1"\n' +
      `${link('storagelink', 'storage', volume, 'im-41aa')};occi.storagelink.deviceid="/dev/vdb"\n` +
      `${link('networkinterface', 'network', network, 'im-42bb')}\n`;
    const created = await endpoint.send('POST', '/compute/', { headers: im.HEADERS_WITH_BODY, body });
    expect([created.status, created.body]).toEqual([201, created.body]);
    const id = im.basename(created.headers.location!);
    const shown = await endpoint.send('GET', `/compute/${id}`, { headers: im.HEADERS });
    expect(im.attachedVolumes(shown.body)).toMatchObject([{ storage: `/storage/${volume}`, device: '/dev/vdb' }]);
    expect(readEntity(shown).links.map(({ target }) => target)).toContain(`/network/${network}`);
  });
});
