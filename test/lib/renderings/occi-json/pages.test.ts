import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AnyEntity } from '../../../../lib/occi/entity.ts';
import { occiJson } from '../../../../lib/renderings/index.ts';
import { linkOf, resourceOf, text } from '../../../contract/entities.ts';
import { compute, contextOf } from '../entity.ts';

const context = contextOf('application/occi+json');

async function* pagesOf(all: readonly (readonly AnyEntity[])[]) {
  yield* all;
}

const written = async (pages: AsyncIterable<readonly AnyEntity[]>, ofLinks: boolean) => {
  const { headers, pieces } = occiJson.renderPages!(pages, ofLinks, context);
  const all: string[] = [];
  for await (const piece of pieces) all.push(piece);
  return { headers, body: all.join('') };
};

const whole = (entities: readonly AnyEntity[], links: boolean) =>
  occiJson.render({ is: 'collection', locations: [], entities, links }, context);

describe('A collection in pages', () => {
  test.each([
    ['resources', false, fc.array(fc.array(resourceOf(text)))],
    ['links', true, fc.array(fc.array(linkOf(text)))],
  ])('is the text of the whole collection: %s', async (_name, ofLinks, pages) => {
    await fc.assert(
      fc.asyncProperty(pages as fc.Arbitrary<AnyEntity[][]>, async (all) => {
        expect(await written(pagesOf(all), ofLinks)).toEqual(whole(all.flat(), ofLinks));
      }),
    );
  });

  test('reads a page only when the one before is written', async () => {
    let read = 0;
    let longest = 0;
    const many = Array.from({ length: 200 }, (_, n) => ({ ...compute, id: `urn:uuid:${n}` }));
    const pages = (async function* () {
      for (; read < 10; read += 1) yield many;
    })();
    let pieces = 0;
    for await (const piece of occiJson.renderPages!(pages, false, context).pieces) {
      pieces += 1;
      longest = Math.max(longest, piece.length);
      // A page makes more than one piece, so never more pages were read than pieces were written.
      expect(read).toBeLessThanOrEqual(pieces);
    }
    expect(pieces).toBeGreaterThan(10);
    expect(longest).toBeLessThan(70_000);
  });
});
