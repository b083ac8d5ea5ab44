/** Drafts for the contract suite: the smallest that any cloud accepts. */
import type { Adapter, Draft, Native, NativeEnd } from '../../../lib/adapter/contract.ts';
import type { KindTerm } from '../../../lib/occi/kinds/index.ts';
import { MIXINS } from '../../../lib/occi/mixins/index.ts';
import { typeId } from '../../../lib/occi/types.ts';
import type { AdapterUnderTest } from './under-test.ts';

/** The target kind of each link kind. */
export const TARGET = {
  networkinterface: 'network',
  storagelink: 'storage',
  securitygrouplink: 'securitygroup',
} as const;

let tokens = 0;
/** A token that no create has used. */
export const newToken = (): string => `contract-${process.pid}-${++tokens}`;

/** Makes an entity to be used as the target of a link. */
export type Make = (adapter: Adapter, kind: KindTerm, change?: Partial<Draft>) => Promise<Native>;

/** The smallest draft that any cloud accepts. */
export async function draftOf(
  { sourceOf, addresses }: Pick<AdapterUnderTest, 'sourceOf' | 'addresses'>,
  adapter: Adapter,
  kind: KindTerm,
  ready: Make,
): Promise<Draft> {
  const { mixins, defaultOsTemplate } = await adapter.catalogue();
  const of = (id: string) => mixins.filter((mixin) => typeId(mixin) === id || mixin.depends?.includes(id)).slice(0, 1);
  const empty = { kind, attributes: {}, mixins: [], links: [] };
  switch (kind) {
    case 'compute':
      return { ...empty, attributes: { 'occi.core.title': 'a compute' }, mixins: of(defaultOsTemplate ?? '') };
    case 'storage':
      return { ...empty, attributes: { 'occi.core.title': 'a storage', 'occi.storage.size': 1 } };
    case 'network': {
      const ip = adapter.mixins.includes('ipnetwork');
      const { address, gateway } = addresses?.() ?? { address: '10.77.0.0/16', gateway: '10.77.0.1' };
      const given = { 'occi.network.address': address, 'occi.network.gateway': gateway };
      return { ...empty, attributes: ip ? given : {}, mixins: ip ? [MIXINS.ipnetwork] : [] };
    }
    case 'securitygroup': {
      const rule = { type: 'inbound', protocol: 'tcp', range: '192.0.2.0/24', port: '443' };
      return { ...empty, attributes: { 'occi.core.title': 'a group', 'occi.securitygroup.rules': [rule] } };
    }
    case 'ipreservation':
      return { ...empty, mixins: of(typeId(MIXINS.floatingippool)) };
    default: {
      const source = await ready(adapter, 'compute', await sourceOf?.(adapter, kind));
      const target = await ready(adapter, TARGET[kind]);
      return { ...empty, source: end(source), target: end(target) };
    }
  }
}

/** An empty draft. */
export const EMPTY = { attributes: {}, mixins: [], links: [] } as const;

export const end = ({ kind, id }: Native): NativeEnd => ({ kind, id });
