/** `dummy`: the embedded cloud, and the reference for every other adapter (ADR-2). */
import type { Adapter, AdapterContext, KindAdapter, Tenant } from '../../lib/adapter/contract.ts';
import type { AdapterEnvironment, SchemeSupport } from '../../lib/adapter/module.ts';
import { OcciError } from '../../lib/errors.ts';
import type { KindTerm } from '../../lib/occi/kinds/index.ts';
import { partitionsOf } from '../../lib/table/partition-keys.ts';
import type { Cloud } from './cloud.ts';
import { compute } from './compute.ts';
import { type DummySettings, settings } from './config.ts';
import { type CallCounts, failing, requireLocal } from './failures.ts';
import { ipreservation } from './ipreservation.ts';
import { ACTS_ON, settingsCatalogue } from './mixins.ts';
import { network } from './network.ts';
import { networkinterface } from './networkinterface.ts';
import { publishedOf } from './published.ts';
import { securitygroup } from './securitygroup.ts';
import { securitygrouplink } from './securitygrouplink.ts';
import { storage } from './storage.ts';
import { storagelink } from './storagelink.ts';
import { savedTemplates } from './templates.ts';

export { settings };

/** The embedded cloud has no users, so it cannot check credentials. */
export const schemes = {
  basic: 'the embedded cloud has no users of its own; `users` checks those of the settings',
  users: true,
  token: true,
  oidc: true,
  keystone: true,
  'cloud-token': 'the embedded cloud has no tokens of its own',
  x509: true,
  gateway: true,
  anonymous: true,
} as const satisfies SchemeSupport;

export const localAuth = 'anonymous';

const NAME = 'dummy';

/** The environment of every adapter, and a clock that tests may set; milliseconds since the epoch. */
export type DummyEnvironment = AdapterEnvironment<DummySettings> & { readonly now?: () => number };

/**
 * A tenant name that is safe in a key; no two callers share one. Throws `unauthenticated` for an invalid name, and for
 * credentials: the dummy cannot verify them, so a caller that sends any is rejected.
 */
function tenantOf({ caller: { name, credentials } }: AdapterContext): Tenant {
  if (credentials !== undefined) {
    throw new OcciError('unauthenticated', 'The embedded cloud has no users whose credentials it could prove.');
  }
  try {
    if (name !== '') return encodeURIComponent(name);
  } catch {
    // A lone surrogate: two such names could become one in a key.
  }
  throw new OcciError('unauthenticated', 'The name of the caller is empty or not well-formed.');
}

/** Maximum number of tenants whose adapters are cached. */
const MAX_TENANTS = 1000;

/**
 * Sets up the cloud once per container and returns the factory that makes the adapter of a request.
 * Throws `internal` when the settings inject failures outside local runs.
 */
export function connect(environment: DummyEnvironment): (context: AdapterContext) => Adapter {
  const { settings: configured, site, table, now = Date.now } = environment;
  requireLocal(configured, environment.local);
  const published = publishedOf(configured);
  const catalogue = settingsCatalogue(configured);
  const partitions = partitionsOf(NAME, site);
  const counts: CallCounts = new Map();

  const adapterOf = (tenant: Tenant): Adapter => {
    const cloud: Cloud = {
      table,
      settings: configured,
      pk: partitions.cloud(tenant),
      sharedPk: partitions.shared,
      published,
      now,
    };
    const serve = <K extends KindTerm>(kind: K, adapter: (cloud: Cloud) => KindAdapter<K>): KindAdapter<K> =>
      failing(kind, adapter(cloud), configured.fail, counts);
    return {
      name: NAME,
      site,
      mixins: ACTS_ON,
      kinds: {
        compute: serve('compute', compute),
        storage: serve('storage', storage),
        network: serve('network', network),
        securitygroup: serve('securitygroup', securitygroup),
        ipreservation: serve('ipreservation', ipreservation),
        networkinterface: serve('networkinterface', networkinterface),
        storagelink: serve('storagelink', storagelink),
        securitygrouplink: serve('securitygrouplink', securitygrouplink),
      },
      identify: async () => tenant,
      catalogue: async () => {
        const saved = await savedTemplates(cloud);
        return { ...catalogue, mixins: saved.length > 0 ? [...catalogue.mixins, ...saved] : catalogue.mixins };
      },
    };
  };

  // This adapter holds no per-request state, neither credentials nor a deadline, so it can be cached per tenant.
  // The adapter of a real cloud has both and must be created for each request.
  const adapters = new Map<string, Adapter>();
  return (context) => {
    const { name, credentials } = context.caller;
    let adapter = credentials === undefined ? adapters.get(name) : undefined;
    if (!adapter) {
      adapter = adapterOf(tenantOf(context));
      if (adapters.size >= MAX_TENANTS) adapters.clear();
      adapters.set(name, adapter);
    }
    return adapter;
  };
}

/** The embedded cloud consists of its table, so there is nothing to check. */
export function probe({ table, site }: DummyEnvironment): (deadline: number) => Promise<void> {
  return async () => {
    await table.get({ pk: partitionsOf(NAME, site).shared, sk: '@health' });
  };
}
