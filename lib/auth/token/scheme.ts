/** Tokens of ours, and those that a cloud hands out itself. */
import type { TokenSettings } from '../../config/auth/token.ts';
import { OcciError } from '../../errors.ts';
import type { HttpRequest } from '../../http/message.ts';
import { partitionsOf } from '../../table/partition-keys.ts';
import { bearerChallenge } from '../bearer.ts';
import type { AuthEnvironment } from '../environment.ts';
import { principal } from '../principal.ts';
import { type AuthScheme, BAD_CREDENTIALS } from '../scheme.ts';
import { credentialsIn } from './cloud-token.ts';
import { tokenHash } from './key.ts';
import { TokenStore } from './store.ts';
import { principalWith, type Token } from './token.ts';

interface TokenScheme extends AuthScheme {
  readonly tokens: TokenStore;
}

/** The store behind the scheme `token`; undefined where the settings do not have it. */
export const tokensOf = (schemes: readonly AuthScheme[]): TokenStore | undefined =>
  (schemes.find(({ name }) => name === 'token') as TokenScheme | undefined)?.tokens;

/**
 * The token in a request; undefined for a request without one. All of `X-Auth-Token` is ours, of `Authorization: Bearer`
 * only what begins like a token: others are for `oidc`. Throws `unauthenticated` for several.
 */
function sentToken({ headers }: Pick<HttpRequest, 'headers'>): string | undefined {
  const plain = headers['x-auth-token']?.filter((value) => value !== '') ?? [];
  const bearer = (headers.authorization ?? []).flatMap((value) => /^bearer +(occic?_.*?) *$/i.exec(value)?.[1] ?? []);
  const sent = [...plain, ...bearer];
  if (sent.length > 1) throw new OcciError('unauthenticated', BAD_CREDENTIALS);
  return sent[0];
}

/** The scheme. `schemes` has those that proved the owners of the tokens. */
export function token(
  settings: TokenSettings,
  environment: AuthEnvironment,
  schemes: () => readonly AuthScheme[],
): TokenScheme {
  const partitions = partitionsOf(environment.adapter, environment.site);
  const tokens = new TokenStore({
    table: environment.table,
    partitionOf: partitions.tokens,
    hash: tokenHash(settings, environment),
    isStillGranted: ({ scheme, name, grants }: Token) =>
      schemes().some((one) => one.name === scheme && (one.stillGrants?.(name, grants) ?? true)),
  });
  return {
    name: 'token',
    tokens,
    challenge: bearerChallenge,
    async authenticate(request) {
      const sent = sentToken(request);
      if (sent === undefined) return undefined;
      // A scheme that passes on credentials has a cloud that checks them, and hands out tokens itself.
      const credentials = schemes().some(({ name }) => name === 'basic') ? credentialsIn(sent) : undefined;
      if (credentials === undefined) return principalWith(await tokens.verify(sent));
      return { ...principal('token', credentials.slice(0, credentials.indexOf(':'))), credentials };
    },
  };
}
