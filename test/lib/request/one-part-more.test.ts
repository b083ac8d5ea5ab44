/** A request is done as it is asked or not at all: with one part more than its operation uses, nothing happens. */

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Target } from '../../../lib/entities/backend.ts';
import { PARAMETER_NAMES, PARAMETERS, type PartKind } from '../../../lib/entities/reads.ts';
import { OPERATIONS, type Verb } from '../../../lib/operations/index.ts';
import type { Operation } from '../../../lib/operations/operation.ts';
import { type Call, startEndpoint } from '../../endpoint.ts';
import {
  headersOf,
  inHeaders,
  inJson,
  inText,
  type More,
  makeWorld,
  moreOf,
  WHOLE,
  type Whole,
  type World,
  written,
} from './whole-requests.ts';

interface Case {
  readonly name: string;
  readonly operation: Operation;
  readonly whole: ((world: World) => Whole) | undefined;
}

const CASES: readonly Case[] = (Object.keys(OPERATIONS) as Target['is'][]).flatMap((target) =>
  (Object.entries(OPERATIONS[target]) as [Verb, Operation | undefined][]).flatMap(([verb, operation]) =>
    operation ? [{ name: `${target}.${verb}`, operation, whole: WHOLE[target][verb] }] : [],
  ),
);

interface Request {
  readonly says: string;
  readonly method: string;
  readonly path: string;
  readonly call: Call;
}

type MoreParts = readonly (readonly [PartKind, More])[];

/** Parameters of others, which reads pass over, and parameters that are a slip away from one of OCCI. */
const STRANGERS = ['dry_run', 'occi.core.title'];
const SLIPS = ['actions', 'Category', 'categroy', 'attributes'];

const VALUES: Readonly<Record<string, string>> = { action: 'stop', all: 'true', category: 'compute' };

const withParameter = (path: string, name: string): string =>
  `${path}${path.includes('?') ? '&' : '?'}${name}=${VALUES[name] ?? '1'}`;

/** Parameters that other operations use, that OCCI does not know, or that stand twice. */
function* moreParameters({ reads }: Operation, whole: Whole, call: Call): Generator<Request> {
  const { method, path } = whole;
  const isRead = method === 'GET';
  for (const name of [...PARAMETER_NAMES, ...STRANGERS, ...SLIPS]) {
    const isStranger = STRANGERS.includes(name);
    if (reads.query.includes(name as never) || (isRead && isStranger)) continue;
    yield { says: `the parameter ${name}`, method, path: withParameter(path, name), call };
  }
  for (const name of isRead && reads.query.includes('category') ? STRANGERS : []) {
    const filtered = withParameter(path, 'category');
    yield { says: `the parameter ${name} beside a filter`, method, path: withParameter(filtered, name), call };
  }
  for (const name of reads.query.filter((one) => !PARAMETERS[one].often)) {
    const twice = withParameter(withParameter(path, name), name);
    yield { says: `the parameter ${name} twice`, method, path: twice, call };
  }
}

/** Fields of the text renderings, in the body, among the header fields that are the payload, or beside a body. */
function* moreFields({ reads }: Operation, whole: Whole, more: MoreParts): Generator<Request> {
  const { method, path, fields = [] } = whole;
  const [text, , object] = written(whole);
  for (const [kind, { field }] of more) {
    if (!field) continue;
    const [isPayload, isFilter] = [reads.payload.includes(kind), reads.filter.includes(kind as never)];
    if (!isPayload) yield { says: `${kind} in text/plain`, method, path, call: inText([...fields, field]) };
    if (isFilter) continue;
    if (!isPayload) yield { says: `${kind} in text/occi`, method, path, call: inHeaders([...fields, field]) };
    for (const call of text && object ? [text, object] : []) {
      const headers = { ...call.headers, ...headersOf([field]) };
      yield { says: `${kind} in a header beside a body`, method, path, call: { ...call, headers } };
    }
  }
}

/** Members of the JSON object, and of a resource in it. */
function* moreMembers({ reads }: Operation, whole: Whole, more: MoreParts): Generator<Request> {
  const { method, path, json = {} } = whole;
  for (const [kind, { json: member }] of more) {
    if (reads.payload.includes(kind)) continue;
    yield { says: `${kind} in JSON`, method, path, call: inJson({ ...json, ...member }) };
    const [resource] = (json.resources ?? []) as readonly object[];
    if (!resource) continue;
    yield { says: `${kind} of a resource`, method, path, call: inJson({ resources: [{ ...resource, ...member }] }) };
  }
}

/** An empty field for members in an action on a collection, which could have named some. */
function* emptyLocations({ reads }: Operation, whole: Whole): Generator<Request> {
  const { method, path, fields = [] } = whole;
  if (!reads.query.includes('action') || !reads.payload.includes('locations')) return;
  const line = inText([...fields, ['X-OCCI-Location', '']]);
  yield { says: 'an empty X-OCCI-Location in text/plain', method, path, call: line };
  for (const call of written(whole)) {
    const headers = { ...call.headers, 'X-OCCI-Location': '' };
    yield { says: 'an empty X-OCCI-Location in the header', method, path, call: { ...call, headers } };
  }
}

