/**
 * What belongs to another tenant answers, byte for byte, as what never existed: at every target, for every verb, in every
 * place of a request where something can be named.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { embedded } from './clouds.ts';
import { HEADERS, PARAMETERS, PARTS } from './names.ts';
import { ROWS, Walk } from './walk.ts';
import { watchOperations } from './worlds.ts';

/** Places in which nothing can be named, or what is named means nothing. */
const NAMES_NOTHING = ['actionLinks', 'action', 'attribute', 'page', 'number', 'all'];

let walk: Walk;
let operations: Awaited<ReturnType<typeof watchOperations>>;
beforeAll(async () => {
  operations = await watchOperations();
  walk = await Walk.start(embedded);
});
afterAll(() => walk.stop());

describe('What is another’s answers as what never existed', () => {
  test.each(ROWS)('named in a request to his own %s, by %s', async (is, verb) => {
    const all = walk.naming(walk.hers, is, verb).map(({ asked }) => asked);
    expect(await walk.compare(all)).toBe(walk.countOf(is, verb).naming);
  });

  test.each(ROWS)('named by the path, as %s, by %s', async (is, verb) => {
    expect(await walk.compare(walk.at(walk.hers, is, verb))).toBe(walk.countOf(is, verb).at);
  });
});

/** Without it, the walk would find no difference where requests are refused before anybody looks at what they name. */
describe('The requests of the walk are understood', () => {
  test('what is his own answers differently from what never existed, in each place that names', async () => {
    const observable = new Set<string>();
    const withoutNames = (text: string) => text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|own|two/g, '…');
    for (const [is, verb] of ROWS) {
      const never = walk.naming(walk.nobodys, is, verb);
      for (const [index, { place, asked }] of walk.naming(walk.his, is, verb).entries()) {
        if (observable.has(place) && operations.ran.has(`${is}.${verb}`)) continue;
        const [one, other] = [await walk.answerOf(asked), await walk.answerOf(never[index]!.asked)];
        if (withoutNames(one) !== withoutNames(other)) observable.add(place);
      }
    }
    const names = [...Object.keys(PARTS), ...Object.keys(PARAMETERS), ...Object.keys(HEADERS)];
    expect(names.filter((name) => !observable.has(name) && !NAMES_NOTHING.includes(name))).toEqual([]);
  });

  test('and every operation of the table was carried out', () => {
    expect([...operations.ran].sort()).toEqual([...operations.all].sort());
  });
});
