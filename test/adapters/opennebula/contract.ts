/** The adapter contract for OpenNebula, for both the stand-in and a real site. */
import type {
  Adapter,
  AdapterContext,
  Draft,
  Native,
  NativeId,
  Page,
  PageQuery,
} from '../../../lib/adapter/contract.ts';
import { isLinkTerm, KIND_TERMS, type LinkTerm } from '../../../lib/occi/kinds/index.ts';
import type { AdapterUnderTest } from '../../contract/adapter.ts';

/** Cases that no OpenNebula can pass, and why. */
export const SKIP: NonNullable<AdapterUnderTest['skip']> = [
  {
    reason: 'OpenNebula cannot take a network up or down: it is there or it is not',
    cases: ['network > up', 'network > down', 'network > refuses an action that its state does not allow'],
  },
  {
    reason: 'OpenNebula makes a snapshot of an image only through the compute that uses it, and the new one has none',
    cases: ['storage > snapshot'],
  },
  {
    reason: 'OpenNebula resizes an image only through the compute that uses it, and the new one has none',
    cases: ['storage > resize'],
  },
  {
    reason: 'OpenNebula has no titles of disks, NICs and the groups on them: the store keeps them (cannotHold)',
    cases: [
      'networkinterface > changes a title',
      'storagelink > changes a title',
      'securitygrouplink > changes a title',
    ],
  },
];

/** Ids far above any that a test reaches. */
export const neverGiven = (id: NativeId): NativeId => id.replace(/\d+/, '2000000000');

const networks = new WeakMap<Adapter, NativeId>();

async function publishedNetwork(adapter: Adapter): Promise<NativeId> {
  let query: PageQuery | undefined = {};
  while (query) {
    const { items, next }: Page<Native> = await adapter.kinds.network!.list(query);
    const network = items.find((one) => one.published && one.attributes['occi.network.state'] === 'active');
    if (network) return network.id;
    query = next === undefined ? undefined : { cursor: next };
  }
  throw new Error('the site has no network that everybody may use');
}

/** Security groups belong to network interfaces, so a compute without an interface cannot have them. */
export async function sourceOf(adapter: Adapter, kind: LinkTerm): Promise<Partial<Draft>> {
  if (kind !== 'securitygrouplink') return {};
  const known = networks.get(adapter) ?? (await publishedNetwork(adapter));
  networks.set(adapter, known);
  const target = { kind: 'network', id: known } as const;
  return { links: [{ kind: 'networkinterface', attributes: {}, mixins: [], target }] };
}

/** What the contract is tried with, but for the cloud itself. */
/** Links have the number of their machine, a slot and a target. */
const numbered = KIND_TERMS.filter((term) => !isLinkTerm(term));

export const COMMON = { kinds: KIND_TERMS, neverGiven, sourceOf, numbered, skip: SKIP } as const;

/** A caller with a session of OpenNebula. */
export const callerOf = (session: string, deadline = Date.now() + 600_000): AdapterContext => ({
  caller: { name: session.slice(0, session.indexOf(':')), credentials: session },
  deadline,
});
