import type { GatewaySettings } from '../config/auth/gateway.ts';
import { OcciError } from '../errors.ts';
import { principal } from './principal.ts';
import type { AuthScheme } from './scheme.ts';

const MAX_NAME_CHARS = 256;

/** A name that can stand in a key and in a log: one line, nothing that only looks like another name. */
const isName = (value: unknown): value is string =>
  typeof value === 'string' &&
  value.length > 0 &&
  value.length <= MAX_NAME_CHARS &&
  value === value.trim() &&
  !/[\p{Cc}\p{Cs}\p{Cf}\p{Zl}\p{Zp}]/u.test(value);

/**
 * The ARN of a role session. The session name at the end is chosen by the caller that assumes the role; only the part
 * before it is trustworthy.
 */
const SESSION = /^(arn:aws[a-z-]*:sts::\d{12}:assumed-role\/[^/]+)\/[^/]+$/;

/** The role part of a session's ARN; undefined for a caller that has not assumed a role. */
const roleIn = ({ userArn }: Readonly<Record<string, unknown>>): string | undefined =>
  typeof userArn === 'string' ? SESSION.exec(userArn)?.[1] : undefined;

/** Whole numbers count as names too: JSON has them without quotes. */
const nameIn = (claims: Readonly<Record<string, unknown>>, claim: string): string | undefined => {
  if (!Object.hasOwn(claims, claim)) return undefined;
  const value = claims[claim];
  const text = Number.isSafeInteger(value) ? String(value) : value;
  return isName(text) ? text : undefined;
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The claims of this type of authorizer; undefined for a route with another authorizer or without one. */
function leftBy(from: GatewaySettings['from'], authorizer: unknown): Readonly<Record<string, unknown>> | undefined {
  if (!isRecord(authorizer)) return undefined;
  const left = authorizer[from];
  if (!isRecord(left)) return undefined;
  if (from === 'iam') return { ...left, role: roleIn(left) };
  if (from === 'lambda') return left;
  return isRecord(left.claims) ? left.claims : {};
}

/**
 * The caller as verified by an authorizer of the HTTP API, named by one of its claims:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html A route without an
 * authorizer verifies no caller. Throws `unauthenticated` for a caller without a usable name.
 */
export const gateway = ({ from, claim }: GatewaySettings): AuthScheme => ({
  name: 'gateway',
  authenticate({ authorizer }) {
    const claims = leftBy(from, authorizer);
    if (!claims) return undefined;
    const name = nameIn(claims, claim);
    if (name === undefined) throw new OcciError('unauthenticated', `The credentials name no caller (${claim}).`);
    return principal('gateway', name);
  },
});
