/** Ports that processes which died have left: which of them go, when, and that no request fails by them. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { connect, settings } from '../../../../adapters/openstack/index.ts';
import { markOf } from '../../../../adapters/openstack/mark.ts';
import type { Adapter, Draft } from '../../../../lib/adapter/contract.ts';
import { MIXINS } from '../../../../lib/occi/mixins/index.ts';
import { memoryTable } from '../../../../lib/table/memory.ts';
import { type OpenStack, startOpenStack } from '../../../openstack/index.ts';

const MINUTE_MS = 60_000;
const TOKEN = '5d0b2f0e-53b4-4d1c-8a0a-9a6f0d6f3b11';

let cloud: OpenStack;
let network: string;

beforeEach(async () => {
  cloud = await startOpenStack({ step: 1, quotas: false });
  const attributes = { 'occi.network.address': '10.77.0.0/24', 'occi.network.gateway': '10.77.0.1' };
  const draft = { kind: 'network', attributes, mixins: [MIXINS.ipnetwork], links: [] } as const;
  network = (await (await newProcess()).kinds.network!.create!(draft, 'n')).id;
});
afterEach(() => cloud.close());

/** Calls of the adapter that have ended: `network DELETE ports/{}`. */
const ended: string[] = [];

async function newProcess(): Promise<Adapter> {
  const configured = settings.parse({ endpoint: cloud.endpoint });
  const request = connect({ settings: configured, site: 'test', table: memoryTable(), local: true });
  const caller = { name: 'alice', credentials: 'alice:alice-secret' };
  const deadline = Date.now() + 20_000;
  const adapter = request({ caller, deadline, onNativeCall: ({ call }) => ended.push(call) });
  await adapter.identify();
  return adapter;
}

async function draftOf({ catalogue }: Adapter): Promise<Draft<'compute'>> {
  const { mixins } = await catalogue();
  const named = (wanted: string) => mixins.find(({ title }) => title === wanted)!;
  return {
    kind: 'compute',
    attributes: { 'occi.core.title': 'web' },
    mixins: [named('cirros-tiny'), named('m1.tiny')],
    links: [{ kind: 'networkinterface', attributes: {}, mixins: [], target: { kind: 'network', id: network } }],
  };
}

const create = async (token = TOKEN): Promise<string> => {
  const adapter = await newProcess();
  return (await adapter.kinds.compute!.create!(await draftOf(adapter), token)).id;
};

