/**
 * The walk with people who log in, for every auth scheme whose callers a cloud takes. How somebody has logged in decides
 * nothing after that, so these walks are shorter: every target by every method, in one form each, and the places where
 * most is named.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ADAPTERS, type AdapterName } from '../../../../adapters/index.ts';
import { SCHEME_NAMES } from '../../../../lib/config/auth/names.ts';
import type { CloudOfWorld } from './clouds.ts';
import { FORMS } from './forms.ts';
import { LOGINS, type Login } from './logins.ts';
import { AROUND } from './targets.ts';
import { ROWS, Walk } from './walk.ts';

export interface WalksOfCloud {
  readonly adapter: AdapterName;
  cloudOf(): Promise<CloudOfWorld>;
  /** Whether the calls behind an answer are compared too. */
  readonly calls: boolean;
  /** Requests to his own things that name hers. */
  readonly naming: readonly (readonly [is: 'entity' | 'kindCollection', verb: 'post' | 'delete'])[];
}

/** Declares the tests of a cloud, one block for each scheme that its table admits. */
export async function describeWalks({ adapter, cloudOf, calls, naming }: WalksOfCloud): Promise<void> {
  const { schemes } = await ADAPTERS[adapter]();
  for (const scheme of SCHEME_NAMES) {
    const login = LOGINS[scheme];
    const why = schemes[scheme] === true ? login : schemes[scheme];
    if (typeof why === 'string') {
      // biome-ignore lint/suspicious/noSkippedTests: the title has the reason, which the table of the adapter gives
      test.skip(`${adapter} with the scheme ${scheme}: ${why}`, () => {});
      continue;
    }
    describe(`Over ${adapter} with the scheme ${scheme}, what is another’s answers as what never existed`, () => {
      let loggedIn: Login;
      let walk: Walk;
      beforeAll(async () => {
        loggedIn = await why(adapter);
        walk = await Walk.start(
          cloudOf,
          { forms: [FORMS[0]!], around: AROUND.slice(0, 1), calls, accepts: [] },
          loggedIn,
        );
      });
      afterAll(async () => {
        await walk?.stop();
        await loggedIn?.stop?.();
      });

      test('named by the path, as every target, by every verb', async () => {
        for (const [is, verb] of ROWS)
          expect(await walk.compare(walk.at(walk.hers, is, verb))).toBe(walk.countOf(is, verb).at);
      });

      for (const [is, verb] of naming) {
        test(`named in a request to his own ${is}, by ${verb}`, async () => {
          const all = walk.naming(walk.hers, is, verb).map(({ asked }) => asked);
          expect(await walk.compare(all)).toBe(walk.countOf(is, verb).naming);
        });
      }

      test('and what is his own does not', async () => {
        const [own] = walk.at(walk.his, 'entity', 'get');
        const [hers] = walk.at(walk.hers, 'entity', 'get');
        expect([await walk.answerOf(own!), await walk.answerOf(hers!)]).toEqual([
          expect.stringMatching(/^200 /),
          expect.stringMatching(/^404 /),
        ]);
      });
    });
  }
}
