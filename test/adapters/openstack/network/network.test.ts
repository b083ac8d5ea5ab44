/** Networks and reserved addresses on the stand-in: whole or not at all, whatever dies, is lost or is changed in between. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { connect, settings } from '../../../../adapters/openstack/index.ts';
import { markOf } from '../../../../adapters/openstack/mark.ts';
import type { Adapter, Draft, Native } from '../../../../lib/adapter/contract.ts';
import { OcciError } from '../../../../lib/errors.ts';
import { memoryTable } from '../../../../lib/table/memory.ts';
import { fails } from '../../../contract/adapter.ts';
import { type OpenStack, startOpenStack } from '../../../openstack/index.ts';

let cloud: OpenStack;
beforeEach(async () => {
  cloud = await startOpenStack();
});
afterEach(() => cloud.close());

/** An adapter in a process of its own: nothing that another one has made is remembered. */
const adapterOf = (user = 'alice', more: object = {}): Adapter =>
  connect({
    settings: settings.parse({ endpoint: cloud.endpoint, ...more }),
    site: 'test',
    table: memoryTable(),
    local: true,
  })({ caller: { name: user, credentials: `${user}:${user}-secret` }, deadline: Date.now() + 60_000 });

const network = (adapter = adapterOf()) => adapter.kinds.network!;
const ipreservation = (adapter = adapterOf()) => adapter.kinds.ipreservation!;

const draft = (attributes: Draft<'network'>['attributes'] = {}): Draft<'network'> => ({
  kind: 'network',
  attributes: { 'occi.network.address': '10.5.0.0/24', ...attributes },
  mixins: [],
  links: [],
});
const WHOLE = { 'occi.core.title': 'mine', 'occi.core.summary': 'a summary' };
const NO_CHANGE = { set: {}, unset: [], addMixins: [], removeMixins: [] };

/** The external network of the site. */
const external = async (): Promise<string> => (await network().list({})).items.find(({ published }) => published)!.id;

/** Own networks of the project. */
const own = async (): Promise<readonly Native<'network'>[]> =>
  (await network().list({})).items.filter(({ published }) => !published);

/** What Neutron has in the project, by a token of it. */
async function left(what: string): Promise<readonly { readonly id: string }[]> {
  const response = await fetch(`${cloud.site.origins.network}/v2.0/${what}`, {
    headers: { 'x-auth-token': cloud.token('alice') },
  });
  const project = 'c7b2d8def937457f9fc84a7a2f2529a0';
  const all = ((await response.json()) as Record<string, { id: string; project_id: string }[]>)[what]!;
  return all.filter((one) => one.project_id === project);
}

/** The calls that change something while `work` runs on a healthy cloud: places where a process may die. */
async function changes(work: () => Promise<unknown>): Promise<number> {
  const lines = await cloud.callsOf(work);
  return lines.filter((line) => /^network (POST|PUT|DELETE) /.test(line)).length;
}

/** Loses the answer to the n-th change from now on, and refuses all behind it: as a death of the process looks to Neutron. */
function dieAfter(change: number): void {
  let seen = 0;
  const day = cloud.badDays;
  const next = day.next.bind(day);
  day.next = (called) => {
    if (called.service !== 'network' || called.method === 'GET') return next(called);
    seen += 1;
    if (seen === change) return { kind: 'lost' };
    return seen > change ? { kind: 'down' } : next(called);
  };
  day.end = () => {
    day.next = next;
  };
}

