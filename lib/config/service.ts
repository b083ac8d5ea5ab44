/** The settings of the service. What a deployment writes in its file, and what only the place of a function knows. */
import * as z from 'zod';

const claim = z.string().regex(/^[\w:./-]{1,200}$/, 'must be letters, digits and _ : . / -');

/** Callers whom an authorizer of the gateway has proved. */
const gateway = z.discriminatedUnion('from', [
  /** The claim of a JSON Web Token that names the caller. It must never be given to somebody else: `sub` never is. */
  z.strictObject({ from: z.literal('jwt'), claim: claim.default('sub') }),
  /** The key of the context that a Lambda authorizer returns. */
  z.strictObject({ from: z.literal('lambda'), claim }),
  /**
   * What AWS says of who has signed the request. Danger: for an assumed role `userArn`, `userId` and `callerId` end in
   * the name of the session, which whoever assumes the role chooses freely: two people with one role can be each other.
   * They are for IAM users, or for roles whose trust policy fixes `sts:RoleSessionName`. `role` is the ARN without the
   * session, one caller for all who may assume the role; `accountId` is one for the whole account. So there is no
   * default.
   */
  z.strictObject({
    from: z.literal('iam'),
    claim: z.enum(['role', 'userArn', 'userId', 'callerId', 'accountId']),
  }),
]);

export type GatewaySettings = z.infer<typeof gateway>;

const SCHEMES = ['basic', 'anonymous'] as const;

const auth = z
  .array(
    z.union([z.enum(SCHEMES), z.strictObject({ gateway })], { error: 'must be basic or { gateway: { from: jwt } }' }),
  )
  .min(1)
  .refine((schemes) => new Set(schemes.map((one) => JSON.stringify(one))).size === schemes.length, {
    error: 'must name each scheme once',
  });

export type AuthSettings = z.infer<typeof auth>;

/** The schemes in settings that may be wrong elsewhere; undefined when they are wrong themselves. */
export const authIn = (input: { readonly auth?: unknown }): AuthSettings | undefined => auth.safeParse(input.auth).data;

const origin = z
  .string()
  .regex(
    /^https?:\/\/[a-z0-9.-]+(:\d{1,5})?$/,
    'must be scheme and host in small letters, without a path: https://example.org',
  );

const headerName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/, 'must be the name of a header, such as X-Api-Key');

const cors = z
  .strictObject({
    /** Pages of these origins may use the endpoint; `*` means pages from anywhere. */
    origins: z.union([z.literal('*'), z.array(origin).min(1).max(100)], { error: 'must be * or a list of origins' }),
    /** Whether their browsers may send cookies and the HTTP credentials that they keep. */
    credentials: z.boolean().default(false),
    /**
     * Headers of requests that pages may send beside those of OCCI clients: what an authorizer reads. Requests that AWS
     * credentials sign have X-Amz-Date, X-Amz-Security-Token and X-Amz-Content-Sha256.
     */
    headers: z.array(headerName).max(50).default([]),
    /** How long a browser may keep the answer to a preflight, in seconds. */
    maxAge: z.int().min(0).max(86_400).default(600),
  })
  .refine(({ origins, credentials }) => !(origins === '*' && credentials === true), {
    path: ['credentials'],
    error: 'must be false with origins *: browsers refuse that, and any page could act for its reader',
    when: isMap,
  });

export type CorsSettings = z.infer<typeof cors>;

/** Checks of several settings together are made even when another one is wrong, so that all are told at once. */
export function isMap({ value }: { readonly value: unknown }): boolean {
  return typeof value === 'object' && value !== null;
}

const isPublicUrl = (text: string): boolean => {
  if (!URL.canParse(text)) return true; // that has its own message
  const { protocol, username, password, pathname, search, hash } = new URL(text);
  const isBare = [username, password, search, hash].every((part) => part === '') && /^\/*$/.test(pathname);
  return /^https?:$/.test(protocol) && isBare;
};

const inFile = {
  /** Which cloud. There is no default: a deployment names its cloud (decision 2). */
  adapter: z.strictObject({
    name: z.string({ error: 'must be the name of an adapter' }),
    /** Never to be changed once entities exist: OCCI ids are made from it. */
    site: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 letters, digits and . _ -'),
    settings: z.record(z.string(), z.unknown()).default({}),
  }),
  /** The auth schemes, in the order that they are tried. */
  auth,
  /**
   * Scheme and authority of the endpoint where it cannot be taken from the request (decision 12). No path: links are
   * paths.
   */
  publicUrl: z
    .url()
    .refine(isPublicUrl, 'must be an http or https URL without user, password, path, query and fragment')
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  /** Believe `X-Forwarded-Proto` and `X-Forwarded-Host`. */
  trustProxy: z.boolean().default(false),
  /** `standard` shows `waiting` as `inactive` with a message (decision 13). */
  states: z.enum(['extended', 'standard']).default('extended'),
  limits: z
    .strictObject({
      /** Largest request body, in bytes. */
      bodyBytes: z.int().min(1024).max(6_000_000).default(1_048_576),
      /** Names and values of all response headers together, in bytes (decision 11). */
      responseHeaderBytes: z.int().min(1024).max(262_144).default(10_240),
      /** Whether a DELETE on a collection means every member where it neither names any, nor filters, nor says `all=true`. */
      deleteAll: z.boolean().default(false),
    })
    .prefault({}),
  /** Pages of other origins that may use the endpoint from a browser; none if it is left out. */
  cors: cors.optional(),
};

const tableName = z
  .string()
  .regex(
    /^([A-Za-z0-9_.-]{3,255}|arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:\d{12}:table\/[A-Za-z0-9_.-]{3,255})$/,
    'must be the name or the ARN of a DynamoDB table',
  );

const table = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('memory') }),
  z.strictObject({ kind: z.literal('dynamodb'), name: tableName, endpoint: z.url().optional() }),
]);

const namesCallers = ({ auth: schemes, local }: { auth?: unknown; local?: unknown }): boolean =>
  local === true || !Array.isArray(schemes) || !schemes.includes('anonymous');

const ANONYMOUS = {
  path: ['auth'],
  error: 'must not hold anonymous, which is for npm start: anybody could use the cloud',
  when: isMap,
};

/** What a deployment writes in its file. */
export const fileSettings = () => z.strictObject(inFile).refine(namesCallers, ANONYMOUS);

/** The whole: with the table, and whether this is a local run. */
export const serviceSettings = z
  .strictObject({
    ...inFile,
    table,
    /** Parameters of the query in which an authorizer of the gateway finds credentials. */
    authorizerParameters: z.array(z.string().min(1)).optional(),
    /** Set by `npm start` and tests: failures may be provoked, anonymous callers are let in. */
    local: z.boolean().default(false),
  })
  .refine(namesCallers, ANONYMOUS);

export type Settings = z.infer<typeof serviceSettings>;

/** Of the whole, what a file must not hold, and why. */
export const NOT_IN_FILE = {
  table: 'must not stand in the file: the deployment knows the name of its table',
  authorizerParameters: 'must not stand in the file: the deployment knows what its authorizer reads',
  local: 'must not stand in the file: it is for npm start and tests',
} as const satisfies Record<Exclude<keyof Settings, keyof typeof inFile>, string>;
