/** A Neutron without its router plugin, as private clouds with provider networks have it: no routers, no floating addresses. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { entity, list, make, read } from '../../../lib/operations/payloads.ts';
import { type Alice, startAlice } from '../alice.ts';

const KINDS = [
  'compute',
  'storage',
  'network',
  'securitygroup',
  'ipreservation',
  'networkinterface',
  'storagelink',
  'securitygrouplink',
] as const;

const JSON_TYPE = 'application/occi+json';

let alice: Alice;
afterEach(() => alice.stop());

const statusOf = async (path: string, accept: string) =>
  (await alice.endpoint.send('GET', path, { headers: { accept } })).status;

/** A machine on a network, and the network. */
async function startMachine() {
  const net = await make(alice.endpoint, {
    kind: 'network',
    mixins: ['http://schemas.ogf.org/occi/infrastructure/network#ipnetwork'],
    attributes: { 'occi.network.address': '10.91.0.0/24' },
  });
  const vm = await make(alice.endpoint, { kind: 'compute', links: [{ kind: 'networkinterface', target: net }] });
  return { net, vm };
}

describe('On a cloud without routers and floating addresses', () => {
  beforeEach(async () => {
    alice = await startAlice({ neutronWithout: ['routers', 'floatingips'] });
  });

  test('every kind is listed, and so is everything', async () => {
    const { net, vm } = await startMachine();
    await alice.cloud.site.steps.settle();
    for (const accept of [JSON_TYPE, 'text/plain', 'text/uri-list'])
      for (const path of ['/', '/link/', ...KINDS.map((kind) => `/${kind}/`)])
        expect([path, accept, await statusOf(path, accept)]).toEqual([path, accept, 200]);
    expect(await list(alice.endpoint, '/compute/')).toEqual([vm]);
    expect(await list(alice.endpoint, '/network/')).toContain(net);
    expect(await list(alice.endpoint, '/ipreservation/')).toEqual([]);
  });

  test('a machine is shown from its create on, while Nova has not bound its port', async () => {
    alice.cloud.site.steps.hold();
    const { vm } = await startMachine();
    const shown = await read(alice.endpoint, vm);
    expect(shown.links).toHaveLength(2);
  });

  test('a network is deleted', async () => {
    const { net, vm } = await startMachine();
    await alice.cloud.site.steps.settle();
    expect((await alice.endpoint.send('DELETE', vm)).status).toBe(200);
    await alice.cloud.site.steps.settle();
    const gone = await alice.eventually(
      () => alice.endpoint.send('DELETE', net),
      ({ status }) => status !== 409,
    );
    expect(gone.status).toBe(200);
    expect((await alice.endpoint.send('GET', net)).status).toBe(404);
    expect(await list(alice.endpoint, '/network/')).not.toContain(net);
  });

  test('an address cannot be reserved, and there is none', async () => {
    const { status, body } = await alice.endpoint.send(
      'POST',
      '/ipreservation/',
      entity('text/plain', { kind: 'ipreservation' }),
    );
    expect([status, body]).toEqual([501, expect.stringContaining('The network service of this cloud cannot do this.')]);
    const none = '/ipreservation/7ee45757-09e6-46e6-9bc8-847da7c611f0';
    expect(await statusOf(none, 'text/plain')).toBe(404);
  });
});

test('On a cloud without security groups none is listed', async () => {
  alice = await startAlice({ neutronWithout: ['security-groups', 'security-group-rules'] });
  for (const accept of [JSON_TYPE, 'text/plain'])
    for (const path of ['/', '/securitygroup/']) expect([path, await statusOf(path, accept)]).toEqual([path, 200]);
});

test.each([
  ['ports', '/compute/', 501],
  ['subnets', '/network/', 501],
])('404 of %s never says that what was asked for is not there', async (collection, path, status) => {
  alice = await startAlice({ neutronWithout: [collection] });
  const reply = await alice.endpoint.send('GET', path, { headers: { accept: JSON_TYPE } });
  expect([reply.status, reply.body]).toEqual([status, expect.stringContaining('cannot do this')]);
});
