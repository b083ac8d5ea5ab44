/** Reserved addresses of a new compute, on the stand-in: never another's, and free again when the create is refused. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { connect, settings } from '../../../../adapters/openstack/index.ts';
import type { Adapter, Draft, LinkDraft, Native } from '../../../../lib/adapter/contract.ts';
import { memoryTable } from '../../../../lib/table/memory.ts';
import { EMPTY, end } from '../../../contract/adapter/drafts.ts';
import { fails } from '../../../contract/adapter.ts';
import { type OpenStack, startOpenStack } from '../../../openstack/index.ts';
import { CIRROS } from '../alice.ts';

const INTERFACE = 'occi.networkinterface.interface';

let cloud: OpenStack;
let external: string;
let joined: Native<'network'>;
let reserved: Native<'ipreservation'>;

/** An adapter in a process of its own; networks that it makes are joined to `externalNetwork`. */
const adapterOf = (externalNetwork?: string): Adapter =>
  connect({
    settings: settings.parse({ endpoint: cloud.endpoint, defaultOsTemplate: CIRROS, externalNetwork }),
    site: 'test',
    table: memoryTable(),
    local: true,
  })({ caller: { name: 'alice', credentials: 'alice:alice-secret' }, deadline: Date.now() + 60_000 });

const makeNetwork = (name: string, externalNetwork?: string) =>
  adapterOf(externalNetwork).kinds.network!.create!({ kind: 'network', ...EMPTY }, name);

beforeEach(async () => {
  cloud = await startOpenStack({ step: 2 });
  external = (await adapterOf().kinds.network!.list({})).items.find(({ published }) => published)!.id;
  joined = await makeNetwork('joined', external);
  reserved = await adapterOf().kinds.ipreservation!.create!({ kind: 'ipreservation', ...EMPTY }, 'reserved');
});
afterEach(() => cloud.close());

const linkTo = (target: Native, attributes: LinkDraft['attributes'] = {}): LinkDraft => ({
  kind: 'networkinterface',
  ...EMPTY,
  attributes,
  target: end(target),
});

const draft = (...links: readonly LinkDraft[]): Draft<'compute'> => ({ kind: 'compute', ...EMPTY, links });
const withAddress = () => draft(linkTo(joined), linkTo(reserved));

const create = (token: string, order = withAddress(), adapter = adapterOf()) =>
  adapter.kinds.compute!.create!(order, token);

/** The interface that the address leads to. */
const placeOf = ({ links = [] }: Native<'compute'>) =>
  links.find(({ target }) => target?.id === reserved.id)?.attributes[INTERFACE];

interface Seen {
  readonly port_id: string | null;
  readonly device: string | undefined;
}

/** The address at Neutron, and the server whose port has it. */
async function address(): Promise<Seen> {
  const { floatingip } = await neutron(`floatingips/${reserved.id}`);
  return { port_id: floatingip.port_id, device: floatingip.port_details?.device_id };
}

// biome-ignore lint/suspicious/noExplicitAny: the answers of the stand-in are compared, not used
async function neutron(path: string): Promise<any> {
  const response = await fetch(`${cloud.site.origins.network}/v2.0/${path}`, {
    headers: { 'x-auth-token': cloud.token('alice') },
  });
  expect(response.ok).toBe(true);
  return await response.json();
}

/** Ports on the network but those of routers and services. */
const ports = async (): Promise<readonly { readonly device_owner: string }[]> =>
  (await neutron(`ports?network_id=${joined.id}`)).ports.filter(
    (one: { device_owner: string }) => !one.device_owner.startsWith('network:'),
  );

