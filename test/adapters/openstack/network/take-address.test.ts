/** A reserved address that is taken from its interface while another request changes it. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { connect, settings } from '../../../../adapters/openstack/index.ts';
import type { Adapter, LinkDraft, Native, NativeEnd } from '../../../../lib/adapter/contract.ts';
import { MIXINS } from '../../../../lib/occi/mixins/index.ts';
import { memoryTable } from '../../../../lib/table/memory.ts';
import { end } from '../../../contract/adapter/drafts.ts';
import { fails } from '../../../contract/adapter.ts';
import { type OpenStack, startOpenStack } from '../../../openstack/index.ts';
import { PUBLIC_NETWORK } from '../../../openstack/neutron/seed.ts';
import { CIRROS } from '../alice.ts';

const EMPTY = { attributes: {}, mixins: [], links: [] } as const;
const STALE = {
  status: 412,
  body: { NeutronError: { type: 'RevisionNumberConstraintFailed', message: 'Constrained to 1', detail: '' } },
};

let cloud: OpenStack;
let machine: Native<'compute'>;
let reserved: Native<'ipreservation'>;

/** The adapter in a process of its own. */
const adapterOf = (): Adapter =>
  connect({
    settings: settings.parse({
      endpoint: cloud.endpoint,
      defaultOsTemplate: CIRROS,
      externalNetwork: PUBLIC_NETWORK,
    }),
    site: 'test',
    table: memoryTable(),
    local: true,
  })({ caller: { name: 'alice', credentials: 'alice:alice-secret' }, deadline: Date.now() + 60_000 });

const link = (target: NativeEnd): LinkDraft => ({ kind: 'networkinterface', ...EMPTY, target });
const linkTo = (kind: string) => machine.links!.find(({ target }) => target?.kind === kind)!;

beforeEach(async () => {
  cloud = await startOpenStack({ step: 1 });
  const { kinds } = adapterOf();
  const range = { 'occi.network.address': '10.6.0.0/24', 'occi.network.gateway': '10.6.0.1' } as const;
  const network = { kind: 'network' as const, ...EMPTY, attributes: range, mixins: [MIXINS.ipnetwork] };
  const net = await kinds.network!.create!(network, 'net');
  reserved = await kinds.ipreservation!.create!({ kind: 'ipreservation', ...EMPTY }, 'reserved');
  const links = [link(end(net)), link(end(reserved))];
  machine = await kinds.compute!.create!({ kind: 'compute', ...EMPTY, links }, 'machine');
  cloud.site.steps.settle();
});
afterEach(() => cloud.close());

const remove = (): Promise<void> => adapterOf().kinds.networkinterface!.remove!(linkTo('ipreservation').id);

const isUsed = async (): Promise<unknown> =>
  (await adapterOf().kinds.ipreservation!.get(reserved.id)).attributes['occi.ipreservation.used'];

describe('A link to a reserved address is removed', () => {
  test('when its interface goes at the same time', async () => {
    const [port] = cloud.site.between.ports.ofServer(machine.id);
    // Between the look at the address and the change of it, in the order in which Neutron gets them.
    const test = (path: string): boolean => {
      if (path.includes('/floatingips/')) cloud.site.between.ports.remove(port!.id);
      return false;
    };
    cloud.badDays.add({ kind: 'down' }, { method: 'PUT', path: { test } as unknown as RegExp });
    await remove();
    expect(cloud.site.between.ports.ofServer(machine.id)).toEqual([]);
    expect(await isUsed()).toBe(false);
  });

  test('when another request changes the address, and leaves it where it is', async () => {
    cloud.badDays.add({ kind: 'answer', answer: STALE }, { method: 'PUT', path: '/floatingips/', times: 1 });
    await remove();
    expect(await isUsed()).toBe(false);
  });

  test('but not when others change it all the time: 409', async () => {
    cloud.badDays.add({ kind: 'answer', answer: STALE }, { method: 'PUT', path: '/floatingips/' });
    expect(await fails(remove(), 'conflict')).toContain('changed by another request');
    expect(await isUsed()).toBe(true);
  });
});

describe('An interface that a reserved address leads to', () => {
  const detached = (): Promise<void> => adapterOf().kinds.networkinterface!.remove!(linkTo('network').id);

  test('keeps the address if Nova refuses to detach it', async () => {
    const body = {
      conflictingRequest: { code: 409, message: "Cannot 'detach_interface' instance while it is locked" },
    };
    cloud.badDays.add({ kind: 'answer', answer: { status: 409, body } }, { method: 'DELETE', path: '/os-interface/' });
    const before = await adapterOf().kinds.compute!.get(machine.id);
    await fails(detached(), 'conflict');
    expect(await isUsed()).toBe(true);
    expect(await adapterOf().kinds.compute!.get(machine.id)).toEqual(before);
  });

  test.each([
    ['before it is read', 'GET'],
    ['before it is taken away', 'PUT'],
  ])('is detached when the reservation is deleted %s', async (_when, method) => {
    const body = { NeutronError: { type: 'FloatingIPNotFound', message: 'could not be found', detail: '' } };
    const path = `/floatingips/${reserved.id}`;
    cloud.badDays.add({ kind: 'answer', answer: { status: 404, body } }, { service: 'network', method, path });
    await detached();
    cloud.badDays.end();
    cloud.site.steps.settle();
    expect((await adapterOf().kinds.compute!.get(machine.id)).links).toEqual([]);
  });

  test('leaves it free whatever call of the detach is the last', async () => {
    for (const [method, path] of [
      ['PUT', '/floatingips/'],
      ['DELETE', '/os-interface/'],
    ] as const) {
      cloud.badDays.add({ kind: 'lost' }, { method, path });
      expect(await detached().then(undefined, ({ unknownOutcome }) => unknownOutcome)).toBe(true);
      cloud.badDays.end();
      cloud.site.steps.settle();
      expect(await isUsed()).toBe(false);
    }
    expect((await adapterOf().kinds.compute!.get(machine.id)).links).toEqual([]);
  });
});

test('A group is deleted while a port that was detached from its last machine still has it', async () => {
  const { kinds } = adapterOf();
  const group = await kinds.securitygroup!.create!({ kind: 'securitygroup', ...EMPTY }, 'group');
  const draft = { kind: 'securitygrouplink' as const, ...EMPTY, source: end(machine), target: end(group) };
  await kinds.securitygrouplink!.create!(draft, 'on it');
  await kinds.networkinterface!.remove!(linkTo('network').id);
  cloud.site.steps.settle();
  await kinds.securitygroup!.remove!(group.id);
  await fails(kinds.securitygroup!.get(group.id), 'notFound');
});
