/** The adapter for OpenStack keeps the contract, against the stand-in that is held against recordings of the real one. */
import { connect, kindsByUuid, settings } from '../../adapters/openstack/index.ts';
import type { AdapterContext } from '../../lib/adapter/contract.ts';
import { MIXINS } from '../../lib/occi/mixins/index.ts';
import { memoryTable } from '../../lib/table/memory.ts';
import { adapterContract } from '../contract/adapter.ts';
import { startOpenStack } from '../openstack/index.ts';
import { addProject, addUser } from '../openstack/seed.ts';
import { requestEach } from './openstack/requests.ts';

/** `cirros-tiny` of the recorded site. */
const CIRROS = '7ee45757-09e6-46e6-9bc8-847da7c611f0';

const make = (configured: Readonly<Record<string, unknown>>) =>
  connect({ settings: settings.parse(configured), site: 'test', table: memoryTable(), local: true });

const callerOf = (credentials: string): AdapterContext => ({
  caller: { name: credentials.slice(0, credentials.indexOf(':')), credentials },
  deadline: Date.now() + 600_000,
});

const NOWHERE = { endpoint: 'http://127.0.0.1:1/v3' };

let networks = 0;
const NETWORK = {
  kind: 'network',
  attributes: { 'occi.network.address': '10.78.0.0/16', 'occi.network.gateway': '10.78.0.1' },
  mixins: [MIXINS.ipnetwork],
  links: [],
} as const;

/** Asked for its kinds only. */
const { kinds } = make(NOWHERE)(callerOf('nobody:nothing'));

adapterContract({
  name: 'openstack',
  kinds,
  byUuid: kindsByUuid,
  patience: 10,
  // Networks come in pages of 100, each with a call for its subnets: kept-servers.test.ts has more machines.
  sizes: [1, 60, 90],
  skip: [
    {
      reason: 'Cinder has no state of a volume that is switched off',
      cases: ['storage > offline', 'storage > online', 'storage > refuses an action that its state does not allow'],
    },
    {
      reason: 'OpenStack has no titles of addresses, interfaces and attachments: the store keeps them (cannotHold)',
      cases: ['ipreservation > changes a title', 'networkinterface > changes a title', 'storagelink > changes a title'],
    },
    { reason: 'the recorded site has no backup service', cases: ['storage > backup'] },
    { reason: 'the recorded site never uploads the image', cases: ['compute > brings the template that save made'] },
  ],
  // Groups belong to ports: a server without one has none.
  async sourceOf(adapter, kind) {
    if (kind !== 'securitygrouplink') return {};
    const { id } = await adapter.kinds.network!.create!(NETWORK, `network for groups ${networks++}`);
    return { links: [{ kind: 'networkinterface', attributes: {}, mixins: [], target: { kind: 'network', id } }] };
  },
  async start() {
    const cloud = await startOpenStack({ step: 2, quotas: false });
    const configured = { endpoint: cloud.endpoint, defaultOsTemplate: CIRROS };
    const adapter = make(configured);
    const users = new Map<string, string>();
    /** Each caller of the suite is a user of a project of its own. */
    const credentialsOf = (name: string): string => {
      let credentials = users.get(name);
      if (!credentials) {
        const user = `user-${users.size}`;
        const project = addProject(cloud.site, `project-${users.size}`);
        addUser(cloud.site, { name: user, password: 'secret', roles: { [project]: 'member' } });
        credentials = `${user}:secret`;
        users.set(name, credentials);
      }
      return credentials;
    };
    return {
      adapter: (name = 'anne') => requestEach(() => adapter(callerOf(credentialsOf(name)))),
      refused: () => adapter(callerOf('anne:wrong')),
      down: () => make({ ...configured, ...NOWHERE })(callerOf(credentialsOf('anne'))),
      calls: () => cloud.calls(),
      stop: () => cloud.close(),
    };
  },
});
