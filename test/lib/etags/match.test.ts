import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { matchesAnyTag } from '../../../lib/etags/match.ts';
import { FORMS } from '../../../lib/renderings/index.ts';
import { LETTERS } from '../../../lib/renderings/rendering.ts';

const STATE = '0123456789abcdef'.repeat(2);
const tag = (opaque: string, weak = false) => ({ opaque, weak });
const now = () => STATE;

describe('A tag is of the state that is there now', () => {
  test.each(FORMS)('in the rendering $letter, packed or not', async ({ letter }) => {
    expect(await matchesAnyTag([tag('other'), tag(`${STATE}.${letter}`)], now, true)).toBe(true);
    expect(await matchesAnyTag([tag(`${STATE}.${letter}z`)], now, true)).toBe(true);
    expect(await matchesAnyTag([tag(`${STATE}.${letter}`)], () => undefined, true)).toBe(false);
    expect(await matchesAnyTag([tag(`${STATE.slice(1)}0.${letter}`)], now, true)).toBe(false);
  });

  test('weakly only where that is enough', async () => {
    expect(await matchesAnyTag([tag(`${STATE}.p`, true)], now, true)).toBe(false);
    expect(await matchesAnyTag([tag(`${STATE}.p`, true)], now, false)).toBe(true);
  });

  test('never in a rendering that there is not, nor with anything more', async () => {
    const ending = fc
      .string({ maxLength: 3 })
      .filter((text) => !LETTERS.some((one) => [one, `${one}z`].includes(text)));
    await fc.assert(
      fc.asyncProperty(ending, async (text) => {
        expect(await matchesAnyTag([tag(`${STATE}.${text}`), tag(STATE + text)], now, false)).toBe(false);
      }),
      { examples: [['q'], ['z'], ['pp'], ['P'], ['']] },
    );
  });
});

test('each rendering has a letter of its own, and no letter is without one', () => {
  expect(FORMS.map(({ letter }) => letter).toSorted()).toEqual([...LETTERS].toSorted());
});
