/**
 * The parsers and renderers of the endpoint under the interface of the conformance runner (README.md beside this file):
 * its model on one side, `Parsed` and entities on the other.
 */
import type { AnyEntity, LinkEntity } from '../../lib/occi/entity.ts';
import type { Attributes, AttributeValue, Category } from '../../lib/occi/types.ts';
import { occiJson, renderingOf, textOcci } from '../../lib/renderings/index.ts';
import { writeEntity } from '../../lib/renderings/occi-json/entity.ts';
import type { Parsed, ParsedCategory, ParsedLink } from '../../lib/renderings/rendering.ts';
import { writeAttribute } from '../../lib/renderings/text/attribute.ts';
import { writeCategory } from '../../lib/renderings/text/category.ts';
import { writeLinkAttributes, writeLinkHead } from '../../lib/renderings/text/link.ts';
import { writeHeaders } from '../../lib/renderings/text-occi/render.ts';
import { writeLines } from '../../lib/renderings/text-plain/render.ts';
import { renderUriList } from '../../lib/renderings/uri-list/render.ts';
import { readUriList } from './uri-list.ts';

/** What the runner passes to and fro. Every member may be missing in a vector. */
export interface Model {
  readonly categories?: readonly ParsedCategory[];
  readonly links?: readonly ParsedLink[];
  readonly actions?: readonly { readonly uri: string; readonly rel: string }[];
  readonly attributes?: Attributes;
  readonly locations?: readonly string[];
}

type HeaderPairs = readonly (readonly [name: string, value: string])[];

export interface Message {
  readonly headers?: HeaderPairs;
  readonly body?: string;
}

function toModel({ parts, locations }: Parsed): Model {
  const [part] = parts;
  return { categories: [], links: [], actions: [], attributes: {}, ...part, locations };
}

/** Reads a message in one of the text renderings; throws what the endpoint would answer 400. */
export function parse(rendering: string, { headers = [], body = '' }: Message): Model {
  if (rendering === 'text/uri-list') return { locations: readUriList(body) };
  const lists: Record<string, string[]> = Object.create(null);
  for (const [name, value] of headers) {
    lists[name.toLowerCase()] ??= [];
    lists[name.toLowerCase()]!.push(value);
  }
  return toModel(renderingOf(rendering).parse!({ headers: lists, body }));
}

const writeLink = ({ target, rel, self, category, attributes }: ParsedLink): string =>
  writeLinkHead(target, rel.join(' '), self, category?.join(' ')) + writeLinkAttributes(attributes);

/** Writes a model in one of the text renderings. */
export function render(rendering: string, model: Model): Message {
  if (rendering === 'text/uri-list') {
    const answer = { is: 'collection', locations: model.locations ?? [] } as const;
    return { headers: [], body: renderUriList(answer, { origin: '', mediaType: rendering, requestId: '' }).body };
  }
  const lines = {
    categories: (model.categories ?? []).map(writeCategory),
    links: [
      ...(model.actions ?? []).map(({ uri, rel }) => writeLinkHead(uri, rel)),
      ...(model.links ?? []).map(writeLink),
    ],
    attributes: Object.entries(model.attributes ?? {}).map(([name, value]) => writeAttribute(name, value)),
  };
  if (renderingOf(rendering) !== textOcci) return { headers: [], body: writeLines(lines) };
  return { headers: Object.entries(writeHeaders(lines)), body: 'OK' };
}

const categoryOf = (identifier: string): Category => {
  const cut = identifier.lastIndexOf('#') + 1;
  return { scheme: identifier.slice(0, cut), term: identifier.slice(cut) };
};

const text = (value: AttributeValue | undefined): string | undefined => (typeof value === 'string' ? value : undefined);

/** The core attributes of a model as the members of an entity; what is left are its other attributes. */
function membersOf(attributes: Attributes) {
  const {
    'occi.core.id': id,
    'occi.core.title': title,
    'occi.core.summary': summary,
    'occi.core.source': source,
    'occi.core.target': _target,
    ...rest
  } = attributes;
  const titled = { ...(title !== undefined && { title: String(title) }), attributes: rest };
  return { id: String(id), source: { location: text(source) ?? '' }, summary: text(summary), ...titled };
}

function linkEntity({ target, rel, self = '', category = [], attributes }: ParsedLink): LinkEntity {
  const { summary: _summary, ...members } = membersOf(attributes);
  const [kind = '', ...mixins] = category;
  const categories = { kind: categoryOf(kind), mixins: mixins.map(categoryOf), actions: [] };
  return { is: 'link', ...categories, ...members, location: self, target: { location: target, kind: rel[0]! } };
}

/** The JSON object of the resource that a model describes. */
export function toJson(model: Model): unknown {
  const { source: _source, summary, ...members } = membersOf(model.attributes ?? {});
  const [kind, ...mixins] = model.categories ?? [];
  const entity: AnyEntity = {
    is: 'resource',
    kind: kind!,
    mixins,
    location: '',
    ...members,
    ...(summary !== undefined && { summary }),
    actions: (model.actions ?? []).map(({ rel }) => categoryOf(rel)),
    links: (model.links ?? []).map(linkEntity),
  };
  return JSON.parse(writeEntity(entity));
}

/** The model of a JSON object. Applicable actions have no URI in JSON, so the model has none. */
export function fromJson(json: unknown): Model {
  return { ...toModel(occiJson.parse!({ headers: {}, body: JSON.stringify(json) })), actions: [] };
}
