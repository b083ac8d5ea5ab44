/** A real site for the contract suite: its users, what they may use, and how it is left as it was. */
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { connectSite, type OneClient, oneClient } from '../../adapters/opennebula/client.ts';
import { connect, settings } from '../../adapters/opennebula/index.ts';
import { user, vmTemplatePool, vnetPool } from '../../adapters/opennebula/native.ts';
import type { Adapter, PageQuery } from '../../lib/adapter.ts';
import { KIND_TERMS, type KindTerm } from '../../lib/occi/kinds/index.ts';
import { memoryTable } from '../../lib/table/memory.ts';
import { callerOf } from '../adapters/opennebula/contract.ts';
import type { AdapterUnderTest, CloudUnderTest } from '../contract/adapter.ts';

interface LiveSite {
  readonly endpoint: string;
  readonly version: string;
  readonly skip: NonNullable<AdapterUnderTest['skip']>;
  start(): Promise<CloudUnderTest>;
}

/** An hour: all of the suite. */
const deadline = () => Date.now() + 3_600_000;

/** Rights of ACL rules: the groups of objects, `*`, what may be done, the zone. */
const RULES = [
  ['0x4400000000', '0x8'],
  ['0x200400000000', '0x4'],
] as const;

const required = (env: NodeJS.ProcessEnv, name: string): string => {
  const value = env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
};

const clientOf = (endpoint: string, session: string, onCall?: () => void): OneClient =>
  oneClient(connectSite(settings.parse({ endpoint })), { session, deadline: deadline(), ...(onCall && { onCall }) });

/** The cases that need a second user. */
const TENANTS = ['shows nothing of it to another tenant'];
const alone = (kinds: readonly KindTerm[]): readonly string[] => [
  'the cloud > knows each caller by one stable name that is safe in a key',
  ...kinds.flatMap((kind) => TENANTS.map((name) => `${kind} > ${name}`)),
];

/** Looks at the site that the environment names. Throws an `Error` for one that cannot be used. */
export async function liveSite(env: NodeJS.ProcessEnv): Promise<LiveSite> {
  if (env.OCCI_LIVE !== 'opennebula') throw new Error('OCCI_LIVE must be opennebula');
  const endpoint = required(env, 'OPENNEBULA_ENDPOINT');
  const session = required(env, 'OPENNEBULA_AUTH');
  const client = clientOf(endpoint, session);
  const version = await client.call('one.system.version', [], z.string());
  const me = await client.call('one.user.info', [-1], user);
  const isAdministrator = me.ID === 0 || me.GROUPS.includes(0);
  const templates = await client.call('one.templatepool.info', [-2, -1, -1], vmTemplatePool);
  const networks = await client.call('one.vnpool.info', [-2, -1, -1], vnetPool);
  const template = Number(env.OPENNEBULA_TEMPLATE ?? templates.at(-1)?.ID);
  const pool = Number(env.OPENNEBULA_POOL ?? networks.at(-1)?.ID);
  const reason = 'OPENNEBULA_AUTH is no administrator, who could make a second user';

  return {
    endpoint,
    version,
    skip: isAdministrator ? [] : [{ reason, cases: alone(KIND_TERMS) }],
    async start() {
      let calls = 0;
      const configured = { endpoint, defaultOsTemplate: template, floatingIpPools: [pool], page: 50 };
      const make = (change: Readonly<Record<string, unknown>> = {}) =>
        connect({
          settings: settings.parse({
            ...configured,
            network: { vnMad: env.OPENNEBULA_VN_MAD ?? 'dummy', bridge: 'br-occi' },
            ...change,
          }),
          site: 'live',
          table: memoryTable(),
          local: true,
        });
      const connected = make();
      const adapterOf = (of: string): Adapter =>
        connected({ ...callerOf(of, deadline()), onNativeCall: () => void calls++ });
      const sessions = new Map<string, string>();
      const users: number[] = [];
      const rules: number[] = [];
      if (isAdministrator) {
        for (const [objects, rights] of RULES) {
          const params = ['0x200000001', objects, rights, '0x400000000'].map((hex) => hex);
          rules.push(await client.call('one.acl.addrule', params, z.int()));
        }
      }
      const sessionOf = (name: string): string => {
        if (!isAdministrator) return session;
        const known = sessions.get(name);
        if (!known) throw new Error(`there is no user for ${name}`);
        return known;
      };
      if (isAdministrator) {
        const names = ['anne', 'somebody/else#', 'somebody else', ...KIND_TERMS.map((kind) => `counts ${kind}`)];
        for (const name of names) {
          const own = `occi-test-${randomBytes(6).toString('hex')}`;
          users.push(await client.call('one.user.allocate', [own, 'password', ''], z.int()));
          sessions.set(name, `${own}:password`);
        }
      }
      // What an ordinary user has already is no resource of ours.
      const before = isAdministrator ? new Set<string>() : await ownedBy(adapterOf(session), client);
      return {
        adapter: (name = 'anne') => adapterOf(sessionOf(name)),
        refused: () => adapterOf('nobody-of-this-name:wrong'),
        down: () => make({ endpoint: 'http://127.0.0.1:1/RPC2' })(callerOf(session)),
        calls: () => calls,
        async stop() {
          for (const own of new Set(isAdministrator ? sessions.values() : [session])) {
            await removeAll(adapterOf(own), before);
            await removeTemplates(clientOf(endpoint, own), before);
          }
          for (const id of users) await client.call('one.user.delete', [id], z.unknown());
          for (const id of rules) await client.call('one.acl.delrule', [id], z.unknown());
        },
      };
    },
  };
}

