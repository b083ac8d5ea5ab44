/** An entity as the checks look at it, whatever rendering showed it. */
import type { Reply } from '../endpoint.ts';
import { mediaTypeOf, type ReadCategory, readEntity, readModel } from './rocci.ts';
import { readJsonEntities, readJsonModel } from './rocci-json.ts';

export const INFRASTRUCTURE = 'http://schemas.ogf.org/occi/infrastructure#';

export interface Seen {
  /** Type identifiers, the kind first. */
  readonly categories: readonly string[];
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Paths of the links and of what they lead to. */
  readonly links: readonly { readonly self: string; readonly target: string }[];
}

export const isJson = (reply: Reply) => mediaTypeOf(reply).endsWith('json');

function seenInJson(reply: Reply): Seen {
  const { resources, links } = readJsonEntities(reply);
  // The client shows resources where there are any.
  const [{ kind = '', attributes, ...entity }] = resources.length > 0 ? [resources[0]!] : [links[0]!];
  return {
    categories: [kind, ...('mixins' in entity ? entity.mixins : [])],
    attributes: { ...attributes, 'occi.core.id': `urn:uuid:${attributes['occi.core.id']}` },
    links: 'links' in entity ? entity.links.map(({ location, target }) => ({ self: location, target: target! })) : [],
  };
}

export function seenIn(reply: Reply): Seen {
  if (isJson(reply)) return seenInJson(reply);
  const { categories, attributes, links } = readEntity(reply);
  const ends = links.map(({ self, target }) => ({ self: self!, target }));
  return { categories: categories.map(({ id }) => id), attributes, links: ends };
}

export type KnownCategory = Pick<ReadCategory, 'id' | 'term' | 'scheme' | 'rel' | 'location'>;

export const modelIn = (reply: Reply): readonly KnownCategory[] =>
  isJson(reply) ? readJsonModel(reply) : readModel(reply);
