/**
 * Lists among the claims that the JWT authorizer of the HTTP API leaves. Each claim arrives as a text, a list as its members
 * in brackets with spaces between them: both `["a", "b c"]` and `["a", "b", "c"]` arrive as `[a b c]`. The guide does not
 * say so; users report it, as in issue 802 of aws-solutions-library-samples/guidance-for-claude-code-with-amazon-bedrock.
 */
import type { HttpRequest } from '../http/message.ts';
import { jwtFrom } from './bearer.ts';
import { type Claims, claimIn, textsOf } from './claims.ts';

/** The gateway takes a token with and without the name of the scheme. */
const tokenIn = (value: string) => jwtFrom(value.replace(/^bearer +/i, ''));

/**
 * The claims of the token that the authorizer has verified; undefined where that may be another one than the token in
 * `Authorization`. An authorizer may be configured to look elsewhere, and then that token is not verified: another field
 * that holds a token makes it doubtful, and so do parameters of the query that the authorizer reads.
 */
export function verifiedClaims(
  { headers }: HttpRequest,
  authorizerParameters: readonly string[] = [],
): Claims | undefined {
  if (authorizerParameters.length > 0) return undefined;
  const holders = Object.values(headers)
    .flat()
    .filter((value) => tokenIn(value) !== undefined);
  const [own, ...others] = headers.authorization ?? [];
  if (own === undefined || others.length > 0 || holders.length !== 1) return undefined;
  return tokenIn(own)?.unverified;
}

/**
 * The texts of a claim that arrived as a text: those of the list in the token if the text was made of it, otherwise the
 * text as it is.
 */
export function flattenedTexts(left: Claims, claim: string, token: () => Claims | undefined): readonly string[] {
  const text = claimIn(left, claim);
  const list = typeof text === 'string' && /^\[.*\]$/s.test(text) ? token()?.[claim] : undefined;
  return Array.isArray(list) && `[${list.join(' ')}]` === text
    ? textsOf({ [claim]: list }, claim)
    : textsOf(left, claim);
}