async function eventually(check: () => Promise<unknown>): Promise<void> {
  const end = Date.now() + 5000;
  for (;;) {
    try {
      return void (await check());
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

const isRunning = (id: string) => async () =>
  expect((await adapterOf().kinds.compute!.get(id)).attributes['occi.compute.state']).toBe('active');

const QUOTA = {
  kind: 'answer',
  answer: {
    status: 403,
    body: {
      forbidden: {
        code: 403,
        message: 'Quota exceeded for instances: Requested 1, but already used 10 of 10 instances',
      },
    },
  },
} as const;

describe('a new compute with a reserved address', () => {
  test('never takes it from a running one', async () => {
    const owner = await create('owner');
    await eventually(isRunning(owner.id));
    const before = await address();
    expect(before.device).toBe(owner.id);
    expect(await fails(create('thief'), 'conflict')).toContain('in use');
    cloud.badDays.add(QUOTA, { service: 'compute', method: 'POST', path: '/servers' });
    await fails(create('thief over quota'), 'conflict');
    expect(await address()).toEqual(before);
    expect(cloud.nova.servers.size).toBe(1);
    expect(await ports()).toHaveLength(1);
  });

  test('leaves it free when Nova refuses the compute', async () => {
    cloud.badDays.add(QUOTA, { service: 'compute', method: 'POST', path: '/servers', times: 1 });
    await fails(create('refused'), 'conflict');
    expect((await address()).port_id).toBeNull();
    expect(placeOf(await create('accepted'))).toBe('eth0');
  });

  test('is one of two that ask for it at the same time', async () => {
    const both = await Promise.allSettled([create('one'), create('other')]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const made = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    await eventually(async () => expect((await address()).device).toBe(made[0]!.id));
    expect(await ports()).toHaveLength(1);
  });

  test.each([
    ['the address', { service: 'network', method: 'PUT', path: '/floatingips/' }],
    ['the server', { service: 'compute', method: 'POST', path: '/servers' }],
  ] as const)('has it after a lost answer for %s', async (_name, when) => {
    cloud.badDays.add({ kind: 'lost' }, { ...when, times: 1 });
    await expect(create('token')).rejects.toMatchObject({ unknownOutcome: true });
    const made = await create('token');
    await eventually(isRunning(made.id));
    expect(await address()).toMatchObject({ device: made.id });
    expect(cloud.nova.servers.size).toBe(1);
    expect(await ports()).toHaveLength(1);
  });

  test('has it on the first interface that a router joins to the pool', async () => {
    const lonely = await makeNetwork('lonely');
    const made = await create('token', draft(linkTo(lonely), linkTo(joined), linkTo(reserved)));
    expect(placeOf(made)).toBe('eth1');
    await eventually(isRunning(made.id));
    expect(placeOf(await adapterOf().kinds.compute!.get(made.id))).toBe('eth1');
  });

  test('has two of a pool on two interfaces', async () => {
    const more = await adapterOf().kinds.ipreservation!.create!({ kind: 'ipreservation', ...EMPTY }, 'more');
    const second = await makeNetwork('second', external);
    const made = await create('token', draft(linkTo(joined), linkTo(second), linkTo(more), linkTo(reserved)));
    expect(placeOf(made)).toBe('eth1');
  });

  test('has it on the interface that the link names, or is refused', async () => {
    const second = await makeNetwork('second', external);
    const order = (name: string) =>
      draft(linkTo(joined), linkTo(second, { [INTERFACE]: 'wan' }), linkTo(reserved, { [INTERFACE]: name }));
    expect(await fails(create('wrong', order('lan')), 'invalid')).toContain('lan');
    expect(await ports()).toEqual([]);
    expect(placeOf(await create('right', order('wan')))).toBe('wan');
  });

  test('is refused for an address that is not there, or not the one that it asks for', async () => {
    const nobody = { ...reserved, id: '11111111-1111-4111-8111-111111111111' };
    expect(await fails(create('a', draft(linkTo(joined), linkTo(nobody))), 'invalid')).toContain('ipreservation');
    const wish = { 'occi.networkinterface.address': '192.0.2.1' };
    expect(await fails(create('b', draft(linkTo(joined), linkTo(reserved, wish))), 'invalid')).toContain('192.0.2.1');
    expect(await ports()).toEqual([]);
  });

  test('sets it free when it goes, whatever becomes of its port', async () => {
    const made = await create('token');
    await eventually(isRunning(made.id));
    await adapterOf().kinds.compute!.remove!(made.id);
    expect((await address()).port_id).toBeNull();
    const next = await create('next');
    await eventually(isRunning(next.id));
    expect((await address()).device).toBe(next.id);
  });
});
