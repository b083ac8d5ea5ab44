/** The contract of adapters for EC2: against moto behind the proxy that adds what moto has not. */
import { connect, settings } from '../../adapters/ec2/index.ts';
import type { Adapter, AdapterContext } from '../../lib/adapter/contract.ts';
import { KIND_TERMS } from '../../lib/occi/kinds/index.ts';
import { memoryTable } from '../../lib/table/memory.ts';
import { adapterContract } from '../contract/adapter.ts';
import type { Settings } from '../ec2-proxy/settings.ts';
import { startEc2 } from '../peers/ec2.ts';
import { prepare, type Site } from '../peers/ec2-site.ts';

let site: Site;

interface Variant {
  readonly name: string;
  readonly sizes: readonly number[];
  readonly settings?: Partial<Settings>;
  readonly before?: (adapter: Adapter) => Adapter;
}

/** One that takes three interfaces and can hibernate. */
const TYPE = { defaultType: 't3.medium', hibernation: true } as const;

/** The contract as the adapter keeps it; `change` is how EC2 behaves otherwise, and who stands before the adapter. */
export const ec2Contract = ({ name, sizes, settings: behaving = {}, before = (adapter) => adapter }: Variant): void =>
  adapterContract({
    name,
    kinds: KIND_TERMS,
    // Every state takes its time, as in the real one; the proxy counts in milliseconds.
    patience: 10,
    sizes,
    neverGiven: (id) => id.replace(/[0-9a-f]{8,17}/, (digits) => 'f'.repeat(digits.length)),
    addresses: () => site.addresses(),
    skip: [
      {
        reason: 'EC2 cannot take a subnet up or down: it is there or it is not',
        cases: ['network > up', 'network > down', 'network > refuses an action that its state does not allow'],
      },
      {
        reason: 'EC2 cannot take a volume offline: it is there or it is not',
        cases: ['storage > offline', 'storage > online'],
      },
      {
        reason: 'EC2 has no titles of attachments and associations: the store keeps them (cannotHold)',
        cases: [
          'networkinterface > changes a title',
          'storagelink > changes a title',
          'securitygrouplink > changes a title',
        ],
      },
    ],
    async start() {
      const proxy = await startEc2({
        settings: { pending: 30, stopping: 30, shuttingDown: 30, creating: 20, attaching: 20, detaching: 20 },
      });
      site = await prepare(proxy);
      Object.assign(proxy.settings, behaving);
      const make = (change: Readonly<Record<string, unknown>> = {}) =>
        connect({
          settings: settings.parse({ ...site.settings, ...TYPE, ...change }),
          site: 'test',
          table: memoryTable(),
          local: true,
        });
      const adapter = make();
      const of = (name: string, credentials?: string): AdapterContext => ({
        caller: { name, ...(credentials !== undefined && { credentials }) },
        deadline: Date.now() + 600_000,
      });
      return {
        adapter: (name = 'anne') => before(adapter(of(name))),
        refused: () => adapter(of('anne', 'anne:password')),
        down: () => make({ endpoint: 'http://127.0.0.1:1', attempts: 1 })(of('anne')),
        calls: () => proxy.calls(),
        stop: () => proxy.stop(),
      };
    },
  });
