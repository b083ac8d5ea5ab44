/**
 * Login tokens of a cloud that checks its users itself: what the client gets holds user and token, since the cloud wants
 * both. Nothing of it is stored or verified here.
 */
import { decoded } from '../basic.ts';

/** Tells such a token from one of ours. */
const PREFIX = 'occic_';

/** The text for clients. `credentials` are `user:token`. */
export const cloudTokenOf = (credentials: string): string => PREFIX + Buffer.from(credentials).toString('base64url');

/**
 * `user:token` in what a client sent: a text of ours, or the base64 alone, as clients of rOCCI-server 2 send it. Undefined
 * for any other text.
 */
export function credentialsIn(text: string): string | undefined {
  if (!text.startsWith(PREFIX)) return decoded(text);
  return decoded(text.slice(PREFIX.length).replaceAll('-', '+').replaceAll('_', '/'));
}
