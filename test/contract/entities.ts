/** Arbitrary answers: entities with every kind of value that the model allows, including hostile titles. */
import fc from 'fast-check';
import { applicableActions } from '../../lib/occi/applicable-actions.ts';
import type { AnyEntity, LinkEntity, ResourceEntity } from '../../lib/occi/entity.ts';
import { KINDS } from '../../lib/occi/kinds/index.ts';
import { CRTP_TEMPLATES, MIXINS } from '../../lib/occi/mixins/index.ts';
import type { Attributes, AttributeValue, Category } from '../../lib/occi/types.ts';

/** Any text that ADR-5 allows: no control characters except TAB, no lone surrogates. */
export const text = fc
  .oneof(
    fc.string({ unit: 'binary' }),
    fc.string(),
    fc
      .array(fc.constantFrom('"', '\\', ',', ';', '=', '<', '>', '{', '}', ' ', '\t', 'é', '💾', 'occi.core.id'))
      .map((parts) => parts.join('')),
  )
  .map((value) => value.replace(/(?!\t)[\p{Cc}\p{Cs}]/gu, ''));

/** Any text that a cloud may hold: lines and control characters too. */
export const cloudText = fc.oneof(
  fc.string({ unit: 'binary' }),
  text,
  fc.constantFrom('a\nb', '\u0007', '\u0085', '\ud800'),
);

/** True for a text that no text rendering can carry. */
export const isForbidden = (value: string): boolean => /(?!\t)[\p{Cc}\p{Cs}]/u.test(value);

/** Numbers of every magnitude, without negative zero, which JSON does not preserve. */
const number = fc
  .oneof(
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(0, 1, -1, 0.1, 1e21, 1e-7, 1.5e300, -2.5e-300, 123456789012345680000, Number.MAX_SAFE_INTEGER),
  )
  .map((value) => value + 0);

/** Attribute names from the tables, names that the tables do not have, and names of built-in object properties. */
const attributesOf = (texts: fc.Arbitrary<string>): fc.Arbitrary<Attributes> => {
  const structure = fc.array(fc.record({ type: fc.constantFrom('inbound', 'outbound'), range: texts }), {
    maxLength: 3,
  });
  const value: fc.Arbitrary<AttributeValue> = fc.oneof(texts, number, fc.boolean());
  return fc.record(
    {
      'occi.compute.cores': fc.integer(),
      'occi.compute.memory': number,
      'occi.compute.hostname': texts,
      'occi.ipreservation.used': fc.boolean(),
      'occi.securitygroup.rules': structure as fc.Arbitrary<AttributeValue>,
      'com.example.value': value,
      constructor: value,
      hasOwnProperty: value,
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<Attributes>;
};

const uuid = fc.uuid();
const mixin: fc.Arbitrary<Category> = fc.constantFrom<Category>(
  ...CRTP_TEMPLATES,
  MIXINS.ipnetwork,
  { scheme: 'http://example.org/occi/tags#', term: 'Tag-1.x', title: 'Of a user' },
  { scheme: 'urn:example:', term: '9' },
);
const mixins = fc.uniqueArray(mixin, { maxLength: 3, selector: (one) => one.scheme + one.term });
const actions = fc.constantFrom(applicableActions('compute', 'active'), applicableActions('storage', 'offline'), []);

const optional = <T>(name: string, value: fc.Arbitrary<T>) =>
  fc.option(value, { nil: undefined }).map((one) => (one === undefined ? {} : { [name]: one }));

export const linkOf = (texts: fc.Arbitrary<string>): fc.Arbitrary<LinkEntity> =>
  fc
    .record({
      is: fc.constant('link' as const),
      kind: fc.constantFrom(KINDS.networkinterface, KINDS.storagelink, KINDS.securitygrouplink),
      mixins,
      id: uuid.map((id) => `urn:uuid:${id}`),
      location: uuid.map((id) => `/networkinterface/${id}`),
      attributes: attributesOf(texts),
      actions,
      source: uuid.map((id) => ({
        location: `/compute/${id}`,
        kind: 'http://schemas.ogf.org/occi/infrastructure#compute',
      })),
      target: fc.constantFrom(
        { location: '/network/1', kind: 'http://schemas.ogf.org/occi/infrastructure#network' },
        { location: 'http://elsewhere.example.org/a,b;c=d', kind: 'http://example.org/kinds#other' },
      ),
    })
    .chain((link) => optional('title', texts).map((title) => ({ ...link, ...title })));

export const resourceOf = (texts: fc.Arbitrary<string>): fc.Arbitrary<ResourceEntity> =>
  fc
    .record({
      is: fc.constant('resource' as const),
      kind: fc.constantFrom(KINDS.compute, KINDS.network, KINDS.storage, KINDS.securitygroup),
      mixins,
      id: uuid.map((id) => `urn:uuid:${id}`),
      location: uuid.map((id) => `/compute/${id}`),
      attributes: attributesOf(texts),
      actions,
      links: fc.array(linkOf(texts), { maxLength: 2 }),
    })
    .chain((resource) =>
      fc
        .tuple(optional('title', texts), optional('summary', texts))
        .map(([title, summary]) => ({ ...resource, ...title, ...summary })),
    );

export const entityOf = (texts: fc.Arbitrary<string>): fc.Arbitrary<AnyEntity> =>
  fc.oneof(resourceOf(texts), linkOf(texts));

/** All texts of an entity; a structure is one, as the text renderings write it. */
export function textsOf(entity: AnyEntity): string[] {
  const values = Object.values(entity.attributes);
  const own = [
    entity.title ?? '',
    ...values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))),
  ];
  return entity.is === 'link' ? own : [...own, entity.summary ?? '', ...entity.links.flatMap(textsOf)];
}
