import type { Project, User } from '../people.ts';
import type { ServiceRequest } from '../service.ts';
import type { Site } from '../site.ts';

export const projectBody = (site: Site, { id, name, domain, enabled }: Project): object => ({
  id,
  name,
  domain_id: domain.id,
  description: '',
  enabled,
  parent_id: domain.id,
  is_domain: false,
  tags: [],
  options: {},
  links: { self: `${site.origins.identity}/v3/projects/${id}` },
});

export const userBody = (site: Site, { id, name, domain, enabled }: User): object => ({
  id,
  name,
  domain_id: domain.id,
  enabled,
  password_expires_at: null,
  options: {},
  links: { self: `${site.origins.identity}/v3/users/${id}` },
});

/** A page of a listing, with the links of Keystone. */
export function page(
  site: Site,
  { path, query }: ServiceRequest,
  name: string,
  all: readonly { readonly id: string }[],
): Record<string, unknown> {
  const self = `${site.origins.identity}${path}`;
  const limit = Number(query.get('limit') ?? Number.POSITIVE_INFINITY);
  const start = all.findIndex(({ id }) => id === query.get('marker')) + 1;
  const shown = all.slice(start, start + limit);
  const last = shown.at(-1)?.id;
  const isCut = start + limit < all.length;
  const asked = query.size > 0 ? `?${query}` : '';
  const next = isCut ? `${self}?limit=${limit}&marker=${last}` : null;
  return { [name]: shown, links: { next, self: self + asked, previous: null }, ...(isCut && { truncated: true }) };
}
