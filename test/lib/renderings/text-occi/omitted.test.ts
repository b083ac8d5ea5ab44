/** What text/occi leaves out of an answer that does not fit into headers (ADR-11). */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { KIND_TERMS } from '../../../../lib/occi/kinds/index.ts';
import { MIXINS, type MixinName } from '../../../../lib/occi/mixins/index.ts';
import { baseModel } from '../../../../lib/occi/model.ts';
import { typeId } from '../../../../lib/occi/types.ts';
import type { Answer, Part } from '../../../../lib/renderings/rendering.ts';
import { parseTextOcci } from '../../../../lib/renderings/text-occi/parse.ts';
import { OMITTED, renderTextOcci } from '../../../../lib/renderings/text-occi/render.ts';
import { entityOf, text } from '../../../contract/entities.ts';
import { echo } from '../../../contract/rendering.ts';
import { contextOf } from '../entity.ts';

const rendered = (answer: Answer, omitted: number) => renderTextOcci(answer, { ...contextOf('text/occi'), omitted });
const read = (answer: Answer, omitted: number): Part => parseTextOcci(echo(rendered(answer, omitted))).parts[0]!;
const lengthOf = (answer: Answer, omitted: number): number =>
  Object.entries(rendered(answer, omitted).headers)
    .filter(([name]) => name !== 'X-OCCI-Omitted')
    .join('').length;

/** What a part says once the first `omitted` parts of an entity are taken away. */
const without = ({ categories, links, ...rest }: Part, omitted: number) => ({
  ...rest,
  categories: categories.map(({ title, ...category }) => (omitted < 1 ? { title, ...category } : category)),
  links: links.map(({ attributes, category, ...link }) => ({
    ...link,
    attributes: omitted < 2 ? { ...attributes } : {},
    ...(omitted < 3 && { category }),
  })),
});

describe('An entity whose headers are too long', () => {
  const levels = [1, 2, 3];

  test('loses titles, then the attributes of links, then their kinds, and nothing else', () => {
    expect(OMITTED.entity).toHaveLength(levels.length);
    fc.assert(
      fc.property(entityOf(text), (entity) => {
        const answer = { is: 'entity', entity } as const;
        const whole = read(answer, 0);
        for (const omitted of levels) {
          expect(without(read(answer, omitted), omitted)).toEqual(without(whole, omitted));
        }
      }),
    );
  });

  test('gets shorter with each, and says what is missing', () => {
    fc.assert(
      fc.property(entityOf(text), (entity) => {
        const answer = { is: 'entity', entity } as const;
        for (const omitted of levels) {
          expect(lengthOf(answer, omitted)).toBeLessThanOrEqual(lengthOf(answer, omitted - 1));
          const told = rendered(answer, omitted).headers['X-OCCI-Omitted'];
          expect(told).toBe(OMITTED.entity.slice(0, omitted).join(', '));
        }
        expect(rendered(answer, 0).headers).not.toHaveProperty('X-OCCI-Omitted');
      }),
    );
  });
});

describe('Discovery whose headers are too long', () => {
  const MEMBERS = ['title', 'attributes', 'actions'] as const;
  const { categories } = baseModel(KIND_TERMS, Object.keys(MIXINS) as MixinName[]);

  test('loses titles, then attributes, then actions of its categories, and keeps what tells them apart (TXT-2)', () => {
    expect(OMITTED.categories).toHaveLength(MEMBERS.length);
    fc.assert(
      fc.property(fc.subarray([...categories]), fc.integer({ min: 1, max: 3 }), (some, omitted) => {
        const answer = { is: 'categories', categories: some } as const;
        const whole = some.length === 0 ? [] : read(answer, 0).categories;
        const shorter = some.length === 0 ? [] : read(answer, omitted).categories;
        const expected = whole.map((category) => {
          const kept: Record<string, unknown> = { ...category };
          for (const member of MEMBERS.slice(0, omitted)) delete kept[member];
          return kept;
        });
        expect(shorter).toEqual(expected);
        expect(shorter.map(typeId)).toEqual(some.map(typeId));
        expect(lengthOf(answer, omitted)).toBeLessThanOrEqual(lengthOf(answer, omitted - 1));
      }),
    );
  });
});
