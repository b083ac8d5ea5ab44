/**
 * Every place of a request where something can be named, as total tables: a new kind of part or parameter does not compile
 * without its row.
 */

import type { Parameter, PartKind } from '../../../../lib/entities/reads.ts';
import type { KindTerm, LinkTerm, ResourceTerm } from '../../../../lib/occi/kinds/index.ts';
import { attribute, categoryField, definition, type Field, linkField, SCHEME } from './fields.ts';
import type { Things } from './people.ts';

/** What a link of each kind ends at. */
export const RESOURCE_OF = {
  networkinterface: 'network',
  storagelink: 'storage',
  securitygrouplink: 'securitygroup',
} as const satisfies Record<LinkTerm, ResourceTerm>;

/** What is said at one place: fields of the text renderings, members of the JSON object, or both. */
export interface Said {
  readonly fields?: readonly Field[];
  readonly json?: Readonly<Record<string, unknown>>;
}

/** An entity by the names that it has in a payload. */
interface Named {
  readonly path: string;
  readonly kind: KindTerm;
}

/** Representative entities of a user: a resource, a link, and one at a chosen path. */
const named = ({ ids, aliases }: Things): readonly Named[] => [
  { path: ids.compute, kind: 'compute' },
  { path: ids.networkinterface, kind: 'networkinterface' },
  { path: ids.network, kind: 'network' },
  { path: aliases[0], kind: 'compute' },
];

const last = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const urnOf = (path: string): string => `urn:uuid:${last(path)}`;
/** What a client may write for a path. */
const written = (path: string): readonly string[] => [path, `http://occi.example.org${path}`, urnOf(path)];

const linkAttributes = (name: 'source' | 'target', things: Things): Said[] =>
  named(things).flatMap(({ path }) =>
    written(path).map((text) => ({
      fields: [attribute(`occi.core.${name}`, text)],
      json: { [name]: { location: text } },
    })),
  );

/** By kind of part: payload parts that name a user’s things. */
export const PARTS: { readonly [K in PartKind]: (things: Things, own: Things) => readonly Said[] } = {
  categories: ({ mixin, template, aliases, below }) => [
    { fields: [categoryField(mixin.id, '; class="mixin"')], json: { mixins: [mixin.id] } },
    { fields: [categoryField(mixin.id, '')] },
    { fields: [categoryField(template.id, '; class="mixin"')], json: { mixins: [template.id] } },
    { fields: [categoryField(mixin.id, `; class="mixin"; location="/else/"`)] },
    { fields: [definition(mixin.location)] },
    { fields: [definition(`${aliases[1]}/`)] },
    { fields: [definition(below)] },
    { fields: [definition('/new/', `; rel="${mixin.id}"`)] },
  ],
  attributes: (things, own) => [
    ...linkAttributes('source', things),
    ...linkAttributes('target', things),
    ...named(things).map(({ path }) => ({
      fields: [attribute('occi.core.source', own.ids.compute), attribute('occi.core.target', path)],
      json: { source: { location: own.ids.compute }, target: { location: path } },
    })),
  ],
  links: (things, own) =>
    named(things).flatMap(({ path, kind }) => [
      ...written(path).map((text) => ({
        fields: [linkField(text, kind)],
        json: { links: [{ kind: `${SCHEME}networkinterface`, target: { location: text, kind: SCHEME + kind } }] },
      })),
      { fields: [linkField('/dummy', kind, `; occi.core.target="${path}"`)] },
      { fields: [linkField(own.ids.network, 'network', `; self="${path}"`)] },
      { fields: [linkField(own.ids.network, 'network', `; occi.core.source="${path}"`)] },
    ]),
  actionLinks: (things) =>
    named(things).map(({ path }) => ({
      fields: [['Link', `<${path}?action=stop>; rel="${SCHEME.slice(0, -1)}/compute/action#stop"`]],
    })),
  locations: (things) =>
    named(things).flatMap(({ path }) =>
      written(path).map((text) => ({ fields: [['X-OCCI-Location', text] as const], json: { locations: [text] } })),
    ),
  ids: (things) =>
    named(things).flatMap(({ path, kind }) => [
      { fields: [attribute('occi.core.id', urnOf(path))], json: { id: urnOf(path) } },
      { json: { resources: [{ kind: SCHEME + kind, id: urnOf(path) }] } },
      { json: { links: [{ kind: SCHEME + kind, id: last(path) }] } },
    ]),
  several: (things, own) =>
    named(things).map(({ path, kind }) => ({
      fields: [
        ['X-OCCI-Location', own.ids.compute],
        ['X-OCCI-Location', path],
      ],
      json: {
        resources: [
          { kind: `${SCHEME}compute`, id: urnOf(own.ids.compute) },
          { kind: SCHEME + kind, id: urnOf(path) },
        ],
      },
    })),
  itself: (things) =>
    named(things).map(({ path }) => ({ fields: [['X-OCCI-Location', path]], json: { location: path } })),
};

const parameter = (name: string, value: string): string => `${name}=${encodeURIComponent(value)}`;

/** By parameter: queries that name a user’s things. */
export const PARAMETERS: { readonly [K in Parameter]: (things: Things) => readonly string[] } = {
  action: ({ ids }) => [parameter('action', ids.compute)],
  category: ({ mixin, template }) =>
    [mixin.id, mixin.location, last(mixin.id.replace('#', '/')), template.id, template.location].map((name) =>
      parameter('category', name),
    ),
  value: (things) =>
    named(things).flatMap(({ path }) =>
      ['occi.core.id', 'occi.core.source', 'occi.core.target'].map(
        (name) => `${parameter('attribute', name)}&${parameter('value', name === 'occi.core.id' ? urnOf(path) : path)}`,
      ),
    ),
  // Names of attributes, numbers and true: they cannot name a user's things.
  attribute: () => [],
  page: () => [],
  number: () => [],
  all: () => [],
};

/** Header fields of HTTP in which something can be named. */
export const HEADERS = {
  'idempotency-key': ({ key }: Things) => key,
  'if-match': ({ tag }: Things) => tag,
  'if-none-match': ({ tag }: Things) => tag,
} as const;
