/** An entity as the checks look at it, whatever rendering showed it. */
import type { Reply } from '../endpoint.ts';
import { mediaTypeOf, type ReadCategory, readEntity, readModel } from './rocci.ts';

export const INFRASTRUCTURE = 'http://schemas.ogf.org/occi/infrastructure#';

export interface Seen {
  /** Type identifiers, the kind first. */
  readonly categories: readonly string[];
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Paths of the links and of what they lead to. */
  readonly links: readonly { readonly self: string; readonly target: string }[];
}

export const isJson = (reply: Reply) => mediaTypeOf(reply).endsWith('json');

/** The path that this endpoint gives an entity of JSON, which holds its id and not its URL. */
const pathOf = ({ kind, id }: { kind: string; id: string }) =>
  id.replace('urn:uuid:', `/${kind.slice(kind.indexOf('#') + 1)}/`);

/** Paths of the members in a JSON listing. */
export const membersIn = (reply: Reply): readonly string[] => JSON.parse(reply.body).resources.map(pathOf);

function seenInJson(reply: Reply): Seen {
  const { kind, mixins = [], id, title, attributes = {}, links = [] } = JSON.parse(reply.body);
  return {
    categories: [kind, ...mixins],
    attributes: { 'occi.core.id': id, 'occi.core.title': title, ...attributes },
    links: links.map((link: { kind: string; id: string; target: { location: string } }) => ({
      self: pathOf(link),
      target: link.target.location,
    })),
  };
}

export function seenIn(reply: Reply): Seen {
  if (isJson(reply)) return seenInJson(reply);
  const { categories, attributes, links } = readEntity(reply);
  const ends = links.map(({ self, target }) => ({ self: self!, target }));
  return { categories: categories.map(({ id }) => id), attributes, links: ends };
}

export type KnownCategory = Pick<ReadCategory, 'id' | 'term' | 'scheme' | 'rel' | 'location'>;

export function modelIn(reply: Reply): readonly KnownCategory[] {
  if (!isJson(reply)) return readModel(reply);
  const { kinds, mixins, actions } = JSON.parse(reply.body);
  return [...kinds, ...mixins, ...actions].map((one) => ({
    ...one,
    id: one.scheme + one.term,
    rel: one.depends ?? [],
  }));
}
