/** Splits the OCCI content of body and header fields into the payload and the remaining header fields (a filter). */

import type { Reads } from '../entities/reads.ts';
import type { HttpRequest } from '../http/message.ts';
import { typeId } from '../occi/types.ts';
import { readBody, readFilter } from '../renderings/read.ts';
import { NOTHING, type Parsed, type Part } from '../renderings/rendering.ts';
import { refuseUnused } from './unused-parts.ts';

interface RequestContent {
  readonly payload: Parsed;
  /** Header fields that are not part of the payload: a filter, if the operation takes one. */
  readonly fields: Parsed;
  readonly hasBody: boolean;
  /** A location field in the header or body was sent empty. */
  readonly emptyLocations: boolean;
}

const pair = (name: string, value: unknown): string => JSON.stringify([name, value]);

/** One string for each statement in the parts, so that repetitions can be found. */
function contentKeys(parts: readonly Part[]): ReadonlySet<string> {
  const said = new Set<string>();
  for (const { categories, links, actions, attributes } of parts) {
    for (const category of categories) said.add(typeId(category));
    for (const link of [...links, ...actions]) said.add(JSON.stringify(link));
    for (const [name, value] of Object.entries(attributes)) said.add(pair(name, value));
  }
  return said;
}

/** The header fields without what the body says too: some clients repeat the payload in the header. */
function besideBody(fields: Parsed, payload: Parsed): Parsed {
  if (fields === NOTHING) return NOTHING;
  const said = contentKeys(payload.parts);
  const isNew = (link: unknown) => !said.has(JSON.stringify(link));
  const locations = new Set(payload.locations);
  return {
    parts: fields.parts.map(({ categories, links, actions, attributes }) => ({
      categories: categories.filter((category) => !said.has(typeId(category))),
      links: links.filter(isNew),
      actions: actions.filter(isNew),
      attributes: Object.fromEntries(
        Object.entries(attributes).filter(([name, value]) => !said.has(pair(name, value))),
      ),
    })),
    locations: fields.locations.filter((location) => !locations.has(location)),
  };
}

const onlyLinks = (part: Part): Part => ({ ...part, categories: [], attributes: {} });
const withoutLinks = (part: Part): Part => ({ ...part, links: [], actions: [] });

/** Without a body, header fields are the payload. If the operation takes no categories in it, they are a filter. */
function withoutBody(fields: Parsed, { payload: used }: Reads): Pick<RequestContent, 'payload' | 'fields'> {
  if (fields === NOTHING || used.includes('categories')) return { payload: fields, fields: NOTHING };
  const { parts, locations } = fields;
  const links = parts.filter((part) => part.links.length + part.actions.length > 0);
  const payload = links.length + locations.length === 0 ? NOTHING : { parts: links.map(onlyLinks), locations };
  return { payload, fields: { parts: parts.map(withoutLinks), locations: [] } };
}

/**
 * Reads the content of a request. `subject` names the operation in messages. Throws `invalid` or `unsupportedMediaType`
 * for a body or header field that cannot be read, and `invalid` for content that the operation does not use.
 */
export function readContent(request: HttpRequest, reads: Reads, subject: string): RequestContent {
  const brought = read(request, reads);
  const { payload, fields, hasBody } = brought;
  if (payload !== NOTHING) refuseUnused(payload, reads.payload, subject);
  if (fields !== NOTHING) refuseUnused(fields, reads.filter, subject, hasBody ? 'a header field' : 'the request');
  return brought;
}

/** A message whose only fields are empty has no content (RFC 9110 §5.6.1.2). */
const withoutEmptyFields = (parsed: Parsed): Parsed =>
  parsed.emptyLocations && parsed.parts.length + parsed.locations.length === 0 ? NOTHING : parsed;

function read(request: HttpRequest, reads: Reads): RequestContent {
  const [header, body] = [readFilter(request), readBody(request)];
  const emptyLocations = [header, body].some((one) => one?.emptyLocations);
  const fields = withoutEmptyFields(header);
  if (!body) return { ...withoutBody(fields, reads), hasBody: false, emptyLocations };
  const payload = withoutEmptyFields(body);
  return { payload, fields: besideBody(fields, payload), hasBody: true, emptyLocations };
}
