import { OcciError } from '../../errors.ts';
import { excerpt } from '../characters.ts';
import type { Message } from '../rendering.ts';
import { under } from './check.ts';
import type { EntityBody } from './schema.ts';

const ABSOLUTE = /^https?:\/\/([^/]*)(.*)$/i;

const withoutSlash = (path: string): string => (path.endsWith('/') ? path.slice(0, -1) : path);

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** True for a location that is the path of the request, or a URL of this endpoint with that path. */
function isPlaceOf({ path, origin, headers }: Partial<Message>, location: string): boolean {
  if (path === undefined || path.endsWith('/')) return false;
  const [, authority, rest = ''] = ABSOLUTE.exec(location) ?? [];
  const ours = [origin?.slice(origin.indexOf('//') + 2), ...(headers?.host ?? [])];
  if (authority !== undefined && !ours.some((one) => one?.toLowerCase() === authority.toLowerCase())) return false;
  return withoutSlash(decoded(authority === undefined ? location : rest).replace(/\/{2,}/g, '/')) === path;
}

/**
 * A client that sends back an entity may include its location. Throws `OcciError('invalid')` if that differs from the
 * request's path: entities cannot be moved, and only the path of a PUT chooses a location.
 */
export function checkPlace({ location }: EntityBody, request: Partial<Message>, at: string): void {
  if (location === undefined || isPlaceOf(request, location)) return;
  throw new OcciError(
    'invalid',
    `${under(at, 'location')} is "${excerpt(location)}", which is not the path of the request.`,
  );
}