/** In this order nothing is in use any more when its turn comes. */
const ORDER = ['compute', 'ipreservation', 'network', 'securitygroup', 'storage'] as const;
const PATIENCE = 120_000;

const nameOf = (kind: KindTerm | 'template', id: string | number): string => `${kind} ${id}`;

/** Ids of all that a caller owns, with their kinds. */
async function ownedBy(adapter: Adapter, client: OneClient): Promise<Set<string>> {
  const owned = new Set((await ownTemplates(client)).map((id) => nameOf('template', id)));
  for (const kind of ORDER) for (const id of await ownOf(adapter, kind)) owned.add(nameOf(kind, id));
  return owned;
}

const ownTemplates = async (client: OneClient): Promise<readonly number[]> =>
  (await client.call('one.templatepool.info', [-3, -1, -1], vmTemplatePool)).map(({ ID }) => ID);

/** Removes the templates that `save` made; an endpoint has no way to. */
async function removeTemplates(client: OneClient, before: ReadonlySet<string>): Promise<void> {
  for (const id of await ownTemplates(client)) {
    if (!before.has(nameOf('template', id))) await client.call('one.template.delete', [id, false], z.unknown());
  }
}

async function ownOf(adapter: Adapter, kind: KindTerm): Promise<readonly string[]> {
  const ids: string[] = [];
  let query: PageQuery = {};
  for (;;) {
    const { items, next } = await adapter.kinds[kind]!.list(query);
    ids.push(...items.filter((one) => !one.published).map(({ id }) => id));
    if (next === undefined) return ids;
    query = { cursor: next };
  }
}

/** Removes what a caller owns now and did not own before, again and again until it is gone. */
async function removeAll(adapter: Adapter, before: ReadonlySet<string>): Promise<void> {
  for (const kind of ORDER) {
    const give = Date.now() + PATIENCE;
    for (;;) {
      const own = (await ownOf(adapter, kind)).filter((id) => !before.has(nameOf(kind, id)));
      if (own.length === 0) break;
      if (Date.now() > give) throw new Error(`${own.length} ${kind} could not be removed`);
      for (const id of own) await adapter.kinds[kind]!.remove!(id).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}
