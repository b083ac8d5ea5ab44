/** Makes the service of a container from settings, table, auth schemes and adapter. No other file joins lib to the adapters. */

import { readFile } from 'node:fs/promises';
import type { Adapter, AdapterContext } from '../lib/adapter/contract.ts';
import { makeSchemes, readByThem } from '../lib/auth/make.ts';
import { haveAdmin, namedTenants } from '../lib/auth/tenants.ts';
import type { Environment, Settings } from '../lib/config/index.ts';
import { WrongSettings } from '../lib/config/issues.ts';
import { secretsIn } from '../lib/config/secret.ts';
import { warningsOf } from '../lib/config/warnings.ts';
import type { Backend } from '../lib/entities/backend.ts';
import { logger } from '../lib/log.ts';
import { IdempotencyRecords } from '../lib/mapping/idempotency.ts';
import { Identities } from '../lib/mapping/identity.ts';
import { KnownTenants } from '../lib/mapping/known-tenants.ts';
import { MappingStore } from '../lib/mapping/store.ts';
import { type TenantModel, TenantModels } from '../lib/mapping/tenant-model.ts';
import { Turns } from '../lib/mapping/turns.ts';
import { UserMixins } from '../lib/mapping/user-mixins.ts';
import { memoByObject } from '../lib/memo-by-object.ts';
import { KIND_TERMS } from '../lib/occi/kinds/index.ts';
import { baseModel, type Model } from '../lib/occi/model.ts';
import { limitsAnybody, limitsOf } from '../lib/quota/limits.ts';
import type { Service } from '../lib/request/service.ts';
import { partitionsOf } from '../lib/table/partition-keys.ts';
import { sharedReads } from '../lib/table/shared-reads.ts';
import type { Table } from '../lib/table/table.ts';
import { type ChosenAdapter, chosenAdapter, readAllSettings } from './settings.ts';

export { OcciError } from '../lib/errors.ts';
export { forStart } from './settings.ts';

let ownTable: Table | undefined;

/** Sets the table of this process, instead of the one that the settings name: `npm start` has one of its own. */
export const useTable = (table: Table): void => {
  ownTable = table;
};

async function openTable(settings: Settings['table']): Promise<Table> {
  if (ownTable) return ownTable;
  if (settings.kind === 'memory') return (await import('../lib/table/memory.ts')).memoryTable();
  const { dynamoDbTable } = await import('../lib/table/dynamodb.ts');
  return sharedReads(dynamoDbTable(settings));
}

type Connect = (context: AdapterContext) => Adapter;

/** Connects the adapter once per container, and again when a secret in its settings has changed. */
async function connectAdapter(settings: Settings, table: Table, { module, settings: own }: ChosenAdapter) {
  const { site } = settings.adapter;
  const { local } = settings;
  const connect = (given: unknown): Connect => module.connect({ settings: given, site, table, local });
  const probe = module.probe?.({ settings: own, site, table, local });
  if (secretsIn(own).length === 0) return { probe, connected: connect(own) };
  const { renewed } = await import('../lib/secrets/renewed.ts');
  return { probe, renew: renewed(own, connect) };
}

