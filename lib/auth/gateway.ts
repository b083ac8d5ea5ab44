import type { GatewaySettings } from '../config/auth/gateway.ts';
import { OcciError } from '../errors.ts';
import { type Claims, isRecord, textsOf } from './claims.ts';
import { flattenedTexts, verifiedClaims } from './gateway-lists.ts';
import { nameIn } from './names.ts';
import { grantsOf } from './require.ts';
import type { AuthScheme } from './scheme.ts';

/**
 * The ARN of a role session. The session name at the end is chosen by the caller that assumes the role; only the part
 * before it is trustworthy.
 */
const SESSION = /^(arn:aws[a-z-]*:sts::\d{12}:assumed-role\/[^/]+)\/[^/]+$/;

/** The role part of a session's ARN; undefined for a caller that has not assumed a role. */
const roleIn = ({ userArn }: Claims): string | undefined =>
  typeof userArn === 'string' ? SESSION.exec(userArn)?.[1] : undefined;

/** The claims of this type of authorizer; undefined for a route with another authorizer or without one. */
function leftBy(from: GatewaySettings['from'], authorizer: unknown): Claims | undefined {
  if (!isRecord(authorizer)) return undefined;
  const left = authorizer[from];
  if (!isRecord(left)) return undefined;
  if (from === 'iam') return { ...left, role: roleIn(left) };
  if (from === 'lambda') return left;
  return isRecord(left.claims) ? left.claims : {};
}

/** What the scheme knows of the deployment around it. */
interface Around {
  /** Query parameters in which the authorizer finds credentials. */
  readonly authorizerParameters?: readonly string[] | undefined;
}

/**
 * The caller as verified by an authorizer of the HTTP API, named by one of its claims:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html A route without an
 * authorizer verifies no caller. Throws `unauthenticated` for a caller without a usable name, `forbidden` for one whom no
 * rule admits.
 */
export const gateway = (settings: GatewaySettings, { authorizerParameters }: Around = {}): AuthScheme => ({
  name: 'gateway',
  authenticate(request) {
    const claims = leftBy(settings.from, request.authorizer);
    if (!claims) return undefined;
    const name = nameIn(claims, settings.claim);
    if (name === undefined) {
      throw new OcciError('unauthenticated', `The credentials name no caller (${settings.claim}).`);
    }
    const token = () => verifiedClaims(request, authorizerParameters);
    const isFlattened = settings.from === 'jwt';
    const texts = (claim: string) => (isFlattened ? flattenedTexts(claims, claim, token) : textsOf(claims, claim));
    return { name, scheme: 'gateway', grants: grantsOf(name, settings.require, texts) };
  },
});
