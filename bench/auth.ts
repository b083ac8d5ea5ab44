/**
 * `npm run bench -- auth`: what each auth scheme adds to a warm request, measured in one process and in turns: processor
 * time and store reads of `GET /network/<id>` in the embedded cloud, beyond those of the same request without credentials.
 * Ends with 1 if a scheme adds more than its goal.
 */
import { makeService } from '../functions/services.ts';
import { hashOf } from '../lib/auth/password.ts';
import { phcOf } from '../lib/config/auth/password-hash.ts';
import { readSettings } from '../lib/config/index.ts';
import { occiHandler } from '../lib/request/handler.ts';
import { memoryTable } from '../lib/table/memory.ts';
import { counted } from '../test/endpoint.ts';
import { AUDIENCE, type Issuer, startIssuer } from '../test/issuer.ts';
import { processorTime } from '../test/processor-time.ts';
import { figure, textTable } from './text-table.ts';

/** What a scheme may add to a warm request. */
const GOAL = { milliseconds: 0.3, reads: 1 } as const;
const ROUNDS = 15;
const REQUESTS_PER_ROUND = 300;

type Headers = Readonly<Record<string, string>>;
type Send = (method: string, path: string, headers: Headers, body?: string) => Promise<Answer>;

interface Answer {
  readonly statusCode: number;
  readonly headers: Headers;
  readonly body: string;
}

/** A way to log in. */
interface Way {
  readonly name: string;
  readonly auth: readonly unknown[];
  /** The header fields of a caller; `send` asks the endpoint for what it hands out itself. */
  headers(send: Send): Promise<Headers>;
}

const basic = (pair: string): Headers => ({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` });

/** Alice, whose password is `password`, hashed as `npm run user:hash` does. */
const usersEntry = async () => ({ users: { alice: { password: phcOf(await hashOf('password')) } } });

async function waysWith(issuer: Issuer): Promise<readonly Way[]> {
  const users = await usersEntry();
  const oidc = { oidc: { issuer: issuer.url, audience: AUDIENCE, everybody: true } };
  const bearer = (client: string) => async () => ({ authorization: `Bearer ${await issuer.tokenOf(client)}` });
  return [
    { name: 'anonymous', auth: ['anonymous'], headers: async () => ({}) },
    { name: 'users', auth: [users], headers: async () => basic('alice:password') },
    {
      name: 'token',
      auth: [users, { token: {} }],
      async headers(send) {
        const accept = { ...basic('alice:password'), accept: 'text/plain' };
        return { 'x-auth-token': (await send('POST', '/.well-known/tokens', accept)).body.trim() };
      },
    },
    { name: 'oidc, RS256', auth: [oidc], headers: bearer('rs256') },
    { name: 'oidc, ES256', auth: [oidc], headers: bearer('es256') },
  ];
}

interface Measured {
  readonly name: string;
  readonly reads: number;
  round(): Promise<number>;
}

/** Makes an endpoint for a way to log in, with one network. */
async function prepared({ name, auth, headers }: Way): Promise<Measured> {
  const { table, calls } = counted(memoryTable());
  const adapter = { name: 'dummy', site: 'bench', settings: {} };
  const settings = readSettings(JSON.stringify({ adapter, auth, table: { kind: 'memory' }, local: true }));
  const service = await makeService(settings, table);
  const handle = occiHandler(async () => service) as unknown as (event: object, context: object) => Promise<Answer>;
  const send: Send = (method, path, own, body) =>
    handle(
      {
        rawPath: path,
        headers: { host: 'localhost', 'content-type': 'text/plain', ...own },
        ...(body !== undefined && { body }),
        requestContext: { requestId: 'bench', domainName: 'localhost', http: { method, path, sourceIp: '127.0.0.1' } },
      },
      { getRemainingTimeInMillis: () => 20_000 },
    );
  const own = await headers(send);
  const category = 'Category: network; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"';
  const made = await send('POST', '/network/', own, category);
  if (made.statusCode !== 201) throw new Error(`${name}: ${made.statusCode} ${made.body}`);
  const path = new URL(made.headers.Location!).pathname;
  const get = () => send('GET', path, own);
  if ((await get()).statusCode !== 200) throw new Error(`${name}: the network is not there`);
  for (const call of Object.keys(calls)) delete calls[call];
  await get();
  const reads = (calls.get ?? 0) + (calls.getAll ?? 0) + (calls.query ?? 0);
  return {
    name,
    reads,
    async round() {
      const time = processorTime();
      for (let request = 0; request < REQUESTS_PER_ROUND; request++) await get();
      return time() / REQUESTS_PER_ROUND;
    },
  };
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

const issuer = await startIssuer({ rs256: { algorithm: 'RS256' }, es256: { algorithm: 'ES256' } });
const ways = await Promise.all((await waysWith(issuer)).map(prepared));
const times = ways.map((): number[] => []);
for (let round = 0; round < ROUNDS; round++) {
  for (const [place, way] of ways.entries()) times[place]!.push(await way.round());
}
await issuer.stop();

const rows = ways.map(({ name, reads }, place) => ({ name, reads, milliseconds: median(times[place]!) }));
const [without] = rows;
const added = rows.map(({ name, reads, milliseconds }) => ({
  name,
  milliseconds,
  moreReads: reads - without!.reads,
  moreMilliseconds: milliseconds - without!.milliseconds,
}));
const isOver = ({ moreReads, moreMilliseconds }: (typeof added)[number]) =>
  moreReads > GOAL.reads || moreMilliseconds > GOAL.milliseconds;

console.log(
  textTable(
    [
      { name: 'scheme', of: ({ name }) => name, align: 'left' },
      { name: 'ms of processor', of: ({ milliseconds }) => milliseconds.toFixed(3) },
      { name: 'ratio', of: ({ milliseconds }) => figure(milliseconds / without!.milliseconds) },
      { name: 'more ms', of: ({ moreMilliseconds }) => moreMilliseconds.toFixed(3) },
      { name: 'more reads', of: ({ moreReads }) => String(moreReads) },
      { name: '', of: (row) => (isOver(row) ? 'over' : ''), align: 'left' },
    ],
    added,
  ),
);
console.log(`Goal: at most ${GOAL.milliseconds} ms and ${GOAL.reads} read more than without credentials.`);
process.exitCode = added.some(isOver) ? 1 : 0;