/** Header fields that are a slip away from one of OCCI; changes are refused with any that is named like one. */
function* misspelt(whole: Whole): Generator<Request> {
  const { method, path } = whole;
  for (const name of [
    'Categories',
    'OCCI-Attribute',
    'X-OCCI-Attributes',
    'X-OCCI-Atribute',
    'X-OCCI-Location-',
    'X-OCCI-Categories',
    'x-occi-links',
    'XOCCI-Attribute',
    'X-OCCI_Attribute',
    ...(method === 'GET' ? [] : ['X-OCCI-Filter', 'X-OCCI-Id', 'If-Matches', 'X-If-None-Match']),
  ]) {
    for (const call of written(whole)) {
      const headers = { ...call.headers, [name]: 'x' };
      yield { says: `the header field ${name}`, method, path, call: { ...call, headers } };
    }
  }
}

/** The key of a create that is sent again, where nothing is created by POST. */
function* keyed({ reads }: Operation, whole: Whole): Generator<Request> {
  const { method, path } = whole;
  if (reads.key || method === 'GET') return;
  for (const { headers, ...call } of written(whole)) {
    const more = { ...call, headers: { ...headers, 'Idempotency-Key': 'k' } };
    yield { says: 'an Idempotency-Key', method, path, call: more };
  }
}

/** Every request that has one part more than the operation uses. */
function withOneMore({ operation, whole: requestIn }: Case, world: World): readonly Request[] {
  const whole = requestIn!(world);
  const more = Object.entries(moreOf(world)) as unknown as MoreParts;
  return [
    ...written(whole).flatMap((call) => [...moreParameters(operation, whole, call)]),
    ...emptyLocations(operation, whole),
    ...moreFields(operation, whole, more),
    ...moreMembers(operation, whole, more),
    ...misspelt(whole),
    ...keyed(operation, whole),
  ];
}

/** All that a client can see. */
async function seen({ endpoint }: World) {
  const headers = { Accept: 'application/occi+json' };
  const [entities, categories] = [
    await endpoint.send('GET', '/', { headers }),
    await endpoint.send('GET', '/-/', { headers }),
  ];
  return [JSON.parse(entities.body), JSON.parse(categories.body)];
}

const WRITES = ['put', 'delete'];

let world: World;
beforeAll(async () => {
  world = await makeWorld(await startEndpoint());
});
afterAll(() => world.endpoint.stop());

describe('A request that its operation uses whole', () => {
  test('is known here for every operation', () => {
    expect(CASES.filter(({ whole }) => !whole).map(({ name }) => name)).toEqual([]);
  });

  test.each(CASES)('$name: is done, in every rendering', async ({ whole }) => {
    for (const index of written(whole!(world)).keys()) {
      const other = await makeWorld(await startEndpoint());
      const request = whole!(other);
      const { status, body } = await other.endpoint.send(request.method, request.path, written(request)[index]);
      await other.endpoint.stop();
      expect([200, 201]).toContain(status === 200 || status === 201 ? status : body);
    }
  });
});

describe('With one part more than its operation uses it is refused, and nothing changes', () => {
  test.each(CASES)('$name', async (one) => {
    const { endpoint } = world;
    const before = await seen(world);
    const requests = withOneMore(one, world);
    expect(requests.length).toBeGreaterThan(20);
    const done: unknown[] = [];
    for (const { says, method, path, call } of requests) {
      endpoint.reset();
      const { status, body } = await endpoint.send(method, path, call);
      const writes = WRITES.filter((name) => endpoint.calls[name]);
      const refused = status >= 400 && status < 500 && body.length > 20 && writes.length === 0;
      if (!refused) done.push([says, method, path, status, body, writes]);
    }
    expect(done).toEqual([]);
    expect(await seen(world)).toEqual(before);
  });

  test('whatever the parameter is called', async () => {
    const changes = CASES.filter(({ whole }) => whole!(world).method !== 'GET');
    const before = await seen(world);
    const name = fc.string({ minLength: 1, maxLength: 20 }).filter((text) => !PARAMETER_NAMES.includes(text as never));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...changes), name, fc.string(), async ({ whole }, parameter, value) => {
        const request = whole!(world);
        const sign = request.path.includes('?') ? '&' : '?';
        const path = `${request.path}${sign}${encodeURIComponent(parameter)}=${encodeURIComponent(value)}`;
        const { status } = await world.endpoint.send(request.method, path, written(request)[0]);
        expect(status).toBe(400);
      }),
      { numRuns: 150 },
    );
    expect(await seen(world)).toEqual(before);
  });
});