describe('the create of a network', () => {
  test.each([
    ['without a router', false],
    ['with a router', true],
  ])('is healed by the next attempt, whichever call is the last: %s', async (_name, router) => {
    const more = router ? { externalNetwork: await external() } : {};
    const calls = await changes(() => network(adapterOf('alice', more)).create!(draft(WHOLE), 'healthy'));
    expect(calls).toBe(router ? 5 : 3);
    for (let last = 1; last <= calls; last++) {
      const token = `token ${last}`;
      dieAfter(last);
      const error = await network(adapterOf('alice', more)).create!(draft(WHOLE), token).catch((thrown) => thrown);
      expect(error).toBeInstanceOf(OcciError);
      expect((error as OcciError).unknownOutcome).toBe(true);
      cloud.badDays.end();
      const again = network(adapterOf('alice', more));
      const found = await again.findByToken!(token);
      if (last < calls) expect(found).toBeUndefined();
      const made = await again.create!(draft(WHOLE), token);
      expect(made.attributes).toMatchObject({ ...WHOLE, 'occi.network.state': 'active' });
      expect(found ?? made).toEqual(made);
      expect(await network().findByToken!(token)).toEqual(made);
      expect(await left('networks')).toHaveLength(1 + last);
      expect(await left('subnets')).toHaveLength(1 + last);
      expect(await left('routers')).toHaveLength(router ? 1 + last : 0);
    }
  });

  test('shows what it has begun as waiting, which can be deleted', async () => {
    dieAfter(1);
    await network().create!(draft(WHOLE), 'token').catch(() => {});
    cloud.badDays.end();
    const [begun] = await own();
    expect(begun!.attributes).toEqual({
      'occi.core.title': 'mine',
      'occi.network.state': 'waiting',
      'occi.network.state.message': 'The network is being made; if that has failed, delete it.',
    });
    const change = { ...NO_CHANGE, set: { 'occi.core.title': 'another' } };
    await fails(network().update!(begun!.id, change), 'conflict');
    await fails(network().act!(begun!.id, 'down', {}), 'conflict');
    await network().remove!(begun!.id);
    expect(await left('networks')).toEqual([]);
  });

  test('leaves nothing when the subnet is refused', async () => {
    const refused = {
      NeutronError: { type: 'InvalidInput', message: 'Loopback IP subnet is not supported', detail: '' },
    };
    cloud.badDays.add(
      { kind: 'answer', answer: { status: 400, body: refused } },
      { method: 'POST', path: '/subnets', times: 1 },
    );
    await fails(network().create!(draft(), 'token'), 'invalid');
    expect(await left('networks')).toEqual([]);
  });

  test('leaves nothing when the router is refused, and says nothing of it to clients', async () => {
    const mine = await network().create!(draft(), 'other');
    const routed = network(adapterOf('alice', { externalNetwork: mine.id }));
    await fails(routed.create!(draft(), 'token'), 'internal');
    expect((await left('networks')).map(({ id }) => id)).toEqual([mine.id]);
  });

  test('says that its outcome is unknown if what it made cannot be taken back', async () => {
    cloud.badDays.add(
      {
        kind: 'answer',
        answer: { status: 409, body: { NeutronError: { type: 'OverQuota', message: '', detail: '' } } },
      },
      { method: 'POST', path: '/subnets' },
    );
    cloud.badDays.add({ kind: 'down' }, { method: 'DELETE' });
    const error = await network().create!(draft(), 'token').catch((thrown) => thrown);
    expect(error).toMatchObject({ failure: 'conflict', unknownOutcome: true });
  });

  test('makes one network of one token, also in two processes one after the other', async () => {
    const made = await network().create!(draft(WHOLE), 'token');
    expect(await network().create!(draft(WHOLE), 'token')).toEqual(made);
    expect(await left('networks')).toHaveLength(1);
  });

  test('refuses a VLAN, which Neutron lets only administrators choose', async () => {
    const calls = await cloud.callsOf(() =>
      fails(network().create!(draft({ 'occi.network.vlan': 7 }), 't'), 'forbidden'),
    );
    expect(calls.filter((line) => line.startsWith('network'))).toEqual([]);
  });

  test('is refused to readers', async () => {
    await fails(network(adapterOf('rita')).create!(draft(), 'token'), 'forbidden');
  });
});

