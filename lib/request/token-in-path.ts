/** Tokens in a path: a user who revokes one may send the token where its id should stand. */

/** What the texts of tokens begin with (lib/auth/token/text.ts, lib/auth/token/cloud-token.ts), in any spelling of the path. */
const TOKEN = /occic?(_|%5f)[\w%-]{8,}/gi;

/** The path as logs may hold it. */
export const withoutTokens = (path: string): string =>
  /occi/i.test(path) ? path.replace(TOKEN, 'occi_REMOVED') : path;
