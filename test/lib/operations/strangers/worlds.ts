/**
 * Two worlds that differ in one thing: in the first, Alice has what the requests of the walk name; in the second she
 * has as much of the same, but what they name never existed. Chance is the same in both, so whatever else differs
 * between the answers to Mallory is what she has learned about Alice’s things.
 */

import * as crypto from 'node:crypto';
import { jest } from '@jest/globals';
import { principal } from '../../../../lib/auth/principal.ts';
import type { AuthScheme } from '../../../../lib/auth/scheme.ts';
import type { Target } from '../../../../lib/entities/backend.ts';
import type { Verb } from '../../../../lib/operations/index.ts';
import type { CloudOfWorld } from './clouds.ts';
import type { Credentials, Login } from './logins.ts';
import { watchedTable } from './watched-table.ts';

let chance = 0;
const byChance = {
  ...crypto,
  randomUUID: () => `00000000-0000-4000-8000-${(++chance).toString(16).padStart(12, '0')}`,
  randomInt: (least: number, most?: number) => (most === undefined ? ++chance % least : least + (++chance % most)),
  randomBytes: (size: number) => crypto.createHash('sha512').update(String(++chance)).digest().subarray(0, size),
};
jest.unstable_mockModule('node:crypto', () => ({ ...byChance, default: byChance }));

/** What happens by chance from here on is the same each time. */
export const chanceFrom = (seed: number): void => {
  chance = seed;
};

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query?: string;
  /** By lower-cased name. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Answered {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface World {
  /** One request, its answer whole: the ids of requests are the same in both worlds. */
  send(caller: string, asked: Asked): Promise<Answered>;
  /** The calls of the table since the last `reset`, in order, and the native ones; without what was in them. */
  calls(): readonly string[];
  /** Partitions that were written to since the last `reset`. */
  readonly written: ReadonlySet<string>;
  /** From now on `reset` leads back to here, if the cloud lives in the table. */
  keep(): void;
  reset(): Promise<void>;
  readonly cloud: CloudOfWorld;
}

/** The scheme of these tests: the caller stands in a header. */
const byHeader = ({ callerOf }: CloudOfWorld): AuthScheme => ({
  name: 'users',
  authenticate({ headers }) {
    const { name, credentials } = callerOf(headers['x-caller']![0]!);
    return { ...principal('users', name), ...(credentials !== undefined && { credentials }) };
  },
});

const CONTEXT = { getRemainingTimeInMillis: () => 20_000 };

/** A world without users, over its own table. Without a `login`, callers stand in a header. */
export async function startWorld(cloud: CloudOfWorld, login?: Login): Promise<World> {
  const { makeService } = await import('../../../../functions/services.ts');
  const { readSettings } = await import('../../../../lib/config/index.ts');
  const { occiHandler } = await import('../../../../lib/request/handler.ts');
  const { table, calls, ...watched } = await watchedTable();
  let before = 0;
  const text = JSON.stringify({
    adapter: { ...cloud.adapter, site: 'test' },
    table: { kind: 'memory' },
    auth: login?.auth ?? cloud.auth,
    limits: { responseHeaderBytes: 65_536 },
    publicUrl: 'http://occi.example.org',
    local: true,
  });
  const made = await makeService(readSettings(text), table);
  const service = login ? made : { ...made, schemes: [byHeader(cloud)] };
  const handler = occiHandler(async () => service) as unknown as (event: object, context: object) => Promise<Answered>;
  const sendWith = ({ headers: own, context }: Credentials, { method, path, query = '', headers = {}, body }: Asked) =>
    handler(
      {
        rawPath: path,
        rawQueryString: query,
        headers: { host: 'occi.example.org', ...own, ...headers },
        ...(body !== undefined && { body }),
        isBase64Encoded: false,
        requestContext: {
          requestId: byChance.randomUUID(),
          domainName: 'occi.example.org',
          http: { method, path },
          ...context,
        },
      },
      CONTEXT,
    );
  const loggedIn = new Map<string, Credentials>();
  const credentialsOf = async (name: string): Promise<Credentials> => {
    if (!login) return { headers: { 'x-caller': name } };
    const known = loggedIn.get(name) ?? (await login.credentialsOf(name, (asked) => sendWith({}, asked)));
    loggedIn.set(name, known);
    return known;
  };
  return {
    ...watched,
    cloud,
    calls: () => [...calls, ...cloud.calls.slice(before)],
    async reset() {
      before = cloud.calls.length;
      await watched.reset(cloud.inTable);
    },
    send: async (caller, asked) => await sendWith(await credentialsOf(caller), asked),
  };
}

/** The operations that have run, as `target.verb`: those of the table, each watched in its place. */
export async function watchOperations(): Promise<{ readonly all: readonly string[]; readonly ran: Set<string> }> {
  const { OPERATIONS, VERBS } = await import('../../../../lib/operations/index.ts');
  const ran = new Set<string>();
  const all: string[] = [];
  for (const target of Object.keys(OPERATIONS) as Target['is'][]) {
    const row = OPERATIONS[target] as Record<Verb, { run(...of: unknown[]): Promise<unknown> } | undefined>;
    for (const verb of VERBS) {
      const operation = row[verb];
      if (!operation) continue;
      all.push(`${target}.${verb}`);
      row[verb] = {
        ...operation,
        async run(...of) {
          const answer = await operation.run(...of);
          ran.add(`${target}.${verb}`);
          return answer;
        },
      };
    }
  }
  return { all, ran };
}
