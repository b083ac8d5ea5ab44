/**
 * Marked secrets stand in every place of a request and of the settings where one can stand. None of them comes out in a
 * log line, a metric, a row of the table, or a header or body of an answer: neither plain nor encoded nor hashed.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ADAPTERS } from '../../../../adapters/index.ts';
import { memoByObject } from '../../../../lib/memo-by-object.ts';
import { memoryTable } from '../../../../lib/table/memory.ts';
import type { Row, Table } from '../../../../lib/table/table.ts';
import { readFunctions } from '../../../../local/routes.ts';
import { type Call, type Endpoint, type Reply, startEndpoint } from '../../../endpoint.ts';
import { capture } from './captured.ts';
import { Marks } from './marks.ts';
import { ELSEWHERE, PLACES, type Said } from './places.ts';
import { WORLDS, type WorldOfSecrets } from './worlds.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'] as const;
const UUID = '3b1f6c52-8d4e-5a57-9a3c-0f6d2b9e7a11';

/** Every route and method: what stands for the rest of a path is an entity that is not there, or nothing. */
const ROUTES = readFunctions(readFileSync(new URL('../../../../serverless.yml', import.meta.url), 'utf8'))
  .flatMap(({ routeKeys }) => routeKeys)
  .flatMap((key) => {
    const [method, path] = key === '$default' ? ['ANY', '/{proxy+}'] : (key.split(' ') as [string, string]);
    const paths = path.includes('{') ? ['', UUID].map((rest) => path.replace(/\{[^}]+\}/, rest)) : [path];
    const methods = method === 'ANY' ? METHODS : [method];
    return paths.flatMap((one) => methods.map((each) => ({ method: each, path: one })));
  });

/** Schemes may share a place. */
const ALL_PLACES = [
  ...new Map(
    [...Object.entries(PLACES), ['', ELSEWHERE] as const].flatMap(([scheme, places]) =>
      places.map((place) => [place, { place, name: `${scheme} ${place.name}` }] as const),
    ),
  ).values(),
];

/** Every route, and every place, with every method; which place meets which route does not matter. */
const PLAN = METHODS.flatMap((method) => {
  const routes = ROUTES.filter((route) => route.method === method);
  const length = Math.max(routes.length, ALL_PLACES.length);
  return Array.from({ length }, (_, index) => ({
    ...routes[index % routes.length]!,
    at: ALL_PLACES[index % ALL_PLACES.length]!,
  }));
});
/** So many requests are under way at the same time. */
const AT_ONCE = 8;

const SCHEME = 'http://schemas.ogf.org/occi/infrastructure';
const COMPUTE = `Category: compute; scheme="${SCHEME}#"; class="kind"\nCategory: user_data; scheme="${SCHEME}/compute#"; class="mixin"`;

/** A table that keeps what is written to it, and can be broken. */
function watchedTable() {
  const inner = memoryTable();
  const written: string[] = [];
  let broken = false;
  const table: Table = new Proxy(inner, {
    get(target, name: keyof Table) {
      const method = target[name] as (...values: unknown[]) => unknown;
      return (...values: unknown[]) => {
        if (broken) return Promise.reject(new Error('the table is down'));
        if (name === 'put') written.push(JSON.stringify(values[0] as Row));
        return method.apply(target, values);
      };
    },
  });
  return {
    table,
    written,
    setBroken: (value: boolean) => {
      broken = value;
    },
  };
}

