/** Tokens of creates, as they stand in a description or a tag: found by an exact filter, and no secret to whoever reads it. */
import { createHash } from 'node:crypto';

const PREFIX = 'occi-token-';

/** What a token leaves in the cloud: 54 characters, which Nova's tags can have too. */
export const markOf = (token: string): string => PREFIX + createHash('sha256').update(token).digest('base64url');

const OF_LINK = 'occi-link-';

/**
 * What the token of a link leaves on the floating address that was reserved for it. It differs from that of a reservation: such
 * an address goes when its link goes.
 */
export const markOfLink = (token: string): string => OF_LINK + createHash('sha256').update(token).digest('base64url');

/** True for a floating address that was reserved for a link. */
export const isOfLink = ({ description }: { readonly description?: string | null | undefined }): boolean =>
  /^occi-link-[\w-]{43}$/.test(description ?? '');

/** True for the hostname that Nova makes of a name which is a mark, in lower case and cut at its ends. */
export const isHostnameOfMark = (hostname: string): boolean => hostname.startsWith(PREFIX);

/** True for a text that a create left. */
export const isMark = (text: string | null | undefined): boolean => /^occi-token-[\w-]{43}$/.test(text ?? '');
