/** An endpoint over a cloud with a large pool of machines, of which callers see some; it counts native calls. */
import { randomUUID } from 'node:crypto';
import { makeService } from '../../../../functions/services.ts';
import type { Adapter, KindAdapter, Native } from '../../../../lib/adapter/contract.ts';
import { principal } from '../../../../lib/auth/principal.ts';
import { readSettings } from '../../../../lib/config/index.ts';
import { OcciError } from '../../../../lib/errors.ts';
import { Identities } from '../../../../lib/mapping/identity.ts';
import { ReversibleIds } from '../../../../lib/mapping/reversible-ids.ts';
import type { KindTerm } from '../../../../lib/occi/kinds/index.ts';
import { occiHandler } from '../../../../lib/request/handler.ts';
import { memoryTable } from '../../../../lib/table/memory.ts';
import type { Table } from '../../../../lib/table/table.ts';

export interface PoolCloud {
  /** Machines by number, and who sees each. */
  readonly machines: Map<number, string>;
  /** Native calls since the last `take`, in order. */
  take(): readonly string[];
  /** What each native call waits for before it answers. */
  pace: (call: string) => Promise<void>;
  uuidOf(number: number, kind?: KindTerm): string;
}

export interface Reply {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface PoolOptions {
  /** Whether the adapter says that its ids are numbers. */
  readonly numbered?: boolean;
  /** Native ids are UUIDs, as the adapter says; if they are mixed, those of odd numbers are the numbers. */
  readonly uuids?: 'all' | 'mixed';
  readonly page?: number;
  readonly table?: Table;
}

const SITE = 'pool';

/** A service over it, as one container has it. Callers stand in the header `x-caller`. */
export function startPool({ numbered = false, uuids, page = 100, table = memoryTable() }: PoolOptions) {
  const calls: string[] = [];
  const kindsByUuid = uuids && (['compute'] as const);
  const identities = new Identities('dummy', SITE, kindsByUuid && new ReversibleIds('dummy', SITE, kindsByUuid));
  const nativeIdOf = (number: number): string =>
    uuids === 'all' || (uuids === 'mixed' && number % 2 === 0)
      ? `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`
      : String(number);
  const numberOf = (id: string): number => (id.includes('-') ? Number.parseInt(id.slice(-12), 16) : Number(id));
  const cloud: PoolCloud = {
    machines: new Map(),
    take: () => calls.splice(0),
    pace: async () => {},
    uuidOf: (number, kind = 'compute') => identities.of(kind, nativeIdOf(number)).uuid,
  };
  const call = async (name: string): Promise<void> => {
    calls.push(name);
    await cloud.pace(name);
  };
  const seenBy = (caller: string): number[] =>
    [...cloud.machines].flatMap(([number, owner]) => (owner === caller ? [number] : [])).reverse();
  const native = (id: string): Native<'compute'> => ({
    kind: 'compute',
    id,
    attributes: { 'occi.compute.state': 'active' },
    mixins: [],
    links: [],
  });
  const computeOf = (caller: string): KindAdapter<'compute'> => ({
    async ids({ cursor = '0' }) {
      await call('ids');
      const items = seenBy(caller).slice(Number(cursor)).slice(0, page);
      const next = Number(cursor) + page;
      return { items: items.map(nativeIdOf), ...(seenBy(caller).length > next && { next: String(next) }) };
    },
    async list(query) {
      const { items, ...rest } = await this.ids(query);
      return { ...rest, items: items.map(native) };
    },
    async get(id) {
      await call('get');
      if (cloud.machines.get(numberOf(id)) !== caller || nativeIdOf(numberOf(id)) !== id)
        throw new OcciError('notFound', 'There is no such compute.');
      return native(id);
    },
    async remove(id) {
      await this.get(id);
      cloud.machines.delete(numberOf(id));
    },
    ...(uuids && { finding: { by: 'uuid' as const, isMixed: uuids === 'mixed' } }),
    ...(numbered && {
      finding: {
        by: 'number' as const,
        async highest() {
          await call('highest');
          return Math.max(-1, ...seenBy(caller).slice(0, 1));
        },
      },
    }),
  });
  const adapterFor = (caller: string): Adapter => ({
    name: 'dummy',
    site: SITE,
    mixins: [],
    kinds: { compute: computeOf(caller) },
    identify: async () => caller,
    catalogue: async () => ({ mixins: [] }),
  });
  const settings = readSettings(
    JSON.stringify({
      adapter: { name: 'dummy', site: SITE },
      table: { kind: 'memory' },
      auth: ['anonymous'],
      local: true,
    }),
  );
  const module = {
    kindsByUuid,
    connect: () => (context: { caller: { name: string } }) => adapterFor(context.caller.name),
  };
  const service = makeService(settings, table, { module: module as never, settings: {} }).then((made) => ({
    ...made,
    schemes: [
      {
        name: 'users' as const,
        authenticate: ({ headers }: { headers: Readonly<Record<string, readonly string[]>> }) =>
          principal('users', headers['x-caller']?.[0] ?? 'alice'),
      },
    ],
  }));
  const handler = occiHandler(async () => (await service) as never) as unknown as (
    event: object,
    context: object,
  ) => Promise<Reply>;
  const send = (
    method: string,
    path: string,
    { caller = 'alice', timeMs = 20_000, body = '', accept = 'text/plain' } = {},
  ): Promise<Reply> => {
    const ends = Date.now() + timeMs;
    return handler(
      {
        rawPath: path,
        rawQueryString: '',
        headers: {
          host: 'occi.example.org',
          'x-caller': caller,
          accept,
          ...(body && { 'content-type': 'text/plain' }),
        },
        ...(body && { body }),
        requestContext: { requestId: randomUUID(), domainName: 'occi.example.org', http: { method, path } },
      },
      { getRemainingTimeInMillis: () => ends - Date.now() },
    );
  };
  return { cloud, table, send, ready: service };
}

/** Gives somebody the machines with these numbers. */
export function own(cloud: PoolCloud, caller: string, from: number, until: number): void {
  for (let number = from; number < until; number++) cloud.machines.set(number, caller);
}
