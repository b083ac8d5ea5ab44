/** `openstack`: OpenStack over Keystone, Nova, Neutron, Cinder and Glance, with the token of each caller. */
import type { Adapter, AdapterContext } from '../../lib/adapter/contract.ts';
import { exchanges } from '../../lib/adapter/http-exchange.ts';
import type { AdapterEnvironment, SchemeSupport } from '../../lib/adapter/module.ts';
import { Tokens } from '../../lib/adapter/tokens.ts';
import { callsOf } from './api/calls.ts';
import { openStackClient } from './api/client.ts';
import { translateErrors } from './api/errors.ts';
import { NewestVersions } from './api/newest.ts';
import { readCatalogue } from './catalogue/catalogue.ts';
import { newShelves } from './catalogue/shelf.ts';
import type { Cloud } from './cloud.ts';
import { compute } from './compute/compute.ts';
import { type OpenStackSettings, settings } from './config.ts';
import { logIn } from './identity/log-in.ts';
import type { Session } from './identity/session.ts';
import { ACTS_ON } from './mixins.ts';
import { ipreservation } from './network/ipreservation.ts';
import { network } from './network/network.ts';
import { networkinterface } from './network/networkinterface.ts';
import { securitygroup } from './securitygroup/securitygroup.ts';
import { securitygrouplink } from './securitygroup/securitygrouplink.ts';
import { storage } from './storage/storage.ts';
import { storagelink } from './storage/storagelink.ts';

export { settings };

const NEEDS_KEYSTONE = 'OpenStack takes the credentials of each caller, and nobody acts for others';

export const schemes = {
  basic: true,
  users: NEEDS_KEYSTONE,
  token: NEEDS_KEYSTONE,
  oidc: NEEDS_KEYSTONE,
  keystone: NEEDS_KEYSTONE,
  x509: NEEDS_KEYSTONE,
  gateway: NEEDS_KEYSTONE,
  anonymous: NEEDS_KEYSTONE,
} as const satisfies SchemeSupport;

export const localAuth = 'basic';

/** Called once per container. The returned function creates the adapter of one request. */
export function connect(environment: AdapterEnvironment<OpenStackSettings>): (context: AdapterContext) => Adapter {
  const { settings: configured, site } = environment;
  const exchange = exchanges(configured);
  const newest = new NewestVersions();
  const tokens = new Tokens();
  const shelves = newShelves();

  return ({ caller, deadline, onNativeCall }) => {
    const calls = callsOf(exchange, { deadline, timeoutSeconds: configured.timeout, onNativeCall });
    let proved: Promise<Session> | undefined;
    const session = (): Promise<Session> => {
      proved ??= translateErrors('login', () => logIn(calls, configured, caller));
      return proved;
    };
    const client = openStackClient({
      calls,
      session,
      newestAt: (service, base, token) => newest.at(calls, service, base, token),
    });
    const cloud: Cloud = { client, settings: configured, session, tokens, shelves, deadline };
    return {
      name: 'openstack',
      site,
      mixins: ACTS_ON,
      kinds: {
        compute: compute(cloud),
        storage: storage(cloud),
        network: network(cloud),
        securitygroup: securitygroup(cloud),
        ipreservation: ipreservation(cloud),
        networkinterface: networkinterface(cloud),
        storagelink: storagelink(cloud),
        securitygrouplink: securitygrouplink(cloud),
      },
      identify: async () => (await session()).projectId,
      catalogue: () => readCatalogue(cloud),
    };
  };
}
