/** Joins lib to the adapters, once per container: settings, table, auth schemes, adapter. The only file that does. */
import { ADAPTERS, type AdapterModule, type AdapterName } from '../adapters/index.ts';
import type { Adapter, AdapterContext } from '../lib/adapter.ts';
import { chosenSchemes } from '../lib/auth/index.ts';
import { readSettings, type Settings } from '../lib/config.ts';
import type { Service } from '../lib/handler.ts';
import { IdempotencyRecords } from '../lib/mapping/idempotency.ts';
import { Identities } from '../lib/mapping/identity.ts';
import { MappingStore } from '../lib/mapping/store.ts';
import { TenantModels } from '../lib/mapping/tenant-model.ts';
import { KIND_TERMS } from '../lib/occi/kinds/index.ts';
import { baseModel, type Model } from '../lib/occi/model.ts';
import type { Backend } from '../lib/operations/operation.ts';
import { memoryTable } from '../lib/table/memory.ts';
import { sharedReads } from '../lib/table/shared-reads.ts';
import type { Table } from '../lib/table/table.ts';

async function openTable(settings: Settings['table']): Promise<Table> {
  if (settings.kind === 'memory') return memoryTable();
  const { dynamoDbTable } = await import('../lib/table/dynamodb.ts');
  return sharedReads(dynamoDbTable(settings));
}

/** The adapter that the settings name. Throws an `Error` that lists the valid names, or what is wrong in its settings. */
async function connectAdapter(settings: Settings, table: Table): Promise<(context: AdapterContext) => Adapter> {
  const { name, site } = settings.adapter;
  if (!Object.hasOwn(ADAPTERS, name)) {
    throw new Error(`adapter.name: there is no adapter ${name}; there are ${Object.keys(ADAPTERS).join(', ')}`);
  }
  const module: AdapterModule<unknown> = await ADAPTERS[name as AdapterName]();
  const parsed = module.settings.safeParse(settings.adapter.settings);
  if (!parsed.success) {
    const issues = parsed.error.issues.map(
      (issue) => `${['adapter.settings', ...issue.path].join('.')}: ${issue.message}`,
    );
    throw new Error(`The settings of the adapter ${name} are wrong:\n  ${issues.join('\n  ')}`);
  }
  return module.connect({ settings: parsed.data, site, table, local: settings.local });
}

/** Makes the service from settings. Tests pass a table of their own. */
export async function makeService(settings: Settings, givenTable?: Table): Promise<Service> {
  const table = givenTable ?? (await openTable(settings.table));
  const connect = await connectAdapter(settings, table);
  const { limits, publicUrl, trustProxy, local } = settings;
  let base: Model | undefined;
  const identities = new Identities(settings.adapter.name, settings.adapter.site);
  return {
    events: { publicUrl, trustProxy, local, bodyBytes: limits.bodyBytes },
    responseHeaderBytes: limits.responseHeaderBytes,
    schemes: chosenSchemes(settings.auth, local),
    async backendFor(caller, { deadline, authorities, onNativeCall }) {
      const adapter = connect({ caller, deadline, onNativeCall });
      const tenant = await adapter.identify();
      const models = new TenantModels(table, tenant, adapter.audience?.());
      base ??= modelOf(adapter);
      const common = base;
      let reading: ReturnType<Backend['model']> | undefined;
      return {
        adapter,
        tenant,
        identities,
        store: new MappingStore(table, tenant, identities),
        models,
        records: new IdempotencyRecords(table, tenant),
        base: common,
        model: () => {
          reading ??= readModel(common, models, adapter);
          return reading;
        },
        authorities,
        deadline,
        states: settings.states,
        deleteAll: limits.deleteAll,
      };
    },
  };
}

/** What the adapter's kinds and mixins make of the tables; the same for every caller. */
const modelOf = (adapter: Adapter): Model =>
  baseModel(
    KIND_TERMS.filter((kind) => adapter.kinds[kind]),
    adapter.mixins,
  );

/** The whole model of a caller; the cloud is asked for its catalogue when the store has none. */
async function readModel(base: Model, models: TenantModels, adapter: Adapter): ReturnType<Backend['model']> {
  const { catalogue, user } = await models.read(() => adapter.catalogue());
  return { model: base.with(catalogue.mixins, user), catalogue };
}

let service: Promise<Service> | undefined;

/** The service of this container, from `OCCI_CONFIG`; the same for every request. */
export function serviceFromEnvironment(): Promise<Service> {
  service ??= (async () => makeService(readSettings(process.env.OCCI_CONFIG)))();
  return service;
}
