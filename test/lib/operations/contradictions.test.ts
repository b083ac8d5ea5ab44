/** What a request says twice must be the same: two values, two ends, two kinds are 400, and nothing is made of them. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Call, type Endpoint, startEndpoint } from '../../endpoint.ts';
import { category, INFRASTRUCTURE, list, make, pathOf, plain, read } from './payloads.ts';

let endpoint: Endpoint;
let [web, na, nb, disk, address] = ['', '', '', '', ''];
const idOf = new Map<string, string>();

beforeAll(async () => {
  endpoint = await startEndpoint();
  web = await make(endpoint, { kind: 'compute' });
  na = await make(endpoint, { kind: 'network' });
  nb = await make(endpoint, { kind: 'network' });
  disk = await make(endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
  address = await make(endpoint, { kind: 'ipreservation' });
  for (const path of [web, na, nb, disk]) idOf.set(path, (await read(endpoint, path)).id);
});
afterAll(() => endpoint.stop());

const INTERFACE = `${INFRASTRUCTURE}networkinterface`;
const NETWORK = `${INFRASTRUCTURE}network`;
const COMPUTE = `Category: ${category(`${INFRASTRUCTURE}compute`, 'kind')}`;

/** An inline link as a line; `rel` and category are those of a network interface to a network. */
const line = (target: string, more = '', rel = NETWORK, of = INTERFACE) =>
  `Link: <${target}>; rel="${rel}"; category="${of}"${more}`;

const json = (body: object): Call => ({
  headers: { 'Content-Type': 'application/occi+json', Accept: 'application/occi+json' },
  body: JSON.stringify(body),
});
const withLink = (link: object) => json({ kind: `${INFRASTRUCTURE}compute`, links: [{ kind: INTERFACE, ...link }] });
const inText = (link: string, ...lines: string[]) => plain(COMPUTE, ...lines, link);

/** Sends a create that must be refused; how many there are stays. */
async function refuse(call: Call, says: RegExp, path = '/compute/') {
  const before = await list(endpoint, '/');
  const { status, body } = await endpoint.send('POST', path, call);
  expect([status, body]).toEqual([400, expect.stringMatching(says)]);
  expect(await list(endpoint, '/')).toEqual(before);
}

/** Where the link of a new machine leads. */
async function targetOf(call: Call): Promise<string> {
  const { status, headers, body } = await endpoint.send('POST', '/compute/', call);
  if (status !== 201) throw new Error(`${status}: ${body}`);
  const { links } = await read(endpoint, pathOf(headers.location!));
  return links[0].target.location;
}

describe('The target of an inline link', () => {
  test('given as two networks is 400', async () => {
    await refuse(inText(line(na, `; occi.core.target="${nb}"`)), /two targets/);
    await refuse(withLink({ target: na, attributes: { 'occi.core.target': nb } }), /two targets/);
    await refuse(withLink({ target: { location: na }, attributes: { occi: { core: { target: nb } } } }), /two targets/);
  });

  test('given twice in different words is one target', async () => {
    for (const other of [na, endpoint.url + na, `/${na}`, idOf.get(na), idOf.get(na)!.slice(9)]) {
      expect(await targetOf(inText(line(na, `; occi.core.target="${other}"`)))).toBe(na);
      expect(await targetOf(withLink({ target: na, attributes: { 'occi.core.target': other } }))).toBe(na);
    }
  });

  test('stands in occi.core.target where the path in brackets is no entity', async () => {
    for (const path of ['/bar', '/network/none', '/networkinterface/', 'http://example.org/any'])
      expect(await targetOf(inText(line(path, `; occi.core.target="${nb}"`)))).toBe(nb);
  });

  test('is not to be had where neither is an entity, or where only the other is one', async () => {
    await refuse(inText(line('/bar', '; occi.core.target="/network/none"')), /does not exist/);
    await refuse(inText(line(na, '; occi.core.target="/network/none"')), /does not exist/);
    await refuse(inText(line(na, '; occi.core.target="http://example.org/network/x"')), /does not exist/);
    await refuse(withLink({ target: '/network/none', attributes: { 'occi.core.target': na } }), /does not exist/);
  });

  test('on another host is not the one here', async () => {
    await refuse(
      withLink({ target: na, attributes: { 'occi.core.target': `http://example.org${na}` } }),
      /two targets/,
    );
  });
});

