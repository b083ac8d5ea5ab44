/** What every rendering must do: answers survive a round trip, malformed input is always refused, headers are safe. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { OcciError } from '../../lib/errors.ts';
import type { HttpRequest } from '../../lib/http/message.ts';
import { type AnyEntity, coreAttributes } from '../../lib/occi/entity.ts';
import { KIND_TERMS } from '../../lib/occi/kinds/index.ts';
import { MIXINS, type MixinName } from '../../lib/occi/mixins/index.ts';
import { baseModel } from '../../lib/occi/model.ts';
import { typeId } from '../../lib/occi/types.ts';
import type { Answer, Parsed, Part, Rendered, Rendering } from '../../lib/renderings/rendering.ts';
import { readUriList } from '../conformance/uri-list.ts';
import { cloudText, entityOf, isForbidden, text, textsOf } from './entities.ts';

type Message = Pick<HttpRequest, 'headers' | 'body'>;

export const ORIGIN = 'http://occi.example.org:3300';

/** A rendered answer as a client would send it back. */
export function echo({ headers, body }: Rendered): Message {
  const lists = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value]]));
  return { headers: lists, body };
}

/** The content of a part in a form that does not depend on the rendering. */
function meaningOfPart(part: Part) {
  return {
    categories: part.categories.map(typeId),
    actions: part.actions.map(({ rel }) => rel),
    attributes: { ...part.attributes },
    links: part.links.map(({ target, rel, category, attributes }) => {
      // Only JSON states the kind of the source, which is the kind of the enclosing resource.
      const { 'occi.core.target': _target, 'occi.core.source.kind': _kind, ...rest } = attributes;
      return { target, rel, category, attributes: rest };
    }),
  };
}

function meaningOf(entity: AnyEntity): ReturnType<typeof meaningOfPart> {
  return {
    categories: [entity.kind, ...entity.mixins].map(typeId),
    actions: entity.actions.map(typeId),
    attributes: { ...entity.attributes, ...coreAttributes(entity) },
    links: (entity.is === 'resource' ? entity.links : []).map((link) => ({
      target: link.target.location,
      rel: [link.target.kind!],
      category: [link.kind, ...link.mixins].map(typeId),
      attributes: {
        ...link.attributes,
        'occi.core.id': link.id,
        ...(link.title !== undefined && { 'occi.core.title': link.title }),
        'occi.core.source': link.source.location,
      },
    })),
  };
}

/** Fails if a header could end early or start another one (TXT-24). */
function expectSafe({ headers }: Rendered): void {
  for (const value of Object.values(headers)) {
    expect(value).not.toMatch(/(?!\t)[\p{Cc}\p{Cs}]/u);
    const outside = value.replace(/"(?:[^"\\]|\\.)*"/g, '');
    expect(outside).not.toContain('"');
  }
}

/** Pieces from which malformed messages are built. */
const piece = fc.constantFrom(
  ...[
    'Category:',
    'Link:',
    'X-OCCI-Attribute:',
    'X-OCCI-Location:',
    'X-OCCI-Category: ',
    '\r\n',
    '\n\r',
    '\r',
    '"',
    '\\',
  ],
  ...[
    '; scheme="http://a#"',
    '; class=kind',
    ';',
    ',',
    '=',
    '<',
    '>',
    '{',
    '}',
    '[',
    ']',
    'occi.core.id',
    '{immutable}',
  ],
  ...[
    'compute',
    '; rel="a b"',
    '1',
    '.',
    '-',
    '\0',
    '\u{1f4be}',
    '__proto__',
    '{"kind":',
    '"links":[',
    'null',
    ':',
    ' ',
  ],
);
const scrap = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.uint8Array().map((bytes) => Buffer.from(bytes).toString()),
  fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('latin1')),
  fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
  fc.json(),
);

