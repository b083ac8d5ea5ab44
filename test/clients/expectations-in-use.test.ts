/** What real clients expect of entities in use, by the rows of the table of expectations. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../endpoint.ts';
import * as im from './im.ts';
import {
  accepting,
  actionLine,
  addressedNetwork,
  attributeLine,
  ends,
  make,
  makeLinkedMachine,
  makeVolume,
  text,
} from './payloads.ts';
import { createdAt, mediaTypeOf, ROCCI, readEntity, readModel, readUriList } from './rocci.ts';
import { INFRASTRUCTURE } from './seen.ts';
import * as vmdirac from './vmdirac.ts';

describe('expectations of entities in use', () => {
  let endpoint: Endpoint;

  beforeAll(async () => {
    endpoint = await startEndpoint();
  });
  afterAll(() => endpoint.stop());

  const get = (path: string, mediaType = 'text/plain') => endpoint.send('GET', path, accepting(mediaType));
  const asIm = (method: string, path: string, body?: string) =>
    endpoint.send(method, path, body === undefined ? { headers: im.HEADERS } : { headers: im.HEADERS_WITH_BODY, body });
  const pathOf = (url: string) => url.replace(endpoint.url, '');

  test('CLIENT-18: IM stops by suspend, starts, reboots by restart, and reads the state from the line', async () => {
    const machine = await make(endpoint, 'compute');
    for (const [action, state] of [
      ['suspend', 'suspended'],
      ['start', 'active'],
      ['restart', 'active'],
    ] as const) {
      const acted = await asIm('POST', `${machine}?action=${action}`, actionLine(action));
      expect([action, acted.status]).toEqual([action, 200]);
      expect(im.attributeValue((await asIm('GET', machine)).body, 'occi.compute.state')).toBe(state);
    }
  });

  test('CLIENT-18: IM waits until its new volume says online', async () => {
    const { body } = await asIm('GET', await makeVolume(endpoint));
    expect(im.attributeValue(body, 'occi.storage.state')).toBe('online');
  });

  test('CLIENT-19: IM posts links to the location of their kind, with paths for ends', async () => {
    const model = (await asIm('GET', '/-/')).body;
    const [machine, volume] = [await make(endpoint, 'compute'), await makeVolume(endpoint)];
    await addressedNetwork(endpoint);
    const networks = im.locations((await asIm('GET', '/network/')).body).map(im.basename);
    for (const [kind, target] of [
      ['storagelink', volume],
      ['networkinterface', `/network/${networks.at(-1)}`],
    ] as const) {
      const body =
        `Category: ${kind};scheme="${INFRASTRUCTURE}";class="kind"\n${attributeLine('occi.core.id', 'imdisk-77ab')}` +
        ends(machine, target).trimEnd();
      const linked = await asIm('POST', im.propertyOf(model, kind, 'location')!, body);
      expect([kind, linked.status, linked.body]).toEqual([kind, 201, linked.body]);
    }
  });

  test('CLIENT-19: rOCCI-cli sees by the path of a target which kind of link leads there', async () => {
    const machine = await make(endpoint, 'compute');
    const links = { storage: 'storagelink', network: 'networkinterface', securitygroup: 'securitygrouplink' } as const;
    for (const [kind, link] of Object.entries({ ...links, ipreservation: 'networkinterface' })) {
      const target = await (kind === 'storage' ? makeVolume(endpoint) : make(endpoint, kind));
      expect(target).toMatch(new RegExp(`^/${kind}/[^/]+$`));
      await make(endpoint, link, ends(machine, target));
    }
    expect(readEntity(await get(machine)).links).toHaveLength(4);
  });

  test('CLIENT-20: IM reads volumes and addresses from the Link lines, and detaches what it has read', async () => {
    const { machine, volume } = await makeLinkedMachine(endpoint);
    const { body } = await asIm('GET', machine);
    const [attached, ...more] = im.attachedVolumes(body);
    expect(more).toEqual([]);
    expect(attached!.storage).toBe(volume);
    expect(attached!.device).toMatch(/^\/dev\/\w+$/);
    const [first] = im.interfaces(body);
    expect(first!.number).toBe('0');
    expect(first!.address).toMatch(/^192\.168\.7\.\d+$/);
    expect((await asIm('GET', first!.link!)).status).toBe(200);
    const link = `/${attached!.link}`;
    expect(link).toMatch(/^\/\/storagelink\//);
    expect((await asIm('GET', link)).status).toBe(200);
    expect((await asIm('DELETE', link)).status).toBe(200);
    expect((await asIm('GET', link)).status).toBe(404);
    expect((await asIm('DELETE', volume)).status).toBe(200);
  });

  test('CLIENT-21: rOCCI-cli lists URLs that start with what its user typed, and describes each', async () => {
    await make(endpoint, 'compute');
    const typed = endpoint.url.replace('127.0.0.1', 'localhost');
    const headers = { ...ROCCI, Host: typed.replace('http://', '') };
    const listed = await endpoint.send('GET', '/compute/', { headers: { ...headers, Accept: 'text/uri-list' } });
    expect([listed.status, mediaTypeOf(listed)]).toEqual([200, 'text/uri-list']);
    for (const url of readUriList(listed)) {
      expect(url).toMatch(/^\S+$/);
      expect(url.startsWith(typed)).toBe(true);
      const path = new URL(url).pathname;
      expect((await endpoint.send('GET', path, { headers: { ...headers, Accept: 'text/plain' } })).status).toBe(200);
    }
  });

  test('CLIENT-24: VMDIRAC accepts anything, has two slashes in its paths, and reads the lines of text/plain', async () => {
    const machine = im.basename(await make(endpoint, 'compute'));
    const shown = await endpoint.send('GET', `/compute//${machine}`, { headers: vmdirac.HEADERS });
    expect([shown.status, mediaTypeOf(shown)]).toEqual([200, 'text/plain']);
    expect(vmdirac.stateIn(shown.body)).toBe('active');
    const deleted = await endpoint.send('DELETE', `/compute//${machine}`, { headers: vmdirac.HEADERS });
    expect(deleted.status).toBe(200);
    expect((await endpoint.send('GET', `/compute//${machine}`, { headers: vmdirac.HEADERS })).status).toBe(404);
  });

  test('CLIENT-24: VMDIRAC treats every line of a network listing as a network, so there is no empty line', async () => {
    const { body } = await endpoint.send('GET', '/network/', { headers: vmdirac.HEADERS });
    const there = readUriList(await get('/network/', 'text/uri-list')).map((url) => im.basename(url).trim());
    expect(vmdirac.networksIn(body)).toEqual(there);
  });

  test('IM finds the only network of a listing', async () => {
    // A page of one: the embedded cloud has networks of its own that cannot be deleted.
    const { body } = await asIm('GET', '/network/?page=1&number=1');
    const [network] = readUriList(await get('/network/', 'text/uri-list'));
    expect(im.onlyNetwork(body)).toBe(im.basename(network!));
  });

  test.each([
    ['public_key', 'http://schemas.openstack.org/instance/credentials#', 'org.openstack.credentials.publickey.data'],
    ['user_data', 'http://schemas.openstack.org/compute/instance#', 'org.openstack.compute.user_data'],
    ['ssh_key', 'http://schemas.ogf.org/occi/infrastructure/credentials#', 'occi.credentials.ssh.publickey'],
    ['user_data', `${INFRASTRUCTURE.replace('#', '/compute#')}`, 'occi.compute.userdata'],
  ])('CLIENT-25: a machine can be given %s of %s without a location', async (term, scheme, attribute) => {
    expect(readModel(await get('/-/')).map(({ id }) => id)).toContain(scheme + term);
    const value = term === 'user_data' ? 'I2Nsb3VkLWNvbmZpZwo=' : 'ssh-rsa AAAAB3NzaC1yc2E test@host';
    const mixin = `Category: ${term};scheme="${scheme}";class="mixin"\n`;
    const path = await make(
      endpoint,
      'compute',
      mixin + attributeLine('occi.core.id', 'a4eb') + attributeLine(attribute, value),
    );
    expect(readEntity(await get(path)).attributes[attribute]).toBe(value);
  });

  test.each(['text/plain', 'text/occi', 'application/occi+json'])(
    'CLIENT-26: rOCCI-cli updates with a mixin alone and finds the entity or its location, in %s',
    async (mediaType) => {
      const path = await make(endpoint, 'compute');
      const size = 'large;scheme="http://schemas.ogf.org/occi/infrastructure/compute/template/1.1#";class="mixin"';
      const updated = await endpoint.send('POST', path, text(`Category: ${size}`, mediaType));
      expect(updated.status).toBe(200);
      expect(readEntity(await get(path)).attributes['occi.compute.cores']).toBe(4);
      // The client reads the lines of a body; of headers it takes locations only, and it cannot read JSON of 1.2.
      if (mediaType === 'text/plain')
        expect(readEntity(updated).attributes['occi.core.id']).toContain(im.basename(path));
      else expect(createdAt(updated)).toBe(endpoint.url + path);
    },
  );

  test.each([
    ['an empty line', '\r\n'],
    ['line ends the wrong way round', '\n\r'],
  ])('CLIENT-27: pOCCI creates a machine by its category alone, followed by %s', async (_what, end) => {
    const body = `Category: compute;scheme="${INFRASTRUCTURE}";class="kind"${end}`;
    const created = await endpoint.send('POST', '/compute/', text(body));
    expect(created.status).toBe(201);
    expect((await get(pathOf(createdAt(created)!))).status).toBe(200);
  });

  test('CLIENT-31: rOCCI-cli finds an action by its term, since no two have the same', async () => {
    const terms = readModel(await get('/-/'))
      .filter((one) => one.class === 'action')
      .map(({ term }) => term);
    expect(terms).toEqual(expect.arrayContaining(['start', 'stop', 'restart', 'suspend', 'online', 'up']));
    expect(terms.filter((term, index) => terms.indexOf(term) !== index)).toEqual([]);
  });
});
