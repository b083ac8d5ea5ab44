/** The contract of adapters for OpenStack, whatever the cloud that it is tried against. */
import { connect, kindsByUuid, settings } from '../../../adapters/openstack/index.ts';
import type { Adapter, AdapterContext, Draft } from '../../../lib/adapter/contract.ts';
import type { LinkTerm } from '../../../lib/occi/kinds/index.ts';
import { MIXINS } from '../../../lib/occi/mixins/index.ts';
import { memoryTable } from '../../../lib/table/memory.ts';
import type { CloudUnderTest } from '../../contract/adapter/under-test.ts';
import type { AdapterUnderTest } from '../../contract/adapter.ts';
import { requestEach } from './requests.ts';

/** The suite has limits of its own. */
const DEADLINE_MS = 3_600_000;

/** Nobody listens there. */
const NOWHERE = { endpoint: 'http://127.0.0.1:1/v3' };

type Skip = NonNullable<AdapterUnderTest['skip']>;

/** Cases that no OpenStack can pass, and why. */
const SKIP: Skip = [
  {
    reason: 'Cinder has no state of a volume that is switched off',
    cases: ['storage > offline', 'storage > online', 'storage > refuses an action that its state does not allow'],
  },
  {
    reason: 'OpenStack has no titles of addresses, interfaces and attachments: the store keeps them (cannotHold)',
    cases: ['ipreservation > changes a title', 'networkinterface > changes a title', 'storagelink > changes a title'],
  },
];

const callerOf = (credentials: string, onNativeCall = () => {}): AdapterContext => ({
  caller: { name: credentials.slice(0, credentials.indexOf(':')), credentials },
  deadline: Date.now() + DEADLINE_MS,
  onNativeCall,
});

const make = (configured: Readonly<Record<string, unknown>>) =>
  connect({ settings: settings.parse(configured), site: 'test', table: memoryTable(), local: true });

let networks = 0;
const NETWORK = {
  kind: 'network',
  attributes: { 'occi.network.address': '10.78.0.0/16', 'occi.network.gateway': '10.78.0.1' },
  mixins: [MIXINS.ipnetwork],
  links: [],
} as const;

/** Groups belong to ports: a server without one has none. */
async function sourceOf(adapter: Adapter, kind: LinkTerm): Promise<Partial<Draft>> {
  if (kind !== 'securitygrouplink') return {};
  const { id } = await adapter.kinds.network!.create!(NETWORK, `network for groups ${process.pid} ${networks++}`);
  return { links: [{ kind: 'networkinterface', attributes: {}, mixins: [], target: { kind: 'network', id } }] };
}

/** What the contract is tried with, but for the cloud itself; `skip` is what that cloud cannot do besides. */
export const common = (skip: Skip = []) => ({
  // Asked for without a cloud.
  kinds: make(NOWHERE)(callerOf('nobody:nothing')).kinds,
  byUuid: kindsByUuid,
  skip: [...SKIP, ...skip],
  sourceOf,
});

/** A cloud to be tried: where it is, and the callers that it knows. */
interface Callers {
  /** URL of Keystone. */
  readonly endpoint: string;
  readonly defaultOsTemplate: string;
  /** `user:password` of a caller of the suite. */
  readonly credentialsOf: (caller: string) => string;
  /** Entries of a page where first listings are counted; by default as many as the adapter's own default. */
  readonly page?: number;
  /** Calls so far as the cloud counts them; by default as the adapter reports them. */
  readonly calls?: () => number;
  readonly stop: () => Promise<void>;
}

/** Each operation is a request of its own, as with the endpoint; all are of one process, but for those of `another`. */
export function underTest({ endpoint, defaultOsTemplate, credentialsOf, page, calls, stop }: Callers): CloudUnderTest {
  const configured = { endpoint, defaultOsTemplate };
  const adapter = make(configured);
  const main = credentialsOf('anne');
  let reported = 0;
  const contextOf = (credentials: string) => callerOf(credentials, () => reported++);
  const of = (process: typeof adapter, name: string) => {
    const credentials = credentialsOf(name);
    return requestEach(() => process(contextOf(credentials)));
  };
  return {
    adapter: (name = 'anne') => of(adapter, name),
    another: (name) => of(make({ ...configured, page }), name),
    refused: () => adapter(contextOf(`${main.slice(0, main.indexOf(':'))}:wrong`)),
    down: () => make({ ...configured, ...NOWHERE })(contextOf(main)),
    calls: calls ?? (() => reported),
    stop,
  };
}
