/** `opennebula`: OpenNebula over XML-RPC, for 6.x and 7.x, with the session of each caller. */
import type { Adapter, AdapterContext } from '../../lib/adapter/contract.ts';
import type { AdapterEnvironment, SchemeSupport } from '../../lib/adapter/module.ts';
import { Tokens } from '../../lib/adapter/tokens.ts';
import { OcciError } from '../../lib/errors.ts';
import { requireActedFor } from './api/acting-for.ts';
import { type CallReport, connectSite, oneClient } from './api/client.ts';
import { callerKey, forgetSession, keepSessions, proveSession, sessionOf, tenantOf } from './api/session.ts';
import type { Verdict } from './api/verdict.ts';
import type { Cloud } from './cloud.ts';
import { compute } from './compute/compute.ts';
import { accepts, callLimit, type OpenNebulaSettings, settings } from './config.ts';
import { probe } from './health.ts';
import { loginsOf } from './logins.ts';
import { ACTS_ON, readCatalogue } from './mixins.ts';
import { ipreservation } from './network/ipreservation.ts';
import { network } from './network/network.ts';
import { networkinterface } from './network/networkinterface.ts';
import { securitygroup } from './securitygroup/securitygroup.ts';
import { securitygrouplink } from './securitygroup/securitygrouplink.ts';
import { storage } from './storage/storage.ts';
import { storagelink } from './storage/storagelink.ts';
import { VmTemplates } from './template/vm-templates.ts';

export { accepts, callLimit, probe, settings };

/**
 * OpenNebula checks passwords and login tokens. For callers whom another scheme has proved, a service account acts
 * (`serverCipher`), as `accepts` requires.
 */
export const schemes = {
  basic: true,
  users: true,
  token: true,
  oidc: true,
  keystone: true,
  'cloud-token': 'OpenNebula wants the user with each token: use `basic`',
  x509: true,
  gateway: true,
  anonymous: true,
} as const satisfies SchemeSupport;

export const localAuth = 'basic';

/** OpenNebula's code for invalid credentials. */
const AUTHENTICATION = 256;

/** Called once per container. The returned function creates the adapter of one request. */
export function connect(environment: AdapterEnvironment<OpenNebulaSettings>): (context: AdapterContext) => Adapter {
  const { settings: configured, site } = environment;
  const connection = connectSite(configured);
  const sessions = keepSessions();
  const tokens = new Tokens();
  const templates = new VmTemplates();

  return ({ caller, deadline, onNativeCall }) => {
    let proved: Promise<Verdict> | undefined;
    let known: Verdict | undefined;
    const session = () => sessionOf(sessions, configured, caller);
    const onCall = (report: CallReport) => {
      // The password was changed or the token revoked after we verified it.
      if (report.outcome === `refused ${AUTHENTICATION}`) forgetSession(sessions, session());
      onNativeCall?.(report);
    };
    /** Created lazily, so that malformed credentials are reported by `identify`. */
    const clientOf = () => oneClient(connection, { session: session(), deadline, onCall });
    let client: ReturnType<typeof clientOf> | undefined;
    const cloud: Cloud = {
      get client() {
        client ??= clientOf();
        return client;
      },
      settings: configured,
      get caller() {
        return callerKey(sessions, session());
      },
      async verdict() {
        proved ??= proveSession(sessions, cloud.client, session(), (verdict) =>
          requireActedFor(configured, caller, verdict),
        );
        known = await proved;
        return known;
      },
      tokens,
      templates,
    };
    const logins = () =>
      loginsOf({
        get client() {
          return cloud.client;
        },
        verdict: () => cloud.verdict(),
        forget: (text) => forgetSession(sessions, text),
      });
    return {
      name: 'opennebula',
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
      identify: async () => tenantOf(configured, await cloud.verdict()),
      audience() {
        if (!known) throw new OcciError('internal', 'The caller is not proved yet.');
        // A token may be scoped to a group: the same user then sees less.
        return `u${known.uid}g${[known.gid, ...known.groups].sort((a, b) => a - b).join('.')}`;
      },
      catalogue: () => readCatalogue(cloud),
      // The service account acts for others, and makes nothing that would outlast its request.
      ...(caller.credentials !== undefined && { logins: logins() }),
    };
  };
}
