/**
 * Everything in every recorded answer that a kind shows is a valid entity of that kind, and nothing of it is left out: what
 * is looked for is the form that the services give to whole things, wherever it stands.
 */
import { describe, expect, test } from '@jest/globals';
import { linkId } from '../../../adapters/openstack/cloud.ts';
import { toCompute } from '../../../adapters/openstack/compute/entity.ts';
import {
  flavorMixin,
  imageMixin,
  poolMixin,
  termOf,
  zoneMixin,
  zoneMixinId,
} from '../../../adapters/openstack/mixins.ts';
import { attachment } from '../../../adapters/openstack/native/attachment.ts';
import { flavorsAnswer } from '../../../adapters/openstack/native/catalogue.ts';
import { network, subnet } from '../../../adapters/openstack/native/network.ts';
import { floatingIp, port } from '../../../adapters/openstack/native/port.ts';
import { securityGroup } from '../../../adapters/openstack/native/security-group.ts';
import { server } from '../../../adapters/openstack/native/server.ts';
import { volume } from '../../../adapters/openstack/native/volume.ts';
import { toIpreservation } from '../../../adapters/openstack/network/ipreservation.ts';
import { toNetwork } from '../../../adapters/openstack/network/reads.ts';
import { networkState, portState, reservedState } from '../../../adapters/openstack/network-states.ts';
import { toSecuritygroup } from '../../../adapters/openstack/securitygroup/reads.ts';
import { STATUSES, TASK_STATES, VM_STATES } from '../../../adapters/openstack/server-states.ts';
import { isDeleted } from '../../../adapters/openstack/states.ts';
import { toStorage } from '../../../adapters/openstack/storage/reads.ts';
import { storageState } from '../../../adapters/openstack/volume-states.ts';
import type { Native } from '../../../lib/adapter/contract.ts';
import { KINDS } from '../../../lib/occi/kinds/index.ts';
import { expectValid } from '../../contract/adapter/validity.ts';
import { recordingsOf } from '../../openstack/recordings.ts';

type Body = Readonly<Record<string, unknown>>;

const ANSWERS = recordingsOf('nova', 'neutron', 'cinder', 'glance', 'keystone').filter(
  ({ response: { status } }) => status < 300,
);