/** Makes the service. Tests pass a table of their own, and may pass an adapter that is not in the registry. */
export async function makeService(
  settings: Settings,
  givenTable?: Table,
  givenAdapter?: ChosenAdapter,
): Promise<Service> {
  const table = givenTable ?? (await openTable(settings.table));
  const chosen = givenAdapter ?? (await chosenAdapter(settings));
  const { probe, connected, renew } = await connectAdapter(settings, table, chosen);
  const bases = new Map<string, Model>();
  /** The part of the model that depends on what the adapter offers, which may differ from tenant to tenant. */
  const baseOf = (adapter: Adapter): Model => {
    const offered = KIND_TERMS.filter((kind) => adapter.kinds[kind]).join();
    const known = bases.get(offered) ?? modelOf(adapter, settings);
    bases.set(offered, known);
    return known;
  };
  const wholeOn = memoByObject((base: Model) =>
    memoByObject(({ catalogue, user, definitions }: TenantModel) => ({
      model: base.with(catalogue.mixins, user, catalogue.unread),
      catalogue,
      definitions,
    })),
  );
  const { name, site } = settings.adapter;
  const { local, publicUrl, authorizerParameters } = settings;
  const identities = await identitiesOf(name, site, chosen.module);
  const partitions = partitionsOf(name, site);
  const { limits } = settings;
  const limiting = limitsAnybody(limits) ? await import('../lib/quota/quota.ts') : undefined;
  const rates = limiting && (await import('../lib/quota/rate.ts'));
  return {
    adapter: name,
    probe,
    crossOrigin: settings.cors && (await import('../lib/http/cors.ts')).crossOrigin(settings.cors),
    settings,
    events: { ...settings, ...readByThem(settings.auth) },
    schemes: await makeSchemes(settings.auth, {
      adapter: name,
      site,
      table,
      local,
      cloudLogin: chosen.module.cloudLogin?.(chosen.settings),
      publicUrl,
      authorizerParameters,
    }),
    tenants: haveAdmin(settings.auth) ? new KnownTenants(table, partitions, namedTenants(settings.auth)) : undefined,
    admitByName:
      rates &&
      (async (tenant, onLimit) => {
        const { requestsPerMinute } = limitsOf(limits, tenant);
        if (requestsPerMinute === undefined) return;
        await rates.admit(new rates.RequestRate(table, partitions.rate(tenant), requestsPerMinute), onLimit);
      }),
    async baseModel() {
      const connect = connected ?? (await renew());
      // An adapter tells what it offers without knowing its caller, whom only `identify` proves.
      return baseOf(connect({ caller: { name: 'nobody' }, deadline: Date.now() }));
    },
    async backendFor(caller, { deadline, isOurs, onNativeCall, onAdoption, onLimit }) {
      const connect = connected ?? (await renew());
      const adapter = connect({ caller, deadline, onNativeCall });
      const tenant = await adapter.identify();
      const own = partitions.tenant(tenant);
      const audience = adapter.audience?.();
      const shelf = audience === undefined ? own : partitions.catalogue(tenant, audience);
      const models = new TenantModels(table, own, shelf);
      const base = baseOf(adapter);
      const store = new MappingStore(table, own);
      const quota = () => {
        const ofTenant = limitsOf(limits, tenant);
        if (!limiting || Object.keys(ofTenant).length === 0) return undefined;
        const [pk, rate] = [partitions.ledger(tenant), partitions.rate(tenant)];
        return new limiting.Quota(ofTenant, { adapter, store, identities, table, pk, rate }, onLimit);
      };
      const ask = () => adapter.catalogue();
      let reading: ReturnType<Backend['model']> | undefined;
      return {
        adapter,
        tenant,
        identities,
        store,
        quota: quota(),
        turns: () => new Turns(table, own),
        models,
        mixins: () => new UserMixins(table, own),
        records: new IdempotencyRecords(table, own),
        base,
        model: () => {
          reading ??= models.read(ask).then(wholeOn(base));
          return reading;
        },
        readNewestModel: () => {
          reading = models.readNewest(ask).then(wholeOn(base));
          return reading;
        },
        isOurs,
        deadline,
        settings,
        admitScan: async () => {
          const { admitScan } = await import('../lib/quota/scans.ts');
          await admitScan(table, partitions.scans(tenant, audience));
        },
        onAdoption,
      };
    },
  };
}

async function identitiesOf(
  adapter: string,
  site: string,
  { kindsByUuid }: ChosenAdapter['module'],
): Promise<Identities> {
  if (!kindsByUuid) return new Identities(adapter, site);
  const { ReversibleIds } = await import('../lib/mapping/reversible-ids.ts');
  return new Identities(adapter, site, new ReversibleIds(adapter, site, kindsByUuid));
}

/** The model of what the adapter offers; the same for every caller. */
const modelOf = ({ kinds, mixins }: Adapter, { clients }: Pick<Settings, 'clients'>): Model =>
  baseModel(
    KIND_TERMS.filter((kind) => kinds[kind]),
    mixins,
    KIND_TERMS.filter((kind) => kinds[kind]?.act),
    clients.jocci,
    (kind) => Object.keys(kinds[kind]?.cannotAct ?? {}),
  );

/** A deployment's settings lie beside the functions. This code may be in a chunk, one folder below. */
const FILES = ['settings.json', '../settings.json'].map((path) => new URL(path, import.meta.url));

/** The settings as text, and where they were found. Throws `WrongSettings` if there are no settings. */
async function findSettings(env: Environment): Promise<{ readonly text: string; readonly source: string }> {
  if (env.OCCI_CONFIG) return { text: env.OCCI_CONFIG, source: 'OCCI_CONFIG' };
  for (const file of FILES) {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text !== undefined) return { text, source: 'settings.json' };
  }
  throw new WrongSettings('There are no settings: neither OCCI_CONFIG is set nor is settings.json in the package.', []);
}

let service: Promise<Service> | undefined;
let readAhead: (() => Promise<unknown>) | undefined;

/** The service of this container, from its settings and the environment; the same for every request. */
export function serviceFromEnvironment(): Promise<Service> {
  service ??= (async () => {
    const { text, source } = await findSettings(process.env);
    const { service: settings, adapter } = await readAllSettings(text, source, process.env);
    ({ readAhead } = adapter.module);
    for (const warning of warningsOf(settings.auth)) logger.warn('settings', { warning });
    return makeService(settings, undefined, adapter);
  })();
  return service;
}

/**
 * Makes the service while Lambda initialises a container: that has a whole CPU for it, a request only the share that goes
 * with its memory. Makes no call. Does nothing elsewhere: `npm start` sets its table before it makes the service. Never
 * rejects: what is wrong with the settings is the answer to each request.
 * @param asksCloud whether nearly all requests of the function call the cloud, for which its client is read too
 */
export async function startEarly(asksCloud: boolean): Promise<void> {
  if (process.env.AWS_LAMBDA_FUNCTION_NAME === undefined) return;
  try {
    await serviceFromEnvironment();
    if (asksCloud) await readAhead?.();
  } catch {
    // The promise of the service is kept: each request fails with its reason, and logs it.
  }
}
