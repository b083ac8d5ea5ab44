/** A real site for the contract suite: its users, what they may use, and the cleanup. */
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { connectSite, type OneClient, OneRefusal, oneClient } from '../../adapters/opennebula/api/client.ts';
import { connect, settings } from '../../adapters/opennebula/index.ts';
import { imagePool, user, vnetPool } from '../../adapters/opennebula/native/index.ts';
import type { Adapter } from '../../lib/adapter/contract.ts';
import { KIND_TERMS } from '../../lib/occi/kinds/index.ts';
import { memoryTable } from '../../lib/table/memory.ts';
import { callerOf } from '../adapters/opennebula/contract.ts';
import type { AdapterUnderTest, CloudUnderTest } from '../contract/adapter.ts';
import { OWN_NETWORKS, TWO_USERS } from './opennebula-cases.ts';
import { recording, takeAway } from './opennebula-leavings.ts';

interface LiveSite {
  readonly endpoint: string;
  readonly version: string;
  readonly skip: NonNullable<AdapterUnderTest['skip']>;
  start(): Promise<CloudUnderTest>;
}

/** An hour: all of the suite. */
const deadline = () => Date.now() + 3_600_000;

/** What lets a user make networks: objects and rights of ACL rules (`NET/* CREATE`, `CLUSTER/* ADMIN`). */
const RULES = [
  ['0x4400000000', '0x8'],
  ['0x200400000000', '0x4'],
] as const;
/** One user as ACL rules name it, and every zone. */
const aclUser = (id: number): string => `0x${(2 ** 32 + id).toString(16)}`;
const EVERY_ZONE = '0x400000000';

/** Everything that the caller may use, with full details. */
const USABLE = [-2, -1, -1] as const;
/** OpenNebula's error code for missing rights. */
const AUTHORIZATION = 512;
/** Type of an image that machines start from, and its states when they can: READY and USED. */
const OS = 0;
const READY = [1, 2];

const required = (env: NodeJS.ProcessEnv, name: string): string => {
  const value = env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
};

const clientOf = (endpoint: string, session: string): OneClient =>
  oneClient(connectSite(settings.parse({ endpoint })), { session, deadline: deadline() });

const newName = (): string => `occi-test-${randomBytes(6).toString('hex')}`;

/** Missing rights are reported before an invalid network, so an invalid network tests the rights without making one. */
const mayMakeNetworks = (client: OneClient): Promise<boolean> =>
  client.call('one.vn.allocate', [`<T><NAME>${newName()}</NAME></T>`, -1], z.int()).then(
    () => Promise.reject(new Error('a network without VN_MAD was made')),
    (error) => !(error instanceof OneRefusal && error.code === AUTHORIZATION),
  );

