/** The schemes that the specifications reserve and the field uses; everything else is a provider's or a user's (CORE-2). */
export const CORE = 'http://schemas.ogf.org/occi/core#';
export const INFRASTRUCTURE = 'http://schemas.ogf.org/occi/infrastructure#';
/** The bases of the templates (INF-15, INF-16). */
export const OS_TPL = `${INFRASTRUCTURE}os_tpl`;
export const RESOURCE_TPL = `${INFRASTRUCTURE}resource_tpl`;
/** The host of the specifications, in whose schemes clients may not define mixins (CORE-2). */
const STANDARD = 'schemas.ogf.org';

/**
 * Host and path of a scheme, in lower case: the same for all the ways to write a URL that leads there, with a user, a
 * port, a query, a dot behind the host, by HTTP or HTTPS. A scheme that is not a URL is returned as is and has no host.
 */
function placeOf(scheme: string): { readonly host?: string; readonly path: string } {
  if (!URL.canParse(scheme)) return { path: scheme.toLowerCase() };
  const { hostname, pathname } = new URL(scheme);
  return { host: hostname.toLowerCase().replace(/\.+$/, ''), path: pathname.toLowerCase() };
}

/** True for a scheme of the specifications, however its URL is written. */
export const isStandard = (scheme: string): boolean => placeOf(scheme).host === STANDARD;

/** The same text for schemes that only differ in how their URL is written. */
export function sameFor(scheme: string): string {
  const { host = '', path } = placeOf(scheme);
  return `${host} ${path}`;
}
