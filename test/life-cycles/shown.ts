/** An answer as the life cycle looks at it, whatever rendering showed it. */
import type { AttributeValue } from '../../lib/occi/types.ts';
import { typeId } from '../../lib/occi/types.ts';
import { renderingOf } from '../../lib/renderings/index.ts';
import type { Parsed, Part } from '../../lib/renderings/rendering.ts';
import type { Reply } from '../endpoint.ts';
import { pathOf } from '../lib/operations/payloads.ts';

export interface Shown {
  /** Type identifiers, the kind first. */
  readonly categories: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** Terms of the actions that apply. */
  readonly actions: readonly string[];
  /** Paths that the links lead to. */
  readonly targets: readonly string[];
}

/** What a client reads in an answer, headers and body, each in the way that its rendering says. */
export function parsedIn(reply: Reply, path = '/'): Parsed {
  const octets = (value: string) => Buffer.from(value, 'latin1').toString();
  const headers = Object.fromEntries(Object.entries(reply.headers).map(([name, value]) => [name, [octets(value)]]));
  // The description of an entity in JSON holds no location that could differ.
  return renderingOf(reply.headers['content-type']!).parse!({ headers, body: reply.body, path });
}

/** The entity in an answer; in JSON of before 1.2 its links stand beside it. */
export function shownIn(reply: Reply, path: string): Shown {
  const [part, ...beside] = parsedIn(reply, path).parts as [Part, ...Part[]];
  const actions = part.actions.map(({ uri }) => uri.slice(uri.indexOf('=') + 1));
  const inside = part.links.map(({ target }) => pathOf(target));
  const others = beside.map(({ attributes }) => String(attributes['occi.core.target']));
  return {
    categories: part.categories.map(typeId),
    attributes: { ...part.attributes },
    actions,
    targets: [...inside, ...others],
  };
}

/** Ids of the members of a listing: at the end of their locations, or in JSON, which has the entities. */
export function idsIn(reply: Reply): readonly string[] {
  const isJson = reply.headers['content-type']!.includes('json');
  const { resources = [], links = [] } = isJson ? JSON.parse(reply.body) : {};
  const ids = [...resources, ...links].map(({ id }: { id: string }) => id.replace('urn:uuid:', ''));
  return isJson ? ids : parsedIn(reply).locations.map((location) => location.slice(location.lastIndexOf('/') + 1));
}
