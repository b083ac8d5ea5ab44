/**
 * The contract suite of all adapters, whatever their cloud; one call in `test/adapters/<name>.test.ts` runs all of it.
 * It uses nothing but the contract, so it runs against a real cloud as well as against a fake.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isLinkTerm, RESOURCE_KINDS } from '../../lib/occi/kinds/index.ts';
import { actionCases } from './adapter/action-cases.ts';
import { cloudCases } from './adapter/cloud-cases.ts';
import { COURSES } from './adapter/courses.ts';
import { firstBootCases } from './adapter/first-boot-cases.ts';
import { firstLookCase } from './adapter/first-look-case.ts';
import { inlineLinkCases } from './adapter/inline-link-cases.ts';
import { kindCases } from './adapter/kind-cases.ts';
import { linkCases } from './adapter/link-cases.ts';
import { nativeCallCase } from './adapter/native-call-case.ts';
import type { AdapterUnderTest, CloudUnderTest } from './adapter/under-test.ts';
import { fails } from './adapter/validity.ts';
import { workbenchFor } from './adapter/workbench.ts';

export type { AdapterUnderTest, CloudUnderTest };
export { fails };

/** How long the setup and the cleanup of a cloud may each take. */
const START_AND_STOP_MS = 600_000;

/** The whole contract. */
export function adapterContract(under: AdapterUnderTest): void {
  const bench = workbenchFor(under);

  describe(`${under.name} keeps the contract of an adapter`, () => {
    beforeAll(() => bench.start(), START_AND_STOP_MS);
    afterAll(() => bench.stop(), START_AND_STOP_MS);

    describe('the cloud', () => cloudCases(bench));

    for (const term of bench.terms) {
      describe(term, () => {
        const general = under.onlyOwnCases?.kinds.includes(term) ? bench.without(under.onlyOwnCases.reason) : bench;
        kindCases(term, general);
        if (term in COURSES) actionCases(term as keyof typeof COURSES, bench);
        if (term === 'compute') inlineLinkCases(bench);
        if (term === 'compute') firstBootCases(bench);
        if (isLinkTerm(term)) linkCases(term, bench);
        nativeCallCase(term, general);
        firstLookCase(term, general);
      });
    }

    test('every reason to skip a case names an existing case', () => {
      expect(bench.unusedReasons()).toEqual([]);
    });

    test('the suite can make every kind of resource', () => {
      expect(bench.terms.filter((term) => !(term in RESOURCE_KINDS) && !isLinkTerm(term))).toEqual([]);
    });
  });
}
