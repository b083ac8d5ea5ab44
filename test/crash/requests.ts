/** Requests of scenarios. */
import type { KindTerm } from '../../lib/occi/kinds/index.ts';
import { category, entity, json, plain, type Wanted } from '../lib/operations/payloads.ts';
import type { Request } from './world.ts';

/** The scheme of all mixins that scenarios define. */
export const TAGS = 'http://crash.example.org/tags#';

const defined = (term: string) => `Category: ${term}; scheme="${TAGS}"; class="mixin"; location="/crash/${term}/"`;

/** The payload that defines mixins. */
export const definition = (...terms: readonly string[]) => plain(...terms.map(defined));

/** A create; with an Idempotency-Key where one is given. */
export function post(path: string, wanted: Wanted, key?: string): Request {
  const { headers, body } = entity('text/plain', wanted);
  return { method: 'POST', path, headers: { ...headers, ...(key && { 'Idempotency-Key': key }) }, body: body! };
}

/** A create of several entities at once; one may lead to another by the id that is proposed. */
export function postAll(
  path: string,
  resources: readonly (Wanted & { readonly id?: string })[],
  key?: string,
): Request {
  const headers = { 'Content-Type': 'application/occi+json', Accept: 'text/plain' };
  const body = JSON.stringify({ resources: resources.map(({ id, ...one }) => ({ ...json(one), ...(id && { id }) })) });
  return { method: 'POST', path, headers: { ...headers, ...(key && { 'Idempotency-Key': key }) }, body };
}

export const put = (path: string, wanted: Wanted): Request => ({ ...post(path, wanted), method: 'PUT' });

export const remove = (path: string, ...locations: readonly string[]): Request => ({
  method: 'DELETE',
  path,
  ...(locations.length > 0 && plain(...locations.map((location) => `X-OCCI-Location: ${location}`))),
});

/** Entities named in a payload. */
export const naming = (method: 'POST' | 'PUT', path: string, ...locations: readonly string[]): Request => ({
  ...remove(path, ...locations),
  method,
});

/** An action with its parameters. */
export const act = (path: string, kind: KindTerm, action: string, attributes: Wanted['attributes'] = {}): Request => ({
  method: 'POST',
  path: `${path}?action=${action}`,
  ...plain(
    `Category: ${category(`http://schemas.ogf.org/occi/infrastructure/${kind}/action#${action}`, 'action')}`,
    ...Object.entries(attributes).map(([name, value]) => `X-OCCI-Attribute: ${name}="${value}"`),
  ),
});