describe.each(
  (Object.keys(ADAPTERS) as (keyof typeof ADAPTERS)[]).flatMap((name) =>
    WORLDS[name].map((start, index) => [name, index, start] as const),
  ),
)('No secret over %s (%d)', (adapter, _index, start) => {
  const marks = new Marks();
  const seen = watchedTable();
  let world: WorldOfSecrets;
  let endpoint: Endpoint;
  let output: ReturnType<typeof capture>;
  const shown: string[] = [];
  const sent: number[] = [];

  const send = async (method: string, path: string, { query, ...call }: Said = {}, isShown = true): Promise<Reply> => {
    const reply = await endpoint.send(method, query === undefined ? path : `${path}?${query}`, call as Call);
    sent.push(reply.status);
    if (isShown) shown.push(`${method} ${path} ${reply.status} ${JSON.stringify(reply.rawHeaders)} ${reply.body}`);
    return reply;
  };
  const as = (headers: Readonly<Record<string, string>>, said: Said = {}): Said => ({
    ...said,
    headers: { ...headers, ...said.headers },
  });
  const found = () => ({
    log: marks.in(output.lines.join('\n'), 'log'),
    rows: marks.in(seen.written.join('\n'), 'row'),
    answers: marks.in(shown.join('\n'), 'answer'),
  });
  const NOWHERE = { log: [], rows: [], answers: [] };

  /** What a request says that has a secret in a place; the same each time, since each mark is searched for everywhere. */
  const saidAt = memoByObject(({ place, name }: (typeof ALL_PLACES)[number]) => place.said(marks, name));

  /** Sends every n-th request of the plan, each second one with right credentials beside the marked ones. */
  const walk = async (every = 1): Promise<void> => {
    const requests = PLAN.filter((_, index) => index % every === 0);
    for (let from = 0; from < requests.length; from += AT_ONCE) {
      await Promise.all(
        requests.slice(from, from + AT_ONCE).map(({ method, path, at }, index) => {
          const said = saidAt(at);
          return send(method, path, index % 2 === 0 ? as(world.callers[0]!, said) : said);
        }),
      );
    }
  };

  beforeAll(async () => {
    world = await start(marks);
    output = capture();
    endpoint = await startEndpoint({
      settings: world.settings,
      table: seen.table,
      ...(world.context && { context: world.context }),
    });
  });
  afterAll(async () => {
    output.end();
    await endpoint.stop();
    await world.stop();
  });

  test('is every place that meets every method', async () => {
    await walk();
    expect(found()).toEqual(NOWHERE);
  });

  test('is in what right credentials do, with user data and keys', async () => {
    const userData = marks.make('user data', ['row', 'answer'], (core) => core);
    const body = `${COMPUTE}\nX-OCCI-Attribute: occi.compute.userdata="${Buffer.from(userData).toString('base64')}"`;
    for (const caller of world.callers) {
      for (const path of ['/-/', '/compute/', '/', '/.well-known/quota', '/.well-known/tokens'])
        await send('GET', path, as(caller));
      const made = await send('POST', '/compute/', as(caller, { headers: { 'content-type': 'text/plain' }, body }));
      // The mock of EC2 has no images.
      if (adapter !== 'ec2') expect(made.status).toBe(201);
      const location = made.headers.location;
      if (location) {
        const { pathname } = new URL(location);
        await send('GET', pathname, as(caller));
        await send('DELETE', pathname, as(caller));
        // What belongs in an answer is found there: the others would be, too. Nova shows user data to nobody but admins.
        if (adapter !== 'openstack') expect(marks.shows(shown.join('\n'), 'user data')).toBe(true);
      }
    }
    expect(found()).toEqual(NOWHERE);
  });

  test('is a token that the endpoint issues, beside the answer that shows it once', async () => {
    const password = world.issuesTokensFor;
    if (password === undefined) return; // of every world but one: it is the same code
    const user = { name: 'alice', domain: { id: 'default' }, password };
    const json = { 'content-type': 'application/json', accept: 'application/json' };
    const login = async (path: string, auth: object): Promise<Reply> => {
      const reply = await send('POST', path, { headers: json, body: JSON.stringify({ auth }) }, false);
      expect([path, reply.status < 300]).toEqual([path, true]);
      return reply;
    };
    const own = await send('POST', '/.well-known/tokens', as(world.callers[0]!, { headers: json }), false);
    const v2 = await login('/v2.0/tokens', {
      passwordCredentials: { username: 'alice', password },
      tenantName: 'alice',
    });
    const v3 = await login('/v3/auth/tokens', { identity: { methods: ['password'], password: { user } } });
    const tokens: string[] = [
      JSON.parse(own.body).token,
      JSON.parse(v2.body).access.token.id,
      v3.headers['x-subject-token'],
    ];
    for (const token of tokens) {
      expect(token).toMatch(/^.{20,}$/);
      marks.add('an issued token', token);
      for (const path of ['/compute/', '/.well-known/tokens', '/nothing', '/v2.0/tenants']) {
        await send('GET', path, { headers: { 'x-auth-token': token } });
        await send('GET', path, { headers: { authorization: `Bearer ${token}` } });
      }
      // As a client of Keystone's v2.0 revokes it: there is no such call here, and the path has the token in it.
      await send('DELETE', `/v2.0/tokens/${token}`, { headers: { 'x-auth-token': token } }, false);
      await send('DELETE', `/compute/${token}`, { headers: { 'x-auth-token': token } }, false);
      await send('DELETE', '/v3/auth/tokens', { headers: { 'x-auth-token': token, 'x-subject-token': token } });
    }
    expect(found()).toEqual(NOWHERE);
  });

  test('is there while the table fails', async () => {
    seen.setBroken(true);
    await walk(5);
    seen.setBroken(false);
    expect(found()).toEqual(NOWHERE);
  });

  test('is there while the cloud fails', async () => {
    await world.breakCloud();
    await walk(5);
    expect(found()).toEqual(NOWHERE);
  });

  test('would have been seen: there were answers of every outcome, and lines of every kind', () => {
    expect(new Set(sent.map((status) => Math.floor(status / 100)))).toEqual(new Set([2, 4, 5]));
    const log = output.lines.join('\n');
    for (const part of ['"message":"audit"', '"message":"request"', '"message":"internal"', '"_aws"']) {
      expect(log.includes(part) ? part : 'no such line').toBe(part);
    }
  });
});
