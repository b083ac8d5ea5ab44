/** Tokens of the cloud's own login. Nothing is verified here: the cloud proves its token, and names its user. */
import { OcciError } from '../errors.ts';
import type { HttpRequest } from '../http/message.ts';
import { bearerTokenOf } from './bearer.ts';
import type { AuthEnvironment } from './environment.ts';
import { keystoneChallenge } from './keystone.ts';
import { type Principal, principal } from './principal.ts';
import { type AuthScheme, BAD_CREDENTIALS } from './scheme.ts';

/** Longer tokens are refused before the cloud is asked. The gateway takes 10,240 bytes of header fields in all. */
const MAX_TOKEN_CHARS = 16_384;

/** The name of a caller before the cloud has told it. */
const UNKNOWN = 'unknown';

/** The token in `X-Auth-Token`; undefined for a request without one. Throws `unauthenticated` for several. */
function sentToken({ headers }: Pick<HttpRequest, 'headers'>): string | undefined {
  const sent = headers['x-auth-token']?.filter((value) => value !== '') ?? [];
  if (sent.length === 0) return undefined;
  const [text = ''] = sent;
  if (sent.length === 1 && text.length <= MAX_TOKEN_CHARS && /^[\x21-\x7e]+$/.test(text) && !text.includes(','))
    return text;
  throw new OcciError('unauthenticated', BAD_CREDENTIALS);
}

const holding = (sentAs: 'x-auth-token' | 'bearer', text: string): Principal => ({
  ...principal('cloud-token', UNKNOWN),
  token: { sentAs, text },
});

/** The scheme, for the login that the cloud says it has. */
export function cloudToken({ cloudLogin }: Pick<AuthEnvironment, 'cloudLogin'>): AuthScheme {
  if (!cloudLogin) throw new Error('auth: cloud-token before a cloud without a login');
  const { uri, takesBearer } = cloudLogin;
  return {
    name: 'cloud-token',
    challenge: () => keystoneChallenge(uri),
    challengesAlone: true,
    authenticate(request) {
      const own = sentToken(request);
      if (own !== undefined) return holding('x-auth-token', own);
      const bearer = takesBearer ? bearerTokenOf(request) : undefined;
      return bearer === undefined ? undefined : holding('bearer', bearer);
    },
  };
}