/** The contract suite of a rendering, called once per test file. */
export function renderingContract(rendering: Rendering): void {
  const [mediaType = ''] = rendering.mediaTypes;
  const context = { origin: ORIGIN, mediaType, requestId: 'request-1' };
  const inHeaders = mediaType === 'text/occi';
  const isJson = mediaType.endsWith('json');
  const shows = (answer: Answer['is']) => !rendering.cannot?.includes(answer);
  const render = (answer: Answer) => rendering.render(answer, context);
  const read = (rendered: Rendered): Parsed =>
    rendering.parse ? rendering.parse(echo(rendered)) : { parts: [], locations: readUriList(rendered.body) };

  describe(mediaType, () => {
    if (shows('entity')) {
      test('entities survive a round trip (TXT-9, TXT-28, JSON-12)', () => {
        fc.assert(
          fc.property(entityOf(text), (entity) => {
            const rendered = render({ is: 'entity', entity });
            expectSafe(rendered);
            const { parts } = read(rendered);
            expect(parts.map(meaningOfPart)).toEqual([meaningOf(entity)]);
          }),
        );
      });

      test('an entity is rendered completely or refused (H11-26)', () => {
        fc.assert(
          fc.property(entityOf(cloudText), (entity) => {
            const isShown = isJson || !textsOf(entity).some(isForbidden);
            try {
              const rendered = render({ is: 'entity', entity });
              expect(isShown).toBe(true);
              expectSafe(rendered);
              if (isJson) expect(JSON.parse(rendered.body)).toMatchObject({ id: entity.id });
              else expect(read(rendered).parts.map(meaningOfPart)).toEqual([meaningOf(entity)]);
            } catch (error) {
              if (!(error instanceof OcciError)) throw error;
              expect(isShown).toBe(false);
              expect(error.failure).toBe('notAcceptable');
              expect(error.message).toMatch(
                /^A value holds the character U\+[0-9A-F]{4}, .*application\/occi\+json\.$/,
              );
            }
          }),
        );
      });

      test('line breaks in a value never start a new line', () => {
        const entity: AnyEntity = { ...simple, title: 'a\r\nX-OCCI-Attribute: occi.core.id="b"' };
        try {
          expect(JSON.parse(render({ is: 'entity', entity }).body)).toMatchObject({ title: entity.title });
        } catch (error) {
          expect(error).toMatchObject({ failure: 'notAcceptable' });
        }
      });
    }

    if (shows('categories')) {
      test('discovery survives a round trip (TXT-17, JSON-11)', () => {
        const { categories } = baseModel(KIND_TERMS, Object.keys(MIXINS) as MixinName[]);
        const rendered = render({ is: 'categories', categories });
        expectSafe(rendered);
        const [part] = read(rendered).parts;
        const sent = categories.map((category) => ({
          term: category.term,
          scheme: category.scheme,
          class: category.class,
          title: category.title,
          rel: category.class === 'kind' ? category.parent && [category.parent] : category.depends,
          location: category.location,
          actions: category.actions,
          // The text rendering cannot express it.
          applies: mediaType === 'application/occi+json' ? category.applies : undefined,
          attributes: Object.entries(category.attributes).map(([name, one]) => ({
            name,
            immutable: !one.mutable,
            required: 'required' in one && one.required === true,
          })),
        }));
        expect(part?.categories.map((one) => ({ ...one, attributes: one.attributes ?? [] }))).toEqual(sent);
      });
    }

    test('collections survive a round trip, even empty ones (TXT-16, JSON-9, JSON-10)', () => {
      fc.assert(
        fc.property(fc.array(entityOf(text), { maxLength: 5 }), (entities) => {
          const locations = entities.map(({ location }) => location);
          const parsed = read(render({ is: 'collection', locations, entities }));
          if (rendering.collections === 'locations') {
            expect(parsed.locations).toEqual(locations.map((location) => ORIGIN + location));
          } else {
            const ordered = [
              ...entities.filter(({ is }) => is === 'resource'),
              ...entities.filter(({ is }) => is === 'link'),
            ];
            expect(parsed.parts.map(meaningOfPart)).toEqual(ordered.map(meaningOf));
          }
        }),
      );
    });

    if (mediaType === 'text/plain' || mediaType === 'text/uri-list') {
      test('a listing has one terminated line per location (RFC 2483 §5)', () => {
        fc.assert(
          fc.property(fc.array(fc.webPath(), { maxLength: 5 }), fc.boolean(), (locations, again) => {
            const listed = again ? Object.freeze([...locations]) : locations;
            for (let times = 0; times < 2; times++) {
              const { body } = render({ is: 'collection', locations: listed });
              expect(body.split('\n')).toHaveLength(locations.length + 1);
              expect(body).toMatch(locations.length === 0 ? /^$/ : /[^\n]\n$/);
            }
          }),
        );
      });
    }

    test('the answer to a create survives a round trip (HTTP-33)', () => {
      const parsed = read(render({ is: 'created', locations: [simple.location], entities: [simple] }));
      if (rendering.collections === 'locations') expect(parsed.locations).toEqual([ORIGIN + simple.location]);
      else expect(parsed.parts.map(meaningOfPart)).toEqual([meaningOf(simple)]);
    });

    test('any error is one sentence with a Content-Type (ADR-14)', () => {
      fc.assert(
        fc.property(text, (message) => {
          const rendered = rendering.renderError({ status: 400, message }, context);
          expect(rendered.headers['Content-Type']).toMatch(/^(text|application)\//);
          for (const value of Object.values(rendered.headers)) expect(value).toMatch(/^[ -~]*$/);
          const isJson = rendered.headers['Content-Type']?.startsWith('application/');
          expect(isJson ? JSON.parse(rendered.body).message : rendered.body).toBe(isJson ? message : `${message}\n`);
        }),
      );
    });

    const { parse } = rendering;
    if (parse) {
      test('empty OCCI header fields do not change what is read (RFC 9110 §5.6.1.2)', () => {
        const empty = fc.constantFrom('', ' ', '\t', ',', ' , ,');
        fc.assert(
          fc.property(entityOf(text), fc.array(empty, { minLength: 4, maxLength: 4 }), (entity, values) => {
            const { headers, body } = echo(render({ is: 'entity', entity }));
            const fields = ['Category', 'Link', 'X-OCCI-Attribute', 'X-OCCI-Location'];
            const lines = fields.map((name, index) => `${name}:${values[index]}\n`).join('');
            const more = Object.fromEntries(
              fields.map((name, index) => {
                const field = name.toLowerCase();
                return [field, [values[index]!, ...(headers[field] ?? []), values[index]!]];
              }),
            );
            const padded = {
              headers: { ...headers, ...more },
              body: mediaType === 'text/plain' ? lines + body + lines : body,
            };
            // Empty locations are preserved, so that they cannot widen a membership. JSON has no such field.
            const kept = inHeaders || mediaType === 'text/plain' ? { emptyLocations: true } : {};
            expect(parse(padded)).toEqual({ ...parse({ headers, body }), ...kept });
          }),
        );
      });

      test('malformed input is always refused with one sentence (4xx, never 500)', () => {
        fc.assert(
          fc.property(scrap, (value) => {
            const requests: readonly Message[] = [
              { headers: {}, body: value },
              { headers: { category: [value], link: [value], 'x-occi-attribute': [value] }, body: '' },
            ];
            for (const request of requests) {
              try {
                parse(request);
              } catch (error) {
                if (!(error instanceof OcciError)) throw error;
                expect(error.failure).toBe('invalid');
                expect(error.message).toMatch(/^[^\p{Cc}]{10,250}\.$/u);
              }
            }
          }),
          { numRuns: 500 },
        );
      });
    }
  });
}

const simple: AnyEntity = {
  is: 'resource',
  kind: { scheme: 'http://schemas.ogf.org/occi/infrastructure#', term: 'compute' },
  mixins: [],
  id: 'urn:uuid:0c1c4d2e-5d0e-4a57-9f0b-0d2f4f1f8f0c',
  location: '/compute/0c1c4d2e-5d0e-4a57-9f0b-0d2f4f1f8f0c',
  attributes: {},
  actions: [],
  links: [],
};
