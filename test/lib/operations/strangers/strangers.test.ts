/**
 * What belongs to another tenant answers, byte for byte, as what never existed: at every target, for every verb, in every
 * place of a request where something can be named.
 */
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { KindTerm } from '../../../../lib/occi/kinds/index.ts';
import type { Verb } from '../../../../lib/operations/index.ts';
import type { Target } from '../../../../lib/operations/operation.ts';
import { asked as asking, FORMS, LEAST } from './forms.ts';
import { HEADERS, PARAMETERS, PARTS } from './names.ts';
import { furnish, type Things } from './people.ts';
import { AROUND, METHODS, TARGETS } from './targets.ts';
import { type Asked, chanceFrom, startWorld, type World, watchOperations } from './worlds.ts';

const VERBS = Object.keys(METHODS) as Verb[];
const IS = Object.keys(TARGETS) as Target['is'][];
const ROWS = IS.flatMap((is) => VERBS.map((verb) => [is, verb] as const));

/** Places in which nothing can be named, or what is named means nothing. */
const NAMES_NOTHING = ['actionLinks', 'action', 'attribute', 'page', 'number', 'all'];

/** What she has in the first world. */
let hers: Things;
/** What never was in the first world. */
let nobodys: Things;
/** What he has, in both. */
let his: Things;
let worlds: readonly [World, World];
let operations: Awaited<ReturnType<typeof watchOperations>>;
/** Her partitions. */
let herPartitions: readonly string[];

beforeAll(async () => {
  operations = await watchOperations();
  worlds = [await startWorld(), await startWorld()];
  hers = await furnish(worlds[0], 'alice', 'one', 1_000_000);
  nobodys = await furnish(worlds[1], 'alice', 'two', 2_000_000);
  const [one, two] = [
    await furnish(worlds[0], 'mallory', 'own', 3_000_000),
    await furnish(worlds[1], 'mallory', 'own', 3_000_000),
  ];
  expect(one).toEqual(two);
  his = one;
  const { partitionsOf } = await import('../../../../lib/table/partition-keys.ts');
  const { tenant, cloud } = partitionsOf('dummy', 'test');
  herPartitions = [tenant('alice'), cloud('alice')];
  for (const pk of herPartitions) expect(worlds[0].rowsOf(pk).length).toBeGreaterThan(5);
  for (const world of worlds) world.keep();
});

let compared = 0;

/** Sends a request as Mallory in both worlds; what is different, if anything is. */
async function difference(asked: Asked): Promise<string | undefined> {
  compared += 1;
  const [there, never] = [[], []] as unknown[][] as [unknown[], unknown[]];
  for (const [world, seen] of [
    [worlds[0], there],
    [worlds[1], never],
  ] as const) {
    chanceFrom(10_000_000 + compared * 1000);
    await world.reset();
    seen.push(await world.send('mallory', asked), [...world.calls]);
  }
  for (const pk of worlds[0].written) if (herPartitions.includes(pk)) return `${JSON.stringify(asked)} writes to ${pk}`;
  const [one, other] = [JSON.stringify(there), JSON.stringify(never)];
  return one === other ? undefined : `${JSON.stringify(asked)}\n  ${one}\n  ${other}`;
}

/** Compares them all, and tells how many there were. */
async function walk(all: Iterable<Asked>): Promise<number> {
  const before = compared;
  const different: string[] = [];
  for (const asked of all) {
    const found = await difference(asked);
    if (found !== undefined) different.push(found);
  }
  expect(different).toEqual([]);
  return compared - before;
}

/** A request without its method and path, and the place in it where something is named. */
interface Saying {
  readonly place: string;
  readonly said: Omit<Asked, 'method' | 'path'>;
}

/** All that can be said of somebody’s things in a payload, in a query and in header fields of HTTP. */
function* sayings(whose: Things, is: Target['is'], verb: Verb, kind: KindTerm): Generator<Saying> {
  const least = LEAST[verb](is, kind);
  for (const [place, part] of Object.entries(PARTS)) {
    for (const one of part(whose, his)) {
      for (const form of FORMS) {
        const said = form(least, one);
        if (said) yield { place, said };
      }
    }
  }
  const plain = FORMS[0]!(least, { fields: [] })!;
  for (const [place, parameter] of Object.entries(PARAMETERS)) {
    for (const query of parameter(whose)) yield { place, said: { ...plain, query } };
  }
  for (const [place, value] of Object.entries(HEADERS)) {
    yield { place, said: { ...plain, headers: { ...plain.headers, [place]: value(whose) } } };
  }
}

