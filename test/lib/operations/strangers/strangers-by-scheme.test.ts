/**
 * The same with people who log in by each auth scheme. How somebody has logged in decides nothing after that, so these
 * walks are shorter: every target and verb, and the places where most is named.
 */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { SCHEME_NAMES } from '../../../../lib/config/auth/names.ts';
import { embedded, openNebula } from './clouds.ts';
import { FORMS } from './forms.ts';
import { LOGINS, type Login } from './logins.ts';
import { AROUND } from './targets.ts';
import { ROWS, Walk } from './walk.ts';

jest.setTimeout(60_000);

/** The embedded cloud cannot check passwords; OpenNebula's stand-in can. */
const CLOUDS = SCHEME_NAMES.flatMap((scheme) => {
  const login = LOGINS[scheme];
  if (typeof login === 'string') return [];
  return [[scheme, scheme === 'basic' ? openNebula : embedded, login] as const];
});

const NAMING = [
  ['entity', 'post'],
  ['kindCollection', 'post'],
  ['kindCollection', 'delete'],
] as const;

describe.each(CLOUDS)(
  'With the scheme %s, what is another’s answers as what never existed',
  (scheme, cloudOf, loginOf) => {
    let login: Login;
    let walk: Walk;
    beforeAll(async () => {
      login = await loginOf();
      const extent = { forms: [FORMS[0]!], around: AROUND.slice(0, 1), calls: scheme !== 'basic' };
      walk = await Walk.start(cloudOf, extent, login);
    });
    afterAll(async () => {
      await walk.stop();
      await login.stop?.();
    });

    test('named by the path, as every target, by every verb', async () => {
      for (const [is, verb] of ROWS)
        expect(await walk.compare(walk.at(walk.hers, is, verb))).toBe(walk.countOf(is, verb).at);
    });

    // Over OpenNebula the rest is in a test of its own, and takes longer.
    test.each(scheme === 'basic' ? NAMING.slice(0, 1) : NAMING)(
      'named in a request to his own %s, by %s',
      async (is, verb) => {
        const all = walk.naming(walk.hers, is, verb).map(({ asked }) => asked);
        expect(await walk.compare(all)).toBe(walk.countOf(is, verb).naming);
      },
    );

    test('and what is his own does not', async () => {
      const [own] = walk.at(walk.his, 'entity', 'get');
      const [hers] = walk.at(walk.hers, 'entity', 'get');
      expect([await walk.answerOf(own!), await walk.answerOf(hers!)]).toEqual([
        expect.stringMatching(/^200 /),
        expect.stringMatching(/^404 /),
      ]);
    });
  },
);
