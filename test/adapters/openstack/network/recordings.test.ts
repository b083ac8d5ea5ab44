/** Everything of Neutron that was recorded and that the kinds of networks show: each is a valid entity, each state by name. */
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { poolMixin } from '../../../../adapters/openstack/mixins.ts';
import { network, subnet } from '../../../../adapters/openstack/native/network.ts';
import { floatingIp, port } from '../../../../adapters/openstack/native/port.ts';
import { server } from '../../../../adapters/openstack/native/server.ts';
import { toNetworkinterfaces } from '../../../../adapters/openstack/network/interface-links.ts';
import { toIpreservation } from '../../../../adapters/openstack/network/ipreservation.ts';
import { toNetwork } from '../../../../adapters/openstack/network/reads.ts';
import { portState } from '../../../../adapters/openstack/network-states.ts';
import { expectValid } from '../../../contract/adapter/validity.ts';
import { recordingsOf } from '../../../openstack/recordings.ts';

/** Every thing of this kind in any answer, whole or in a list. */
function recorded<T>(one: string, many: string, shape: z.ZodType<T>): readonly T[] {
  const holding = z.union([
    z.object({ [one]: shape }).transform((body) => [body[one] as T]),
    z.object({ [many]: z.array(shape) }).transform((body) => body[many] as T[]),
  ]);
  return recordingsOf('neutron').flatMap(({ request, response: { status, body } }) => {
    if (status >= 300 || request.path.includes('fields=')) return [];
    const isAbout = typeof body === 'object' && body !== null && (one in body || many in body);
    return isAbout ? holding.parse(body) : [];
  });
}

const NETWORKS = recorded('network', 'networks', network);
const SUBNETS = recorded('subnet', 'subnets', subnet);
const PORTS = recorded('port', 'ports', port);
const ADDRESSES = recorded('floatingip', 'floatingips', floatingIp);

const POOLS = [...new Set(ADDRESSES.map((one) => one.floating_network_id))].map((id, number) => ({
  network: id,
  name: `pool${number}`,
  title: `pool ${number}`,
}));
const OFFERED = POOLS.map(({ name, title }) => poolMixin(name, title));

describe('recorded networks', () => {
  test('are valid, with the addresses of their subnets', () => {
    expect(NETWORKS.length).toBeGreaterThan(30);
    for (const one of NETWORKS) {
      const subnets = SUBNETS.filter(({ network_id: id }) => id === one.id);
      const native = toNetwork({ network: one, subnets }, one.project_id);
      expectValid(native, []);
      expect(native.mixins.length).toBe(subnets.length > 0 ? 1 : 0);
    }
  });

  test('of another project are published, those of the caller are not', () => {
    for (const one of NETWORKS) {
      expect(toNetwork({ network: one, subnets: [] }, one.project_id).published).toBeUndefined();
      expect(toNetwork({ network: one, subnets: [] }, 'another').published).toBe(true);
    }
  });

  test('are active, or inactive where they are switched off', () => {
    const states = NETWORKS.map((one) => [
      `${one.status} ${one.admin_state_up ? 'up' : 'down'}`,
      toNetwork({ network: one, subnets: [] }, one.project_id).attributes['occi.network.state'],
    ]);
    expect(Object.fromEntries(states)).toEqual({ 'ACTIVE up': 'active', 'ACTIVE down': 'inactive' });
  });
});

describe('states that were not recorded', () => {
  const [first] = NETWORKS;
  test.each([
    ['BUILD', 'waiting', 'The network is being made.'],
    ['DOWN', 'inactive', undefined],
    ['ERROR', 'error', 'The network service of the cloud could not make the network.'],
    ['MOVING', 'waiting', 'The cloud calls this state MOVING.'],
  ])('a network in %s is %s', (status, state, message) => {
    const { attributes } = toNetwork({ network: { ...first!, status, admin_state_up: true }, subnets: [] }, 'p');
    expect([attributes['occi.network.state'], attributes['occi.network.state.message']]).toEqual([state, message]);
  });

  test('a network whose create has not ended is waiting, and shows no token', () => {
    const description = `occi-token-${'a'.repeat(43)}`;
    const { attributes } = toNetwork({ network: { ...first!, description }, subnets: [] }, 'p');
    expect(attributes['occi.network.state']).toBe('waiting');
    expect(JSON.stringify(attributes)).not.toContain('occi-token');
  });

  test('a network in error stays so when it is switched off', () => {
    const { attributes } = toNetwork(
      { network: { ...first!, status: 'ERROR', admin_state_up: false }, subnets: [] },
      'p',
    );
    expect(attributes['occi.network.state']).toBe('error');
  });
});

describe('recorded ports', () => {
  const machineOf = (ports: typeof PORTS, status: string, vm: string) => ({
    server: server.parse({
      id: '11111111-1111-4111-8111-111111111111',
      name: 'a',
      status,
      created: '2026-11-29T23:30:07Z',
      updated: '2026-11-29T23:30:07Z',
      flavor: {},
      'OS-EXT-STS:vm_state': vm,
    }),
    ports,
    floatingIps: [],
    attachments: [],
  });
  const distinct = [...new Map(PORTS.map((one) => [one.id, one])).values()];

  test('are valid interfaces with different names', () => {
    expect(distinct.length).toBeGreaterThan(20);
    const links = toNetworkinterfaces(machineOf(distinct, 'ACTIVE', 'active'));
    for (const link of links) expectValid(link, []);
    expect(new Set(links.map((link) => link.attributes['occi.networkinterface.interface'])).size).toBe(distinct.length);
  });

  test.each([
    ['ACTIVE', 'ACTIVE', 'active', 'active'],
    ['DOWN', 'ACTIVE', 'active', 'waiting'],
    ['BUILD', 'ACTIVE', 'active', 'waiting'],
    ['N/A', 'ACTIVE', 'active', 'active'],
    ['ERROR', 'ACTIVE', 'active', 'error'],
    ['ACTIVE', 'SHUTOFF', 'stopped', 'inactive'],
    ['DOWN', 'SHUTOFF', 'stopped', 'inactive'],
    ['ERROR', 'SHUTOFF', 'stopped', 'error'],
  ])('a port that is %s on a machine that is %s (%s) is %s', (status, machine, vm, state) => {
    const [link] = toNetworkinterfaces(machineOf([{ ...distinct[0]!, status }], machine, vm));
    expect(link!.attributes['occi.networkinterface.state']).toBe(state);
  });

  test('each state that was recorded has a row', () => {
    for (const { status } of PORTS) expect(portState(status).message ?? '').not.toContain('calls this state');
  });
});

describe('recorded floating addresses', () => {
  test('are valid, active, and used where a port has them', () => {
    expect(ADDRESSES.length).toBeGreaterThan(5);
    for (const one of ADDRESSES) {
      const native = toIpreservation(one, POOLS);
      expectValid(native, OFFERED);
      expect(native.attributes).toMatchObject({
        'occi.ipreservation.state': 'active',
        'occi.ipreservation.used': one.port_id !== null,
      });
      expect(native.mixins).toHaveLength(1);
    }
  });
});
