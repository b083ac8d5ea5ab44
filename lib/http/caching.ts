/** What caches and browsers may do with an answer (RFC 9111 §5.2.2, RFC 9110 §12.5.5): it is one caller's alone. */

/** Header fields of a request on which an answer depends, beside its URL. */
export const VARY = 'Accept, Authorization, X-Auth-Token';

/** `Cache-Control` of what shows a tenant's entities, and of every failure. */
export const KEPT_NOWHERE = 'no-store';

/** `Cache-Control` of discovery: the client may keep it, and asks each time whether it still holds. */
export const ASKED_EACH_TIME = 'private, no-cache';
