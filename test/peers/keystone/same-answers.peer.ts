/** Keystone and this endpoint answer the same requests alike: status, headers, and the members of bodies. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Reply } from '../../endpoint.ts';
import { DIFFERENCES } from './differences.ts';
import { FLOWS, type Got, type Step } from './flows.ts';
import { ourKeystone, realKeystone, type World } from './worlds.ts';

let theirs: World;
let ours: World;
const got = new Map<World, Record<string, string>>();

beforeAll(async () => {
  theirs = await realKeystone();
  ours = await ourKeystone();
  for (const world of [theirs, ours]) got.set(world, {});
}, 120_000);
afterAll(async () => {
  await ours?.stop();
  await theirs?.stop();
});

/** A value as its type; times, lists and objects by what is in them. A list is its first member. */
function shapeOf(value: unknown, path: string, into: Record<string, unknown>): Record<string, unknown> {
  if (Array.isArray(value)) {
    into[path] = 'list';
    if (value.length > 0) shapeOf(value[0], `${path}[0]`, into);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) shapeOf(inner, path === '' ? name : `${path}.${name}`, into);
  } else {
    const isTime = typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(value);
    into[path] = isTime ? 'time' : value === null ? 'null' : typeof value;
  }
  return into;
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return { text: '' };
  }
};

type View = Readonly<Record<'head' | 'body', Readonly<Record<string, unknown>>>>;

/** What is compared of an answer. */
const viewOf = ({ status, headers, body }: Reply): View => ({
  head: {
    status,
    'content-type': headers['content-type']?.split(';')[0],
    vary: headers.vary,
    location: headers.location !== undefined,
    allow: headers.allow?.split(/, */).sort().join(' '),
    'www-authenticate': headers['www-authenticate']?.replace(/'|"/g, '').replace(/=.*/, '=…'),
    'x-subject-token': headers['x-subject-token'] !== undefined,
  },
  body: body === '' ? { body: 'none' } : shapeOf(parsed(body), '', {}),
});

/** What differs of two, by name, with both. */
function differing(one: View[keyof View], other: View[keyof View]): Readonly<Record<string, unknown>> {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((name) => one[name] !== other[name]);
  return Object.fromEntries(names.map((name) => [name, [one[name], other[name]]]));
}

async function sent(world: World, { method, path, headers, body }: Step): Promise<Reply> {
  const content = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  const type: Record<string, string> = body === undefined ? {} : { 'Content-Type': 'application/json' };
  return await world.send(method, path, { headers: { ...type, ...headers }, ...content });
}

test.each(Object.keys(FLOWS))('%s', async (name) => {
  const [real, own] = await Promise.all(
    [theirs, ours].map(async (world) => {
      const tokens = got.get(world)!;
      const reply = await sent(world, await FLOWS[name]!(world, tokens as Got));
      const token = reply.headers['x-subject-token'];
      if (token !== undefined) tokens[name] = token;
      return viewOf(reply);
    }),
  );
  const { differs = {}, hasOtherBody = false } = DIFFERENCES[name] ?? {};
  const bodies = differing(real!.body, own!.body);
  expect({ ...differing(real!.head, own!.head), ...(hasOtherBody ? {} : bodies) }).toEqual(differs);
  if (hasOtherBody) expect(bodies).not.toEqual({});
});

test('Every difference is of a request that is sent', () => {
  expect(Object.keys(DIFFERENCES).filter((name) => !Object.hasOwn(FLOWS, name))).toEqual([]);
});