async function neutron(method: string, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(`${cloud.site.origins.network}/v2.0/${path}`, {
    method,
    headers: { 'x-auth-token': cloud.token('alice'), 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  return answer.json();
}

/** A port that nothing has, as a create leaves it that dies before its server is there. */
async function leavePort(description = markOf('a create that died'), address?: string): Promise<string> {
  const fixed = address === undefined ? {} : { fixed_ips: [{ ip_address: address }] };
  const body = { port: { network_id: network, description, ...fixed } };
  return ((await neutron('POST', 'ports', body)) as { port: { id: string } }).port.id;
}

const portIds = async (): Promise<readonly string[]> =>
  ((await neutron('GET', 'ports')) as { ports: { id: string }[] }).ports.map(({ id }) => id);

const pass = (minutes: number): void => cloud.site.passTime(minutes * MINUTE_MS);

describe('a port that no server has', () => {
  test('goes with the next create of a compute with links, from an age of ten minutes on', async () => {
    const old = await leavePort();
    pass(8);
    const young = await leavePort();
    pass(3);
    await create();
    expect(await portIds()).toEqual(expect.arrayContaining([young]));
    expect(await portIds()).not.toContain(old);
  });

  test('goes with the next delete of a compute', async () => {
    const id = await create();
    const old = await leavePort();
    pass(11);
    await (await newProcess()).kinds.compute!.remove!(id);
    expect(await portIds()).not.toContain(old);
  });

  test('goes with the next link to a network', async () => {
    const id = await create();
    cloud.site.steps.settle();
    const old = await leavePort();
    pass(11);
    const ends = { source: { kind: 'compute', id }, target: { kind: 'network', id: network } } as const;
    const link = { kind: 'networkinterface', attributes: {}, mixins: [], links: [], ...ends } as const;
    await (await newProcess()).kinds.networkinterface!.create!(link, 'link');
    expect(await portIds()).not.toContain(old);
  });

  test('goes with its network, from an age of a minute on', async () => {
    await leavePort();
    pass(1.1);
    await (await newProcess()).kinds.network!.remove!(network);
    expect(await portIds()).toEqual([]);
  });

  test('holds its network while it is younger', async () => {
    await leavePort();
    const removal = (await newProcess()).kinds.network!.remove!(network);
    await expect(removal).rejects.toMatchObject({ failure: 'conflict', headers: { 'Retry-After': '60' } });
  });

  test('stays if it is none of ours, however old', async () => {
    const others = await leavePort('a port that somebody keeps');
    pass(60);
    await create();
    expect(await portIds()).toContain(others);
  });

  test('stays while its server is being built, however long that takes', async () => {
    cloud.site.steps.hold();
    const id = await create();
    pass(60);
    await create('another');
    cloud.site.steps.release();
    cloud.site.steps.settle();
    const made = await (await newProcess()).kinds.compute!.get(id);
    expect(made.attributes['occi.compute.state']).toBe('active');
    expect(made.links?.filter(({ kind }) => kind === 'networkinterface')).toHaveLength(1);
  });
});

test('a network whose port waits for a server is not deleted, however long that takes', async () => {
  cloud.site.steps.hold();
  await create();
  pass(60);
  await expect((await newProcess()).kinds.network!.remove!(network)).rejects.toMatchObject({ failure: 'conflict' });
  expect(await portIds()).toHaveLength(1);
});

describe('a create that is repeated', () => {
  const withAddress = async () => {
    const adapter = await newProcess();
    const draft = await draftOf(adapter);
    const links = draft.links.map((link) => ({
      ...link,
      attributes: { 'occi.networkinterface.address': '10.77.0.9' },
    }));
    return (await adapter.kinds.compute!.create!({ ...draft, links }, TOKEN)).id;
  };

  test('uses the port of its first attempt', async () => {
    const port = await leavePort(markOf(TOKEN), '10.77.0.9');
    pass(4);
    await withAddress();
    expect(await portIds()).toEqual([port]);
  });

  test('makes it anew when another process might take it for left over', async () => {
    const port = await leavePort(markOf(TOKEN), '10.77.0.9');
    pass(6);
    await withAddress();
    const ids = await portIds();
    expect([ids.length, ids.includes(port)]).toEqual([1, false]);
  });
});

describe('a sweep', () => {
  test('deletes twenty ports in one request, and the others in the next', async () => {
    for (let count = 0; count < 25; count++) await leavePort();
    pass(11);
    await create('one');
    expect(await portIds()).toHaveLength(1 + 5);
    await create('two');
    expect(await portIds()).toHaveLength(2);
  });

  test('fails no create when Neutron refuses its deletes', async () => {
    const old = await leavePort();
    pass(11);
    cloud.badDays.add({ kind: 'answer', answer: { status: 500 } }, { service: 'network', method: 'DELETE' });
    await create();
    expect(await portIds()).toContain(old);
  });

  test('leaves a create its time when Neutron does not answer its deletes', async () => {
    await leavePort();
    await leavePort();
    pass(11);
    cloud.badDays.add({ kind: 'silent' }, { service: 'network', method: 'DELETE' });
    ended.length = 0;
    await create();
    // None of them is still on its way.
    expect(ended.filter((call) => call === 'network DELETE ports/{}')).toHaveLength(2);
  });

  test('takes no call of its own where nothing is left', async () => {
    const adapter = await newProcess();
    const draft = await draftOf(adapter);
    const calls = await cloud.callsOf(() => adapter.kinds.compute!.create!(draft, TOKEN));
    const [asked, ...others] = calls.filter((call) => call.startsWith('network') && call.includes('/ports'));
    expect(asked).toMatch(/^network GET \/v2\.0\/ports\?device_id=&project_id=/);
    expect(others).toEqual(['network POST /v2.0/ports']);
    expect(calls.filter((call) => call.includes('status=BUILD'))).toEqual([]);
  });
});