describe('the delete of a network', () => {
  test('is healed by the next one, whichever call is the last', async () => {
    const more = { externalNetwork: await external() };
    const routed = () => network(adapterOf('alice', more));
    const first = await routed().create!(draft(), 'first');
    const calls = await changes(() => routed().remove!(first.id));
    expect(calls).toBe(3);
    for (let last = 1; last <= calls; last++) {
      const { id } = await routed().create!(draft(), `token ${last}`);
      dieAfter(last);
      await routed().remove!(id).catch(() => {});
      cloud.badDays.end();
      await routed().remove!(id).catch((error) => expect(error).toMatchObject({ failure: 'notFound' }));
      for (const what of ['networks', 'subnets', 'routers', 'ports']) expect(await left(what)).toEqual([]);
    }
  });

  test('counts who uses it, and takes nothing away', async () => {
    const more = { externalNetwork: await external() };
    const { id } = await network(adapterOf('alice', more)).create!(draft(), 'token');
    const headers = { 'x-auth-token': cloud.token('alice'), 'content-type': 'application/json' };
    const body = JSON.stringify({ port: { network_id: id } });
    const made = await fetch(`${cloud.site.origins.network}/v2.0/ports`, { method: 'POST', headers, body });
    expect(made.status).toBe(201);
    expect(await fails(network().remove!(id), 'conflict')).toBe('The network is in use by 1 port.');
    expect(await left('routers')).toHaveLength(1);
  });

  describe('and ports that were left behind on it:', () => {
    /** A port that nothing has, as a create of `user` leaves it that dies. */
    const leavePort = async (user: string, network: string): Promise<string> => {
      const headers = { 'x-auth-token': cloud.token(user), 'content-type': 'application/json' };
      const body = JSON.stringify({ port: { network_id: network, description: markOf('dead') } });
      const answer = await fetch(`${cloud.site.origins.network}/v2.0/ports`, { method: 'POST', headers, body });
      return ((await answer.json()) as { port: { id: string } }).port.id;
    };
    const portIds = async (id: string): Promise<readonly string[]> => {
      const headers = { 'x-auth-token': cloud.token('admin') };
      const answer = await fetch(`${cloud.site.origins.network}/v2.0/ports?network_id=${id}`, { headers });
      return ((await answer.json()) as { ports: { id: string }[] }).ports.map((port) => port.id);
    };
    const MUCH_LATER_MS = 660_000;

    test('those of other projects are users of it, and stay', async () => {
      const { id } = await network().create!(draft(), 'token');
      const headers = { 'x-auth-token': cloud.token('admin'), 'content-type': 'application/json' };
      const body = JSON.stringify({ network: { shared: true } });
      await fetch(`${cloud.site.origins.network}/v2.0/networks/${id}`, { method: 'PUT', headers, body });
      const theirs = await leavePort('bob', id);
      cloud.site.passTime(MUCH_LATER_MS);
      expect(await fails(network().remove!(id), 'conflict')).toBe('The network is in use by 1 port.');
      expect(await portIds(id)).toEqual([theirs]);
    });

    test('one that a server gets meanwhile stays, and so does the network', async () => {
      await cloud.close();
      cloud = await startOpenStack({ boundPortsDeletable: true });
      const { id } = await network().create!(draft(), 'token');
      const port = await leavePort('alice', id);
      cloud.site.passTime(MUCH_LATER_MS);
      const test = (path: string): boolean => {
        if (path.includes(port)) cloud.site.between.ports.bind(port, id, 'nova');
        return false;
      };
      cloud.badDays.add({ kind: 'down' }, { method: 'DELETE', path: { test } as unknown as RegExp });
      expect(await fails(network().remove!(id), 'conflict')).toContain('try again');
      expect(await portIds(id)).toEqual([port]);
    });
  });

  test('is refused for a network of the provider', async () => {
    await fails(network().remove!(await external()), 'forbidden');
  });
});

describe('a change of a network', () => {
  test('is not lost between two requests, nor made twice', async () => {
    const { id } = await network().create!(draft(WHOLE), 'token');
    const titled = (title: string) => network().update!(id, { ...NO_CHANGE, set: { 'occi.core.title': title } });
    const summed = network().update!(id, { ...NO_CHANGE, set: { 'occi.core.summary': 'another' } });
    await Promise.all([titled('one'), summed]);
    expect((await network().get(id)).attributes).toMatchObject({
      'occi.core.title': 'one',
      'occi.core.summary': 'another',
    });
  });

  test('takes title and summary away', async () => {
    const { id } = await network().create!(draft(WHOLE), 'token');
    const bare = await network().update!(id, { ...NO_CHANGE, unset: ['occi.core.title', 'occi.core.summary'] });
    expect(bare.attributes).not.toHaveProperty('occi.core.title');
    expect(bare.attributes).not.toHaveProperty('occi.core.summary');
    expect(await network().findByToken!('token')).toEqual(bare);
  });

  test('of its addresses is refused, their repetition is not', async () => {
    const { id } = await network().create!(draft(), 'token');
    const to = (address: string) => ({ ...NO_CHANGE, set: { 'occi.network.address': address } });
    expect((await network().update!(id, to('10.5.0.77/24'))).id).toBe(id);
    expect(await fails(network().update!(id, to('10.6.0.0/24')), 'notImplemented')).toContain('occi.network.address');
  });

  test('switches it off and on, once each', async () => {
    const { id } = await network().create!(draft(), 'token');
    expect(await fails(network().act!(id, 'up', {}), 'conflict')).toContain('active');
    await network().act!(id, 'down', {});
    expect((await network().get(id)).attributes['occi.network.state']).toBe('inactive');
    await fails(network().act!(id, 'down', {}), 'conflict');
    await network().act!(id, 'up', {});
    expect((await network().get(id)).attributes['occi.network.state']).toBe('active');
  });
});

