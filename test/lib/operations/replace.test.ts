import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Call, type Endpoint, startEndpoint } from '../../endpoint.ts';
import { CRTP, category, entity, INFRASTRUCTURE, list, make, OS_TPL, plain, RENDERINGS, read } from './payloads.ts';

const TAG = 'http://example.org/tags#mine';
const USER_DATA = `${INFRASTRUCTURE.replace('#', '')}/compute#user_data`;
const SSH_KEY = `${INFRASTRUCTURE.replace('#', '')}/credentials#ssh_key`;

describe('PUT sends back everything that was read, and nothing changes (D-3, D-4)', () => {
  let endpoint: Endpoint;
  beforeAll(async () => {
    endpoint = await startEndpoint({ cloud: { bootDelay: 0 } });
    await endpoint.send('POST', '/-/', plain(`Category: ${category(TAG, 'mixin')}; location="/mine/"`));
    const disk = await make(endpoint, {
      kind: 'storage',
      attributes: { 'occi.storage.size': 1.5, 'occi.core.summary': 'a disk' },
    });
    const net = await make(endpoint, {
      kind: 'network',
      mixins: [`${INFRASTRUCTURE.replace('#', '')}/network#ipnetwork`],
      attributes: {
        'occi.network.vlan': 7,
        'occi.network.address': '10.9.0.0/24',
        'occi.network.allocation': 'static',
      },
    });
    const group = await make(endpoint, {
      kind: 'securitygroup',
      attributes: {
        'occi.securitygroup.rules': [{ type: 'inbound', protocol: 'tcp', port: '22', range: '0.0.0.0/0' }],
      },
    });
    await make(endpoint, {
      kind: 'ipreservation',
      mixins: ['http://dummy.example.org/occi/infrastructure/floatingippool#floating'],
    });
    await make(endpoint, {
      kind: 'compute',
      mixins: [`${OS_TPL}rocky9`, `${CRTP}small`, TAG, USER_DATA, SSH_KEY],
      attributes: {
        'occi.core.title': 'a "quoted", title; with = and \\',
        'occi.core.summary': 'naïve', // beyond ASCII: only where the rendering can carry it
        'occi.compute.share': 3,
        'occi.compute.userdata': 'I2Nsb3VkLWNvbmZpZw==',
        'occi.credentials.ssh.publickey': 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 me@here',
      },
      links: [
        { kind: 'storagelink', target: disk, attributes: { 'occi.storagelink.mountpoint': '/srv' } },
        { kind: 'networkinterface', target: net },
        { kind: 'securitygrouplink', target: group },
      ],
    });
  });
  afterAll(() => endpoint.stop());

  const KINDS = [
    'compute',
    'storage',
    'network',
    'securitygroup',
    'ipreservation',
    'networkinterface',
    'storagelink',
    'securitygrouplink',
  ];
  const pairs = RENDERINGS.flatMap((mediaType) => KINDS.map((kind) => [mediaType, kind] as const));

  test.each(pairs)('in %s, a %s', async (mediaType, kind) => {
    for (const path of await list(endpoint, `/${kind}/`)) {
      let before = await read(endpoint, path);
      let got = await endpoint.send('GET', path, { headers: { Accept: mediaType } });
      if (mediaType === 'text/occi' && got.status === 406) {
        expect(before.summary).toBe('naïve');
        await endpoint.send('POST', path, plain('X-OCCI-Attribute: occi.core.summary="plain"'));
        before = await read(endpoint, path);
        got = await endpoint.send('GET', path, { headers: { Accept: mediaType } });
      }
      expect(got.status).toBe(200);
      const headers: Record<string, string> = { 'Content-Type': mediaType, Accept: mediaType };
      for (const name of ['category', 'link', 'x-occi-attribute'])
        if (got.headers[name]) headers[name] = got.headers[name];
      const call: Call = { headers, body: got.body };
      for (const method of ['PUT', 'POST']) {
        const reply = await endpoint.send(method, path, call);
        expect([reply.status, reply.body]).toEqual([200, got.body]);
        expect(await read(endpoint, path)).toEqual(before);
      }
    }
  });
});

describe('PUT on an entity', () => {
  let endpoint: Endpoint;
  let path: string;
  beforeEach(async () => {
    endpoint = await startEndpoint();
    path = await make(endpoint, {
      kind: 'compute',
      attributes: { 'occi.core.title': 'web', 'occi.core.summary': 'front', 'occi.compute.share': 5 },
    });
  });
  afterEach(() => endpoint.stop());
  const put = (mediaType: (typeof RENDERINGS)[number], wanted: Parameters<typeof entity>[1]) =>
    endpoint.send('PUT', path, entity(mediaType, wanted));

  test.each(RENDERINGS)('takes away what is left out, in %s (H11-16)', async (mediaType) => {
    expect((await put(mediaType, { kind: 'compute', attributes: { 'occi.core.title': 'new' } })).status).toBe(200);
    const { title, summary, attributes } = await read(endpoint, path);
    expect([title, summary, attributes['occi.compute.share']]).toEqual(['new', undefined, undefined]);
    expect(attributes['occi.compute.state']).toBe('active');
  });

  test('drops the user’s mixins that are left out, and leaves the links (HTTP-27)', async () => {
    await endpoint.send('POST', '/-/', plain(`Category: ${category(TAG, 'mixin')}; location="/mine/"`));
    await endpoint.send('POST', '/mine/', plain(`X-OCCI-Location: ${path}`));
    const disk = await make(endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
    await endpoint.send('POST', path, entity('text/plain', { links: [{ kind: 'storagelink', target: disk }] }));
    await put('text/plain', { kind: 'compute' });
    const { mixins, links } = await read(endpoint, path);
    expect(mixins).not.toContain(TAG);
    expect(links).toHaveLength(1);
  });

  test.each(RENDERINGS)('refuses a new Link and changes nothing, in %s (H11-16, D-3)', async (mediaType) => {
    const disk = await make(endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
    const links = [{ kind: 'storagelink', target: disk }];
    expect((await put(mediaType, { kind: 'compute', links })).status).toBe(400);
    expect((await read(endpoint, path)).title).toBe('web');
  });

  test.each(RENDERINGS)('refuses to change what is immutable, in %s (D-4, CORE-26)', async (mediaType) => {
    const changes: Record<string, string>[] = [
      { 'occi.core.id': 'urn:uuid:0c1c4d2e-5d0e-4a57-9f0b-0d2f4f1f8f0c' },
      { 'occi.compute.state': 'inactive' },
    ];
    for (const attributes of changes) {
      const reply = await put(mediaType, { kind: 'compute', attributes });
      expect(reply.status).toBe(403);
      expect(reply.body).toContain(Object.keys(attributes)[0]);
    }
    expect((await read(endpoint, path)).title).toBe('web');
  });

  test.each(RENDERINGS)('refuses another kind, no kind and unknown names, in %s (CORE-8, D-5)', async (mediaType) => {
    expect((await put(mediaType, { kind: 'storage' })).status).toBe(400);
    expect((await put(mediaType, { attributes: { 'occi.core.title': 'x' } })).status).toBe(400);
    expect((await put(mediaType, { kind: 'compute', attributes: { 'org.example.none': 1 } })).status).toBe(400);
    expect((await put(mediaType, { kind: 'compute', mixins: ['http://example.org/none#none'] })).status).toBe(400);
    expect((await read(endpoint, path)).title).toBe('web');
  });

  test('of nothing is 400', async () => {
    expect((await endpoint.send('PUT', path)).status).toBe(400);
  });
});
