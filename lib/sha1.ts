/** SHA-1 for names, as RFC 9562 requires; it protects no secret. */
import * as crypto from 'node:crypto';

/**
 * The digest of bytes, or of a text in UTF-8, in hexadecimal. `crypto.hash` takes a third of the time, but exists only
 * from Node 20.12 and 21.7 on.
 */
export const sha1 = (data: string | Uint8Array): string =>
  typeof crypto.hash === 'function'
    ? crypto.hash('sha1', data, 'hex')
    : crypto.createHash('sha1').update(data).digest('hex');
