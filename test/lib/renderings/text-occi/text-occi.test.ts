import { describe, expect, test } from '@jest/globals';
import { NOTHING } from '../../../../lib/renderings/rendering.ts';
import { hasOcciHeaders, parseTextOcci } from '../../../../lib/renderings/text-occi/parse.ts';
import { renderTextOcci, renderTextOcciError } from '../../../../lib/renderings/text-occi/render.ts';
import { compute, contextOf } from '../entity.ts';
import { COMPUTE, fixture, LOCATIONS } from '../golden.ts';

const context = contextOf('text/occi');

/** The fixture's header lines as they reach a parser. */
const headersOf = (text: string): Record<string, string[]> =>
  Object.fromEntries(
    text
      .trimEnd()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), [line.slice(line.indexOf(':') + 1).trim()]]),
  );

describe('reading', () => {
  test('an entity (TXT-22)', () => {
    expect(parseTextOcci({ headers: headersOf(fixture('text-occi/compute.txt')) })).toEqual(COMPUTE);
  });

  test('a collection (TXT-16)', () => {
    expect(parseTextOcci({ headers: headersOf(fixture('text-occi/collection.txt')) })).toEqual(LOCATIONS);
  });

  test('repeated headers and comma lists are the same (TXT-23)', () => {
    const headers = { 'x-occi-attribute': ['a=1,b="x, y"', 'c=true'], 'x-occi-link': ['</d>; rel="urn:k:1"'] };
    expect(parseTextOcci({ headers }).parts[0]).toMatchObject({
      attributes: { a: 1, b: 'x, y', c: true },
      links: [{ target: '/d' }],
    });
  });

  test('empty headers are absent (RFC 9110 §5.6.1.2)', () => {
    const headers = { category: [''], link: [' , '], 'x-occi-attribute': ['\t'] };
    expect(parseTextOcci({ headers })).toBe(NOTHING);
    // It names no entity, but what selects by it must not select everything.
    const unnamed = { ...headers, 'x-occi-location': [',,'] };
    expect(parseTextOcci({ headers: unnamed })).toEqual({ ...NOTHING, emptyLocations: true });
    expect(hasOcciHeaders({ headers: unnamed })).toBe(false);
    expect(parseTextOcci({ headers: { ...headers, 'x-occi-attribute': ['', 'a=1'] } }).parts).toMatchObject([
      { categories: [], links: [], attributes: { a: 1 } },
    ]);
  });

  test('other headers are not looked at (TXT-27)', () => {
    expect(parseTextOcci({ headers: { accept: ['"'], category: [] } })).toBe(NOTHING);
  });

  test.each([
    ['x-occi-attribute', 'a', 'Header X-OCCI-Attribute: a is not followed by an equals sign and a value.'],
    ['x-occi-category', 'a', 'Header Category: the category a has no scheme.'],
    ['link', '<a', 'Header Link: "<a" does not begin with a target in angle brackets.'],
    ['x-occi-location', 'é', 'Header X-OCCI-Location: "é" is not a URI.'],
  ])('%s: %s is refused', (name, value, message) => {
    expect(() => parseTextOcci({ headers: { [name]: [value] } })).toThrow(expect.objectContaining({ message }));
  });
});

describe('writing', () => {
  test('an entity: three headers, their elements joined by bare commas, and a line OK (TXT-22, H11-27, CLIENT-13)', () => {
    const { headers, body } = renderTextOcci({ is: 'entity', entity: compute }, context);
    expect(body).toBe('OK\n');
    expect(Object.keys(headers)).toEqual(['Content-Type', 'Category', 'Link', 'X-OCCI-Attribute']);
    expect(headers['Content-Type']).toBe('text/occi; charset=utf-8');
    expect(headers.Category).toBe(
      'compute; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"; title="Compute",' +
        'small; scheme="http://schemas.ogf.org/occi/infrastructure/compute/template/1.1#"; class="mixin"; title="Small"',
    );
    expect(headers.Link).toMatch(/^<\/compute\/8f0c\?action=start>; rel="[^"]+",<\/network\/77aa>; rel=/);
    expect(headers['X-OCCI-Attribute']).toContain('occi.core.title="a \\"quoted\\", title",occi.core.summary=');
  });

  test('locations are separated by a comma and a blank (SUITE-1)', () => {
    for (const is of ['collection', 'created'] as const) {
      expect(renderTextOcci({ is, locations: ['/compute/1', '/compute/2'] }, context)).toEqual({
        headers: {
          'Content-Type': 'text/occi; charset=utf-8',
          'X-OCCI-Location': 'http://host:3300/compute/1, http://host:3300/compute/2',
        },
        body: 'OK\n',
      });
    }
  });

  test('an empty collection and done have no headers of OCCI (D-11)', () => {
    for (const answer of [{ is: 'collection', locations: [] } as const, { is: 'done' } as const]) {
      expect(renderTextOcci(answer, context)).toEqual({
        headers: { 'Content-Type': 'text/occi; charset=utf-8' },
        body: 'OK\n',
      });
    }
  });

  test.each(['é', '💾', 'a\tb', '\u00a0'])('a title %j is shown as it was sent (RFC 9110 §5.5)', (title) => {
    const { headers } = renderTextOcci({ is: 'entity', entity: { ...compute, title } }, context);
    expect(headers['X-OCCI-Attribute']).toContain(`occi.core.title="${title}"`);
  });

  test.each(['a\u007f', 'a\nb', '\u0085', '\ud800'])('a title %j cannot stand in a header (ADR-11)', (title) => {
    expect(() => renderTextOcci({ is: 'entity', entity: { ...compute, title } }, context)).toThrow(
      expect.objectContaining({ failure: 'notAcceptable', message: expect.stringContaining('application/occi+json') }),
    );
  });

  test('an error is in a header too, as far as it can be (EXT-18)', () => {
    const rendered = renderTextOcciError({ status: 400, message: 'No "é".' }, context);
    expect(rendered.headers['X-OCCI-Error']).toBe('No "?".');
    expect(rendered.body).toBe('No "é".\n');
  });
});
