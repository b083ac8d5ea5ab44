/** What caches and browsers may do with an answer, which is for one caller only (RFC 9111 §5.2.2, RFC 9110 §12.5.5). */

/** Request header fields that the answer depends on: some clients get another form of JSON, `Accept` or line end. */
export const VARY = 'Accept, Authorization, User-Agent, X-Auth-Token';

/** `Cache-Control` of answers with a tenant's entities, and of every failure. */
export const KEPT_NOWHERE = 'no-store';

/** `Cache-Control` of discovery: the client may store it, and revalidates it each time. */
export const ASKED_EACH_TIME = 'private, no-cache';
