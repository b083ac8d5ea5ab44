import type { Wanted } from '../../lib/operations/payloads.ts';
import { startOpenStack } from '../../openstack/index.ts';
import { inventoryOf } from '../../openstack/inventory.ts';
import { PUBLIC_NETWORK } from '../../openstack/neutron/seed.ts';
import type { NativeCall, NativeRequest } from '../relay.ts';
import type { Cloud } from './cloud.ts';

const MIXIN = 'http://schemas.ogf.org/occi/infrastructure/network#ipnetwork';
/** An image of the seeded site. */
const IMAGE = '7ee45757-09e6-46e6-9bc8-847da7c611f0';

const ID = /\/(?:[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}|occi-[0-9a-f]{64})(?=\/|$)/g;

/** `POST /v2.0/ports`; an action of Nova or Cinder with its name, which is in the body. */
function callOf({ method, path, body }: NativeRequest): NativeCall {
  const [plain = ''] = path.split('?');
  const isLogin = method === 'POST' && plain.endsWith('/auth/tokens');
  const action = plain.endsWith('/action') ? ` ${Object.keys(JSON.parse(body) as object)[0]}` : '';
  return {
    name: `${method} ${plain.replaceAll(ID, '/ID')}${action}`,
    changes: !isLogin && method !== 'GET' && method !== 'HEAD',
  };
}

function needs(kind: string): Partial<Wanted> {
  if (kind === 'storage') return { attributes: { 'occi.storage.size': 1 } };
  if (kind !== 'network') return {};
  const given = { 'occi.network.address': '10.77.0.0/24', 'occi.network.gateway': '10.77.0.1' };
  return { mixins: [MIXIN], attributes: given };
}

/** The stand-in for OpenStack. Each of its services has a relay: its catalogue names them. */
export async function startOpenStackCloud(): Promise<Cloud> {
  const cloud = await startOpenStack({ step: 1, quotas: false, backups: true });
  const { endpoint, site } = cloud;
  const before = await inventoryOf(cloud);
  return {
    name: 'openstack',
    endpoint,
    origins: Object.values(site.origins),
    settings: (url) => ({ endpoint: url, defaultOsTemplate: IMAGE, externalNetwork: PUBLIC_NETWORK }),
    auth: 'basic',
    // A port that a create left which died: its network goes a minute later.
    again: /try again in a minute/,
    // The port of a create that died has it until it is too old to be of one that is under way.
    freesAddresses: { in: /^(create|make) a machine with links/, afterMs: 660_000 },
    isSlow: true,
    headers: { Authorization: `Basic ${Buffer.from('alice:alice-secret').toString('base64')}` },
    callOf,
    needs,
    async inventory() {
      site.steps.settle();
      const now = await inventoryOf(cloud);
      return Object.fromEntries(Object.entries(now).map(([name, count]) => [name, count - before[name]!]));
    },
    later(milliseconds) {
      site.steps.settle();
      site.passTime(milliseconds);
    },
    stop: () => cloud.close(),
  };
}