/** Places of Mallory’s that stand for all of them: of a resource and of a link, where there are both. */
const ownPlaces = (is: Target['is']) =>
  TARGETS[is](his)
    .filter(({ kind }) => kind === 'compute' || kind === 'networkinterface')
    .slice(0, 2);

/** Requests to places of Mallory’s that name what is somebody’s. */
const naming = (whose: Things, is: Target['is'], verb: Verb): { readonly place: string; readonly asked: Asked }[] =>
  ownPlaces(is).flatMap(({ path, kind }) =>
    [...sayings(whose, is, verb, kind)].flatMap(({ place, said }) =>
      [...asking(verb, path, said)].map((asked) => ({ place, asked })),
    ),
  );

/** Requests to places of somebody’s, and to what lies around them. */
function* at(whose: Things, is: Target['is'], verb: Verb): Generator<Asked> {
  for (const { path, kind } of TARGETS[is](whose)) {
    const least = LEAST[verb](is, kind);
    const forms = FORMS.flatMap((form) => form(least, { fields: [], json: {} }) ?? []);
    const accepts = ['text/uri-list', 'text/occi', 'application/occi+json'].map((accept) => ({ headers: { accept } }));
    for (const around of AROUND) {
      for (const form of [{}, ...forms, ...accepts]) yield* asking(verb, around(path), form);
    }
  }
}

/** How many requests the tables make of a row, counted apart from making them. */
function countOf(is: Target['is'], verb: Verb): { readonly naming: number; readonly at: number } {
  const methods = METHODS[verb].length;
  const said = Object.values(PARTS).flatMap((part) => part(hers, his));
  // Four forms and one more have fields, two have members of JSON.
  const forms = said.reduce((sum, { fields, json }) => sum + (fields ? 5 : 0) + (json ? 2 : 0), 0);
  const queries = Object.values(PARAMETERS).flatMap((parameter) => parameter(hers)).length;
  const own = ownPlaces(is).length;
  return {
    naming: methods * own * (forms + queries + Object.keys(HEADERS).length),
    at: methods * TARGETS[is](hers).length * AROUND.length * (1 + 7 + 3),
  };
}

describe('What is another’s answers as what never existed', () => {
  test.each(ROWS)('named in a request to his own %s, by %s', async (is, verb) => {
    expect(await walk(naming(hers, is, verb).map(({ asked }) => asked))).toBe(countOf(is, verb).naming);
  });

  test.each(ROWS)('named by the path, as %s, by %s', async (is, verb) => {
    expect(await walk(at(hers, is, verb))).toBe(countOf(is, verb).at);
  });
});

/** Without it, the walk would find no difference where requests are refused before anybody looks at what they name. */
describe('The requests of the walk are understood', () => {
  /** Status and body in the first world. */
  const answerOf = async (asked: Asked): Promise<string> => {
    chanceFrom(20_000_000);
    await worlds[0].reset();
    const { statusCode, body } = await worlds[0].send('mallory', asked);
    return `${statusCode} ${body}`;
  };

  test('what is his own answers differently from what never existed, in each place that names', async () => {
    const told = new Set<string>();
    for (const [is, verb] of ROWS) {
      const [own, never] = [naming(his, is, verb), naming(nobodys, is, verb)];
      for (const [index, { place, asked }] of own.entries()) {
        if (told.has(place) && operations.ran.has(`${is}.${verb}`)) continue;
        const withoutNames = (text: string) => text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|own|two/g, '…');
        const [one, other] = [await answerOf(asked), await answerOf(never[index]!.asked)];
        if (withoutNames(one) !== withoutNames(other)) told.add(place);
      }
    }
    const names = [...Object.keys(PARTS), ...Object.keys(PARAMETERS), ...Object.keys(HEADERS)];
    expect(names.filter((name) => !told.has(name))).toEqual(NAMES_NOTHING);
  });

  test('and every operation of the table was carried out', () => {
    expect([...operations.ran].sort()).toEqual([...operations.all].sort());
  });
});
