/** `openstack`: OpenStack over Keystone, Nova, Neutron, Cinder and Glance, with the token of each caller. */
import type { Adapter, AdapterContext, KindAdapters } from '../../lib/adapter/contract.ts';
import { exchanges } from '../../lib/adapter/http-exchange.ts';
import type { AdapterEnvironment, SchemeSupport } from '../../lib/adapter/module.ts';
import { Tokens } from '../../lib/adapter/tokens.ts';
import { isName } from '../../lib/auth/names.ts';
import { OcciError } from '../../lib/errors.ts';
import type { KindTerm } from '../../lib/occi/kinds/index.ts';
import { callsOf } from './api/calls.ts';
import { openStackClient } from './api/client.ts';
import { translateErrors } from './api/errors.ts';
import { NewestVersions } from './api/newest.ts';
import { readCatalogue } from './catalogue/catalogue.ts';
import { newShelves } from './catalogue/shelf.ts';
import type { Cloud } from './cloud.ts';
import { compute } from './compute/compute.ts';
import { cloudLogin, type OpenStackSettings, settings } from './config.ts';
import { provedCaller } from './identity/caller.ts';
import { keystoneAt } from './identity/keystone.ts';
import { isAdministrator, isReader } from './identity/session.ts';
import { Sessions } from './identity/sessions.ts';
import { ServerListings } from './machine/kept-servers.ts';
import { ACTS_ON } from './mixins.ts';
import { ipreservation } from './network/ipreservation.ts';
import { network } from './network/network.ts';
import { networkinterface } from './network/networkinterface.ts';
import { kindsWith, mixinsWith } from './offered.ts';
import { securitygroup } from './securitygroup/securitygroup.ts';
import { securitygrouplink } from './securitygroup/securitygrouplink.ts';
import { storage } from './storage/storage.ts';
import { storagelink } from './storage/storagelink.ts';

export { probe } from './health.ts';
export { cloudLogin, settings };

const NEEDS_KEYSTONE = 'OpenStack takes the credentials of each caller, and nobody acts for others';

export const schemes = {
  basic: true,
  users: NEEDS_KEYSTONE,
  token: NEEDS_KEYSTONE,
  oidc: NEEDS_KEYSTONE,
  keystone: 'OpenStack has a Keystone of its own: use `cloud-token`, which sends clients there',
  'cloud-token': true,
  x509: NEEDS_KEYSTONE,
  gateway: NEEDS_KEYSTONE,
  anonymous: NEEDS_KEYSTONE,
} as const satisfies SchemeSupport;

export const localAuth = ['basic', 'cloud-token'] as const;

/** How long the proof of a caller may take, in milliseconds: up to three calls. */
const PROOF_MS = 28_000;

export const kindsByUuid = [
  'compute',
  'storage',
  'network',
  'securitygroup',
  'ipreservation',
] as const satisfies readonly KindTerm[];

/** Called once per container. The returned function creates the adapter of one request. */
export function connect(environment: AdapterEnvironment<OpenStackSettings>): (context: AdapterContext) => Adapter {
  const { settings: configured, site } = environment;
  const exchange = exchanges(configured);
  const newest = new NewestVersions();
  const sessions = new Sessions();
  const tokens = new Tokens();
  const shelves = newShelves();
  const listings = new ServerListings();

  return ({ caller, deadline, onNativeCall }) => {
    const calls = callsOf(exchange, { deadline, timeoutSeconds: configured.timeout, onNativeCall });
    /** A proof is shared with requests that have more time. */
    const keystone = () => {
      const limits = { deadline: Date.now() + PROOF_MS, timeoutSeconds: configured.timeout, onNativeCall };
      return keystoneAt(callsOf(exchange, limits), configured);
    };
    const proved = provedCaller(caller, { sessions, settings: configured, keystone, deadline });
    const session = () => translateErrors('login', () => proved.session());
    const client = openStackClient({
      calls,
      session,
      renewed: (ended) => translateErrors('login', () => proved.renewed(ended)),
      newestAt: (service, base, token) => newest.at(calls, service, base, token),
    });
    const cloud: Cloud = { client, settings: configured, session, tokens, listings, shelves, deadline };
    const kinds: KindAdapters = {
      compute: compute(cloud),
      storage: storage(cloud),
      network: network(cloud),
      securitygroup: securitygroup(cloud),
      ipreservation: ipreservation(cloud),
      networkinterface: networkinterface(cloud),
      storagelink: storagelink(cloud),
      securitygrouplink: securitygrouplink(cloud),
    };
    return {
      name: 'openstack',
      site,
      get mixins() {
        return proved.known ? mixinsWith(ACTS_ON, proved.known.endpoints) : ACTS_ON;
      },
      get kinds() {
        return proved.known ? kindsWith(kinds, proved.known.endpoints) : kinds;
      },
      identify: async () => (await session()).projectId,
      /** Glance does not tell administrators what is shared with the project, so their catalogue may have less. */
      get audience() {
        return proved.known && isAdministrator(proved.known) ? () => 'administrators' : undefined;
      },
      callerName() {
        if (!proved.known) throw new OcciError('internal', 'The caller is not proved yet.');
        const { userName, userId } = proved.known;
        return isName(userName) ? `${userName} (${userId})` : userId;
      },
      mayOnlyRead: () => proved.known !== undefined && isReader(proved.known),
      catalogue: () => readCatalogue(cloud),
    };
  };
}
