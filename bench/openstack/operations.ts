/** Single requests of a user: what the cloud is asked for each, and the processor time that this process adds. */
import { randomUUID } from 'node:crypto';
import { connect, settings } from '../../adapters/openstack/index.ts';
import type { Adapter, Draft, NativeId } from '../../lib/adapter/contract.ts';
import { memoryTable } from '../../lib/table/memory.ts';
import { REQUEST_TIMEOUT_MS, SITE } from '../endpoint.ts';
import { type Cost, costOf, medianOf } from '../opennebula/measure.ts';
import { fetchAgain, type Recorded, recorded } from './recorder.ts';

export interface Row {
  readonly label: string;
  readonly calls: readonly string[];
  readonly most?: number | undefined;
  readonly adapter: Cost;
  /** The same readings by fetch; absent for what changes something. */
  readonly bare?: Cost;
}

interface Operation {
  readonly label: string;
  /** Most calls that were promised, the proof of the caller left out. */
  readonly most?: number;
  readonly perform: (adapter: Adapter) => Promise<unknown>;
  readonly changes?: true;
}

export interface Things {
  readonly machine: NativeId;
  readonly network: NativeId;
}

const NAMES = /[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}/g;
const callOf = ({ method, url }: Recorded): string => `${method} ${new URL(url).pathname.replace(NAMES, '{}')}`;

const draft = (mixins: Draft<'compute'>['mixins'], network: NativeId): Draft<'compute'> => ({
  kind: 'compute',
  attributes: { 'occi.core.title': 'one of the bench' },
  mixins,
  links: [{ kind: 'networkinterface', attributes: {}, mixins: [], target: { kind: 'network', id: network } }],
});

/** The operations, in the order in which they can be done. */
const operationsOn = ({ machine, network }: Things, mixins: Draft<'compute'>['mixins']): readonly Operation[] => {
  const made: NativeId[] = [];
  return [
    { label: 'get, one interface', most: 2, perform: ({ kinds }) => kinds.compute!.get(machine) },
    { label: 'ids of 1,000', perform: ({ kinds }) => kinds.compute!.ids({}) },
    { label: 'get of a network', perform: ({ kinds }) => kinds.network!.get(network) },
    { label: 'list of networks', perform: ({ kinds }) => kinds.network!.list({}) },
    { label: 'list of storage', perform: ({ kinds }) => kinds.storage!.list({}) },
    { label: 'catalogue', perform: (adapter) => adapter.catalogue() },
    {
      label: 'create',
      changes: true,
      perform: async ({ kinds }) => {
        made.push((await kinds.compute!.create!(draft(mixins, network), randomUUID())).id);
      },
    },
    { label: 'delete', changes: true, perform: async ({ kinds }) => kinds.compute!.remove!(made.pop()!) },
  ];
};

/** Measures each operation after one that warms the container up, alternately with the bare readings. */
export async function measureOperations(
  endpoint: string,
  { name, password }: { readonly name: string; readonly password: string },
  things: Things,
  rounds: number,
): Promise<readonly Row[]> {
  const request = connect({ settings: settings.parse({ endpoint }), site: SITE, table: memoryTable(), local: true });
  const adapter = async () => {
    const caller = { name, credentials: `${name}:${password}` };
    const one = request({ caller, deadline: Date.now() + REQUEST_TIMEOUT_MS });
    await one.identify();
    return one;
  };
  const { mixins } = await (await adapter()).catalogue();
  const image = mixins.find(({ title }) => title === 'cirros-tiny')!;
  const flavor = mixins.find(({ title }) => title === 'm1.tiny')!;
  const rows: Row[] = [];
  for (const { label, most, perform, changes } of operationsOn(things, [image, flavor])) {
    const costs: Cost[] = [];
    const bare: Cost[] = [];
    let requests: readonly Recorded[] = [];
    if (!changes) await perform(await adapter());
    for (let round = 0; round < (changes ? 1 : rounds); round++) {
      const one = await adapter();
      requests = await recorded(async () => {
        costs.push(await costOf(() => perform(one)));
      });
      if (!changes) bare.push(await costOf(() => fetchAgain(requests)));
    }
    rows.push({
      label,
      calls: requests.map(callOf),
      most,
      adapter: medianOf(costs),
      ...(bare.length > 0 && { bare: medianOf(bare) }),
    });
  }
  return rows;
}