describe('The kind of the target of an inline link', () => {
  test('in rel is that of the target', async () => {
    await refuse(inText(line(na, '', `${INFRASTRUCTURE}storage`)), /network, not of the kind .*#storage/);
    await refuse(inText(line(na, `; occi.core.target.kind="${INFRASTRUCTURE}storage"`)), /not of the kind .*#storage/);
    await refuse(withLink({ target: na, rel: `${INFRASTRUCTURE}storage` }), /not of the kind/);
    await refuse(withLink({ target: { location: na, kind: `${INFRASTRUCTURE}storage` } }), /not of the kind/);
    await refuse(
      withLink({ target: { location: na, kind: NETWORK }, rel: `${INFRASTRUCTURE}storage` }),
      /not of the kind/,
    );
    const attributes = { 'occi.core.target.kind': `${INFRASTRUCTURE}storage` };
    await refuse(withLink({ target: na, attributes }), /not of the kind/);
    await refuse(withLink({ target: { location: na, kind: NETWORK }, attributes }), /two different values/);
  });

  test('may be one that it inherits from', async () => {
    expect(await targetOf(inText(line(na, '', 'http://schemas.ogf.org/occi/core#resource')))).toBe(na);
    expect(await targetOf(inText(line(address)))).toBe(address);
  });

  test('decides with the category: a storage is nothing for a networkinterface', async () => {
    await refuse(inText(line(disk, '', `${INFRASTRUCTURE}storage`)), /must be a network or ipreservation/);
  });
});

describe('core#link in an inline link says only that it is a link', () => {
  const LINK = 'http://schemas.ogf.org/occi/core#link';

  test('as category: the kind follows from rel', async () => {
    expect(await targetOf(inText(line(na, '', NETWORK, LINK)))).toBe(na);
    expect(await targetOf(inText(line(disk, '', `${INFRASTRUCTURE}storage`, LINK)))).toBe(disk);
    expect(await targetOf(withLink({ kind: LINK, target: na, rel: NETWORK }))).toBe(na);
    expect(await targetOf(withLink({ kind: LINK, target: { location: na, kind: NETWORK } }))).toBe(na);
  });

  test('as rel: the kind is in the category', async () => {
    expect(await targetOf(inText(line(na, '', LINK)))).toBe(na);
  });

  test('as both says too little', async () => {
    await refuse(inText(line(na, '', LINK, LINK)), /names no kind of link/);
  });
});

describe('The source of an inline link', () => {
  const ID = '0c1c4d2e-5d0e-4a57-9f0b-0d2f4f1f8f0c';

  test('that is another entity is 400', async () => {
    await refuse(inText(line(na, `; occi.core.source="${web}"`)), /not the compute that holds it/);
    await refuse(withLink({ target: na, source: web }), /not the compute that holds it/);
    await refuse(withLink({ target: na, source: { location: idOf.get(web) } }), /not the compute that holds it/);
    const attributes = { 'occi.core.source': web };
    await refuse(withLink({ target: na, source: `/compute/${ID}`, attributes }), /not the compute that holds it/);
  });

  test('that is another one of the same request is 400', async () => {
    const other = { kind: `${INFRASTRUCTURE}compute`, id: `urn:uuid:${ID}` };
    const links = [{ kind: INTERFACE, target: na, source: `/compute/${ID}` }];
    const resources = [other, { kind: `${INFRASTRUCTURE}compute`, id: 'urn:uuid:other', links }];
    await refuse(json({ resources }), /not the compute that holds it/);
  });

  test('may be the name that the client gives to what is made', async () => {
    for (const source of [`/compute/${ID}`, `urn:uuid:${ID}`, ID, '/compute/im-1', '/compute/x']) {
      const own = `X-OCCI-Attribute: occi.core.id="${ID}"`;
      expect(await targetOf(inText(line(na, `; occi.core.source="${source}"`), own))).toBe(na);
      expect(await targetOf(withLink({ target: na, source }))).toBe(na);
    }
  });

  test('has the kind of what holds it', async () => {
    const source = { location: '/compute/x', kind: `${INFRASTRUCTURE}storage` };
    await refuse(withLink({ target: na, source }), /compute, not of the kind .*#storage/);
    expect(await targetOf(withLink({ target: na, source: { ...source, kind: `${INFRASTRUCTURE}compute` } }))).toBe(na);
  });

  test('in an update is the entity that is updated', async () => {
    const other = await make(endpoint, { kind: 'compute' });
    await refuse(plain(line(na, `; occi.core.source="${web}"`)), /not the compute that holds it/, other);
    await refuse(plain(line(na, '; occi.core.source="/compute/x"')), /not the compute that holds it/, other);
    const reply = await endpoint.send('POST', other, plain(line(na, `; occi.core.source="${endpoint.url}${other}"`)));
    expect(reply.status).toBe(200);
  });
});

describe('A link of its own', () => {
  const post = (body: object) => json({ kind: INTERFACE, ...body });

  test('with two targets or two sources is 400', async () => {
    const attributes = { 'occi.core.target': nb };
    await refuse(post({ source: web, target: na, attributes }), /two targets/, '/networkinterface/');
    const other = await make(endpoint, { kind: 'compute' });
    const source = { 'occi.core.source': other };
    await refuse(post({ source: web, target: na, attributes: source }), /two sources/, '/networkinterface/');
  });

  test('with a kind of an end that it has not is 400', async () => {
    const storage = `${INFRASTRUCTURE}storage`;
    const target = { location: na, kind: storage };
    await refuse(post({ source: web, target }), /not of the kind/, '/networkinterface/');
    await refuse(
      post({ source: { location: web, kind: storage }, target: na }),
      /not of the kind/,
      '/networkinterface/',
    );
    await refuse(post({ source: web, target: na, rel: storage }), /not of the kind/, '/networkinterface/');
    const ends = (side: string) => [
      `Category: ${category(INTERFACE, 'kind')}`,
      `X-OCCI-Attribute: occi.core.source="${web}"`,
      `X-OCCI-Attribute: occi.core.target="${na}"`,
      `X-OCCI-Attribute: occi.core.${side}.kind="${storage}"`,
    ];
    await refuse(plain(...ends('target')), /not of the kind/, '/networkinterface/');
    await refuse(plain(...ends('source')), /not of the kind/, '/networkinterface/');
  });

  test('with the same ends in other words is one', async () => {
    const attributes = { 'occi.core.source': idOf.get(web), 'occi.core.target': endpoint.url + na };
    const target = { location: na, kind: NETWORK };
    const rel = 'http://schemas.ogf.org/occi/core#link';
    const reply = await endpoint.send('POST', '/networkinterface/', post({ source: web, target, attributes, rel }));
    expect(reply.status).toBe(201);
  });
});

describe('A link that comes back with its machine', () => {
  let machine: string;
  let link: string;
  beforeAll(async () => {
    machine = await make(endpoint, { kind: 'compute', links: [{ kind: 'networkinterface', target: na }] });
    const { id } = (await read(endpoint, machine)).links[0];
    link = `/networkinterface/${id.slice(9)}`;
  });

  test.each(['POST', 'PUT'])('leads where it leads, by %s', async (method) => {
    const send = (one: string) => endpoint.send(method, machine, plain(COMPUTE, one));
    const wrong = await send(line(nb, `; self="${link}"`));
    expect([wrong.status, wrong.body]).toEqual([400, expect.stringMatching(/two targets/)]);
    const storage = await send(line(na, `; self="${link}"`, `${INFRASTRUCTURE}storage`));
    expect([storage.status, storage.body]).toEqual([400, expect.stringMatching(/not of the kind/)]);
    const of = await send(line(na, `; self="${link}"`, NETWORK, `${INFRASTRUCTURE}storagelink`));
    expect(of.status).toBe(400);
    const from = await send(line(na, `; self="${link}"; occi.core.source="${web}"`));
    expect(from.status).toBe(400);
    for (const same of [na, endpoint.url + na])
      expect((await send(line(same, `; self="${link}"; occi.core.source="${machine}"`))).status).toBe(200);
    expect((await send(line('/bar', `; self="${link}"; occi.core.target="${na}"`))).status).toBe(200);
    expect((await read(endpoint, machine)).links).toHaveLength(1);
  });

  test.each([
    'occi.core.title="another"',
    'occi.core.id="1c1c4d2e-5d0e-4a57-9f0b-0d2f4f1f8f0c"',
    'occi.networkinterface.state="inactive"',
    'occi.networkinterface.interface="eth9"',
    'occi.networkinterface.mac="02:00:00:00:00:01"',
    'no.such.attribute="x"',
  ])('is changed at the link itself, if at all: %s', async (attribute) => {
    for (const method of ['POST', 'PUT']) {
      const { status, body } = await endpoint.send(
        method,
        machine,
        plain(COMPUTE, line(na, `; self="${link}"; ${attribute}`)),
      );
      expect([status, body]).toEqual([400, expect.stringContaining(attribute.slice(0, attribute.indexOf('=')))]);
    }
  });

  test('is no way to what another host has', async () => {
    for (const elsewhere of [`http://other.example.org${na}`, `ftp://other.example.org${na}`]) {
      const { status } = await endpoint.send('POST', link, json({ target: elsewhere }));
      expect([elsewhere, status]).toEqual([elsewhere, 501]);
      const query = `attribute=occi.core.target&value=${encodeURIComponent(elsewhere)}`;
      expect((await endpoint.send('GET', `/networkinterface/?${query}`)).body).toBe('');
    }
    expect((await endpoint.send('POST', link, json({ target: endpoint.url + na }))).status).toBe(200);
  });

  test('brings no mixin that it has not', async () => {
    const mixin = 'http://schemas.ogf.org/occi/infrastructure/networkinterface#ipnetworkinterface';
    const { status } = await endpoint.send(
      'POST',
      machine,
      plain(line(na, `; self="${link}"`, NETWORK, `${INTERFACE} ${mixin}`)),
    );
    expect(status).toBe(400);
  });
});

describe('Members of a JSON entity and its attributes', () => {
  const KIND = `${INFRASTRUCTURE}compute`;

  test.each([
    [
      'id',
      'occi.core.id',
      'urn:uuid:0c1c4d2e-5d0e-4a57-9f0b-0d2f4f1f8f0c',
      'urn:uuid:1c1c4d2e-5d0e-4a57-9f0b-0d2f4f1f8f0c',
    ],
    ['title', 'occi.core.title', 'one', 'two'],
    ['summary', 'occi.core.summary', 'one', 'two'],
  ])('%s and %s with two values are 400, with one they are taken', async (member, name, one, other) => {
    await refuse(json({ kind: KIND, [member]: one, attributes: { [name]: other } }), /two different values/);
    const same = json({ kind: KIND, [member]: one, attributes: { [name]: one } });
    expect((await endpoint.send('POST', '/compute/', same)).status).toBe(201);
  });

  test('an id may be a URN in one place and bare in the other', async () => {
    const id = '0c1c4d2e-5d0e-4a57-9f0b-0d2f4f1f8f0c';
    const call = json({ kind: KIND, id: `urn:uuid:${id}`, attributes: { 'occi.core.id': id.toUpperCase() } });
    expect((await endpoint.send('POST', '/compute/', call)).status).toBe(201);
  });

  test('an update with two titles changes nothing', async () => {
    const call = json({ title: 'one', attributes: { 'occi.core.title': 'two' } });
    expect((await endpoint.send('POST', web, call)).status).toBe(400);
    expect((await read(endpoint, web)).title).toBeUndefined();
  });

  test('a resource has no ends', async () => {
    await refuse(json({ kind: KIND, target: na }), /occi\.core\.target/);
    await refuse(plain(COMPUTE, `X-OCCI-Attribute: occi.core.source="${web}"`), /occi\.core\.source/);
  });
});

describe('A JSON collection', () => {
  const resources = [{ kind: `${INFRASTRUCTURE}compute` }];

  test('with a kind beside entities of another kind is 400', async () => {
    for (const path of ['/', '/compute/', '/resource/'])
      await refuse(json({ kinds: [NETWORK], resources }), /#network/, path);
  });

  test('with mixins that no entity has is 400', async () => {
    const mixins = ['http://schemas.ogf.org/occi/infrastructure/compute/template/1.1#medium'];
    await refuse(json({ mixins, resources }), /#medium/);
  });

  test('with the kind of its entities makes just these', async () => {
    const reply = await endpoint.send('POST', '/compute/', json({ kinds: [`${INFRASTRUCTURE}compute`], resources }));
    expect([reply.status, JSON.parse(reply.body).kind]).toEqual([201, `${INFRASTRUCTURE}compute`]);
  });

  test('has links among the links and resources among the resources', async () => {
    await refuse(json({ links: resources }), /links\[0\]\.kind/, '/');
    const ends = { source: web, target: na };
    await refuse(json({ resources: [{ kind: INTERFACE, ...ends }] }), /resources\[0\]\.kind/, '/');
  });
});
