/** The same over OpenNebula, where the cloud itself knows what is another’s. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { openNebula } from './clouds.ts';
import { FORMS } from './forms.ts';
import { AROUND } from './targets.ts';
import { ACCEPTS, ROWS, Walk } from './walk.ts';

jest.setTimeout(60_000);

let walk: Walk;
beforeAll(async () => {
  walk = await Walk.start(openNebula, {
    // The forms of a payload are read before any cloud is asked: one of the text and one of JSON will do.
    forms: [FORMS[0]!, FORMS[5]!],
    around: AROUND.slice(0, 2),
    // Those of one request go side by side, in any order, and after the answer where it is a refusal.
    calls: false,
    accepts: ACCEPTS,
  });
});
afterAll(() => walk.stop());

describe('What is another’s in OpenNebula answers as what never existed', () => {
  test.each(ROWS.filter(([is]) => is === 'entity' || is === 'mixinCollection'))(
    'named by the path, as %s, by %s',
    async (is, verb) => {
      expect(await walk.compare(walk.at(walk.hers, is, verb))).toBe(walk.countOf(is, verb).at);
    },
  );

  test.each([
    ['entity', 'post'],
    ['entity', 'act'],
    ['mixinCollection', 'post'],
    ['kindCollection', 'delete'],
    ['kindCollection', 'post'],
  ] as const)('named in a request to his own %s, by %s', async (is, verb) => {
    const all = walk.naming(walk.hers, is, verb).map(({ asked }) => asked);
    expect(await walk.compare(all)).toBe(walk.countOf(is, verb).naming);
  });
});