/** Looks at the site that the environment names. Throws an `Error` for one that cannot be used. */
export async function liveSite(env: NodeJS.ProcessEnv): Promise<LiveSite> {
  if (env.OCCI_LIVE !== 'opennebula') throw new Error('OCCI_LIVE must be opennebula');
  const endpoint = required(env, 'OPENNEBULA_ENDPOINT');
  const session = required(env, 'OPENNEBULA_AUTH');
  const client = clientOf(endpoint, session);
  const version = await client.call('one.system.version', [], z.string());
  const me = await client.call('one.user.info', [-1], user);
  const isAdministrator = me.ID === 0 || me.GROUPS.includes(0);
  const images = await client.call('one.imagepool.info', USABLE, imagePool);
  const networks = await client.call('one.vnpool.info', USABLE, vnetPool);
  const image = Number(
    env.OPENNEBULA_IMAGE ??
      images.findLast(({ TYPE, STATE, PERSISTENT }) => TYPE === OS && READY.includes(STATE) && PERSISTENT === 0)?.ID,
  );
  const pool = Number(env.OPENNEBULA_POOL ?? networks.at(-1)?.ID);
  if (Number.isNaN(image + pool)) throw new Error('the site has no OS image, or no network, that may be used');
  const skip = [];
  if (!isAdministrator) {
    if (!(await mayMakeNetworks(client))) {
      skip.push({ reason: 'the user of OPENNEBULA_AUTH may not make networks', cases: OWN_NETWORKS });
    }
    const reason = 'the user of OPENNEBULA_AUTH is no administrator, who could make a second user';
    skip.push({ reason, cases: TWO_USERS });
  }

  const connected = (change: Readonly<Record<string, unknown>> = {}) =>
    connect({
      settings: settings.parse({
        endpoint,
        floatingIpPools: [pool],
        page: 50,
        network: { vnMad: env.OPENNEBULA_VN_MAD ?? 'dummy', bridge: 'br-occi' },
        ...change,
      }),
      site: 'live',
      table: memoryTable(),
      local: true,
    });

  /** A template small enough for many machines. One of an administrator is usable by every user. */
  const makeTemplate = async (): Promise<number> => {
    const disk = `<DISK><IMAGE_ID>${image}</IMAGE_ID></DISK>`;
    const text = `<T><NAME>${newName()}</NAME><CPU>0.01</CPU><MEMORY>16</MEMORY>${disk}</T>`;
    return client.call('one.template.allocate', [text], z.int());
  };

  /** Prepares the site. Adds a rollback step to `undo` for each change; the steps run in reverse order. */
  async function prepare(undo: (() => Promise<unknown>)[]): Promise<Omit<CloudUnderTest, 'stop'>> {
    const made = new Set<string>();
    const leavesNothing = (own: string, what: ReadonlySet<string> | 'all') => {
      const adapter = () => connected()(callerOf(own, deadline()));
      undo.push(() => takeAway({ adapter: adapter(), client: clientOf(endpoint, own) }, what));
    };
    const change = (method: string, ...params: (string | number | boolean)[]) => client.call(method, params, z.int());

    if (!isAdministrator) leavesNothing(session, made);
    const template = await makeTemplate();
    undo.push(() => change('one.template.delete', template, false));
    const sessions = new Map<string, string>();
    if (isAdministrator) {
      await change('one.template.chmod', template, 1, 1, 0, 0, 0, 0, 1, 0, 0);
      const names = ['anne', 'other/caller#', 'other caller', ...KIND_TERMS.map((kind) => `counts ${kind}`)];
      for (const name of names) {
        const own = newName();
        const password = randomBytes(12).toString('hex');
        const id = await change('one.user.allocate', own, password, '');
        undo.push(() => change('one.user.delete', id));
        for (const [objects, rights] of RULES) {
          const rule = await change('one.acl.addrule', aclUser(id), objects, rights, EVERY_ZONE);
          undo.push(() => client.call('one.acl.delrule', [rule], z.unknown()));
        }
        sessions.set(name, `${own}:${password}`);
        leavesNothing(`${own}:${password}`, 'all');
      }
    }

    let calls = 0;
    const connection = connected({ defaultOsTemplate: template });
    const adapterOf = (of: string): Adapter =>
      recording(connection({ ...callerOf(of, deadline()), onNativeCall: () => void calls++ }), made);
    const sessionOf = (name: string): string => {
      const known = isAdministrator ? sessions.get(name) : session;
      if (!known) throw new Error(`there is no user for ${name}`);
      return known;
    };
    return {
      adapter: (name = 'anne') => adapterOf(sessionOf(name)),
      refused: () => adapterOf('no-such-user:wrong'),
      down: () => connected({ endpoint: 'http://127.0.0.1:1/RPC2' })(callerOf(session, deadline())),
      calls: () => calls,
    };
  }

  return {
    endpoint,
    version,
    skip,
    async start() {
      const undo: (() => Promise<unknown>)[] = [];
      const stop = async () => {
        const failures: unknown[] = [];
        for (const one of undo.toReversed()) await one().catch((error) => failures.push(error));
        if (failures.length > 0) throw new AggregateError(failures, 'something was left behind');
      };
      try {
        return { ...(await prepare(undo)), stop };
      } catch (error) {
        await stop();
        throw error;
      }
    },
  };
}