const isBody = (value: unknown): value is Body => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What stands under one of the keys, at any depth, with the recording that it is in. */
function* under(keys: readonly string[], value: unknown): Generator<Body> {
  if (Array.isArray(value)) for (const one of value) yield* under(keys, one);
  if (!isBody(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    if (keys.includes(key)) yield* [inner].flat().filter(isBody);
    yield* under(keys, inner);
  }
}

/** Those with an id and this field: summaries, quotas and answers to `fields` lack it. */
const whole = (keys: readonly string[], field: string) =>
  ANSWERS.flatMap(({ name, response }) =>
    [...under(keys, response.body)].filter((one) => 'id' in one && field in one).map((one) => [name, one] as const),
  );

const SERVERS = whole(['server', 'servers'], 'status');
const VOLUMES = whole(['volume', 'volumes'], 'status');
const NETWORKS = whole(['network', 'networks'], 'status');
const PORTS = whole(['port', 'ports'], 'status');
const ADDRESSES = whole(['floatingip', 'floatingips'], 'status');
const GROUPS = whole(['security_group', 'security_groups'], 'security_group_rules');

const SUBNETS = whole(['subnet', 'subnets'], 'cidr').map(([, one]) => subnet.parse(one));
const ports = [...new Map(PORTS.map(([, one]) => [one.id, port.parse(one)])).values()];
const floatingIps = [...new Map(ADDRESSES.map(([, one]) => [one.id, floatingIp.parse(one)])).values()];
const attachments = [
  ...new Map(
    whole(['volumeAttachment', 'volumeAttachments'], 'serverId').map(([, one]) => [one.id, attachment.parse(one)]),
  ).values(),
];
const FLAVORS = [...whole(['flavor', 'flavors'], 'vcpus')].flatMap(
  ([, one]) => flavorsAnswer.parse({ flavors: [one] }).flavors,
);
const POOLS = [...new Set(floatingIps.map((one) => one.floating_network_id))].map((id, number) => ({
  network: id,
  name: `pool${number}`,
  title: `Pool ${number}`,
}));

const zones = ['nova', ...SERVERS.map(([, one]) => String(one['OS-EXT-AZ:availability_zone'] || 'nova'))];
const images = SERVERS.flatMap(([, { image }]) => (isBody(image) ? [String(image.id)] : []));
const OFFERED = [
  ...[...new Set(zones)].map(zoneMixin),
  ...[...new Set(images)].map((id) => imageMixin({ id, name: id })),
  ...[...new Map(FLAVORS.map((one) => [termOf(one.id), one])).values()].map(flavorMixin),
  ...POOLS.map(({ name, title }) => poolMixin(name, title)),
];

const MAPPED: Readonly<Record<string, { readonly all: typeof SERVERS; readonly as: (one: Body) => Native }>> = {
  compute: {
    all: SERVERS,
    as(one) {
      const found = server.parse(one);
      return toCompute(
        { flavors: FLAVORS, onlyZone: 'nova' },
        {
          server: found,
          ports: ports.filter(({ device_id }) => device_id === found.id),
          floatingIps,
          attachments: attachments.filter(({ serverId }) => serverId === found.id),
        },
      );
    },
  },
  storage: { all: VOLUMES, as: (one) => toStorage(volume.parse(one), undefined) },
  network: {
    all: NETWORKS,
    as(one) {
      const found = network.parse(one);
      return toNetwork(
        { network: found, subnets: SUBNETS.filter(({ network_id }) => network_id === found.id) },
        found.project_id,
      );
    },
  },
  ipreservation: { all: ADDRESSES, as: (one) => toIpreservation(floatingIp.parse(one), POOLS) },
  securitygroup: { all: GROUPS, as: (one) => toSecuritygroup(securityGroup.parse(one), String(one.project_id)) },
};

/** How many there were in the recordings of 2026.2. */
const AT_LEAST = { compute: 72, storage: 64, network: 33, ipreservation: 15, securitygroup: 9 } as const;

describe.each(Object.entries(AT_LEAST))('every recorded %s', (kind, count) => {
  const { all, as } = MAPPED[kind]!;

  test(`is among those that are mapped: at least ${count}`, () => {
    expect(all.length).toBeGreaterThanOrEqual(count);
  });

  test.each(all)('of %s is a valid entity, in a state of its kind', (_recording, one) => {
    const native = as(one);
    expect([native.kind, native.id]).toEqual([kind, one.id]);
    expectValid(native, OFFERED);
    const { attribute, actions } = KINDS[native.kind].life as { attribute: string; actions: object };
    expect(Object.keys(actions)).toContain(native.attributes[attribute]);
    // A state without a row would be shown by its own name.
    expect(String(native.attributes[`${attribute}.message`] ?? '')).not.toMatch(/calls this state/);
  });
});

describe('every recorded port', () => {
  const links = SERVERS.flatMap(([, one]) => MAPPED.compute!.as(one).links ?? []);

  test('of a recorded server is a link of it, and so are addresses, groups and volumes', () => {
    const ofServers = ports.filter(({ device_id }) => SERVERS.some(([, { id }]) => id === device_id));
    expect(ofServers.length).toBeGreaterThan(0);
    for (const { id, device_id } of ofServers) expect(links.map((link) => link.id)).toContain(linkId(device_id, id));
    expect([...new Set(links.map(({ kind }) => kind))].sort()).toEqual([
      'networkinterface',
      'securitygrouplink',
      'storagelink',
    ]);
  });

  test('without one is an interface of a machine that has it', () => {
    expect(PORTS.length).toBeGreaterThanOrEqual(39);
    const [, machine] = SERVERS.find(([, { status }]) => status === 'ACTIVE')!;
    for (const one of ports) {
      const native = toCompute(
        { flavors: FLAVORS, onlyZone: 'nova' },
        { server: server.parse(machine), ports: [one], floatingIps, attachments: [] },
      );
      expectValid(native, OFFERED);
      expect(native.links![0]).toMatchObject({ kind: 'networkinterface', target: { id: one.network_id } });
    }
  });
});

describe('every recorded state has a row in its table', () => {
  /** The values of a field, those that are null or absent aside. */
  const named = (all: typeof SERVERS, field: string): readonly string[] =>
    [...new Set(all.flatMap(([, one]) => (typeof one[field] === 'string' ? [one[field]] : [])))].sort();

  test.each([
    ['status', STATUSES, 11],
    ['OS-EXT-STS:vm_state', VM_STATES, 10],
    ['OS-EXT-STS:task_state', TASK_STATES, 2],
  ] as const)('%s of servers', (field, table, count) => {
    const states = named(SERVERS, field);
    expect(states.length).toBeGreaterThanOrEqual(count);
    for (const state of states) expect(Object.keys(table)).toContain(state);
  });

  test.each([
    ['volumes', VOLUMES, storageState, 4],
    ['networks', NETWORKS, (status: string) => networkState({ status, admin_state_up: true }), 1],
    ['ports', PORTS, portState, 2],
    ['floating addresses', ADDRESSES, reservedState, 1],
  ] as const)('status of %s', (_what, all, stateOf, count) => {
    const states = named(all, 'status');
    expect(states.length).toBeGreaterThanOrEqual(count);
    for (const state of states) expect(stateOf(state).message ?? '').not.toMatch(/calls this state/);
    expect(stateOf('LEVITATING').message).toMatch(/calls this state LEVITATING/);
  });

  test('a deleted server is not shown, whatever its states are', () => {
    const gone = SERVERS.map(([, one]) => server.parse(one)).filter(isDeleted);
    expect(gone.length).toBeGreaterThan(0);
    for (const one of gone) expect(one['OS-EXT-STS:vm_state']).toBe('deleted');
  });
});

test('zones of recorded servers are terms', () => {
  for (const zone of new Set(zones)) expect(zoneMixinId(zone)).toMatch(/availability_zone#[a-z0-9][a-z0-9_.-]*$/);
});