describe('listings', () => {
  test('go on behind a network that is gone', async () => {
    const made: string[] = [];
    for (let number = 0; number < 24; number++) made.push((await network().create!(draft(), `t${number}`)).id);
    const paged = network(adapterOf('alice', { page: 10 }));
    const first = await paged.ids({});
    expect(first.items).toHaveLength(10);
    const gone = first.next!;
    if (made.includes(gone)) await network().remove!(gone);
    const rest: string[] = [];
    for (let { next } = first; next !== undefined; ) {
      const page = await paged.ids({ cursor: next });
      rest.push(...page.items);
      next = page.next;
    }
    expect([...first.items, ...rest]).toEqual([...made, await external()].sort());
  });

  test('cost 1 call for ids and 2 for a page', async () => {
    const adapter = adapterOf();
    await adapter.identify();
    await network(adapter).create!(draft(), 'token');
    expect(await cloud.callsOf(() => network(adapter).ids({}))).toHaveLength(1);
    expect(await cloud.callsOf(() => network(adapter).list({}))).toHaveLength(2);
    expect(await cloud.callsOf(() => ipreservation(adapter).ids({}))).toHaveLength(1);
  });

  test("read both calls of a network to their end: nobody's network costs as many as another's", async () => {
    const { id } = await network().create!(draft(), 'token');
    const nobodys = id.replace(/^./, (first) => (first === '0' ? '1' : '0'));
    const bob = connect({
      settings: settings.parse({ endpoint: cloud.endpoint }),
      site: 'test',
      table: memoryTable(),
      local: true,
    });
    for (const path of [/\/subnets$/, /\/networks\//]) {
      for (const asked of [id, nobodys]) {
        const ended: string[] = [];
        const adapter = bob({
          caller: { name: 'bob', credentials: 'bob:bob-secret' },
          deadline: Date.now() + 60_000,
          onNativeCall: ({ call }) => ended.push(call),
        });
        await adapter.identify();
        ended.length = 0;
        cloud.badDays.add({ kind: 'slow', milliseconds: 50 }, { service: 'network', path, times: 1 });
        await fails(adapter.kinds.network!.get(asked), 'notFound');
        expect(ended.toSorted()).toEqual(['network GET networks/{}', 'network GET subnets']);
      }
    }
  });

  test('show an administrator nothing of other projects but what they share', async () => {
    const { id } = await network().create!(draft(), 'token');
    const admin = adapterOf('admin');
    expect((await network(admin).ids({})).items).not.toContain(id);
    await fails(network(admin).get(id), 'notFound');
  });
});

describe('reserved addresses', () => {
  const empty: Draft<'ipreservation'> = { kind: 'ipreservation', attributes: {}, mixins: [], links: [] };

  test('are found by their token when the answer is lost', async () => {
    cloud.badDays.add({ kind: 'lost' }, { method: 'POST', path: '/floatingips', times: 1 });
    const error = await ipreservation().create!(empty, 'token').catch((thrown) => thrown);
    expect(error).toMatchObject({ unknownOutcome: true });
    const found = await ipreservation().findByToken!('token');
    expect(await ipreservation().create!(empty, 'token')).toEqual(found);
    expect((await ipreservation().ids({})).items).toEqual([found!.id]);
  });

  test('come from the only pool, and keep their address', async () => {
    const made = await ipreservation().create!(empty, 'token');
    expect(made.mixins).toEqual(['http://schemas.openstack.org/network/floatingippool#public']);
    expect(made.attributes['occi.ipreservation.used']).toBe(false);
    const other = { ...NO_CHANGE, set: { 'occi.ipreservation.address': '203.0.113.9' } };
    await fails(ipreservation().update!(made.id, other), 'notImplemented');
  });

  test('of a pool that is not there are refused, naming those that are', async () => {
    const mixin = { scheme: 'http://schemas.openstack.org/network/floatingippool#', term: 'nowhere' };
    const sentence = await fails(ipreservation().create!({ ...empty, mixins: [mixin as never] }, 'token'), 'invalid');
    expect(sentence).toContain('public');
  });

  test('cannot be chosen by a user', async () => {
    const attributes = { 'occi.ipreservation.address': '203.0.113.77' };
    expect(await fails(ipreservation().create!({ ...empty, attributes }, 'token'), 'forbidden')).toContain(
      'occi.ipreservation.address',
    );
  });

  test('are not taken from another project, nor shown to it', async () => {
    const { id } = await ipreservation().create!(empty, 'token');
    const bob = ipreservation(adapterOf('bob'));
    await fails(bob.get(id), 'notFound');
    await fails(bob.remove!(id), 'notFound');
    expect((await bob.ids({})).items).toEqual([]);
    await ipreservation().remove!(id);
    await fails(ipreservation().remove!(id), 'notFound');
  });
});
