/** How callers are authenticated: the setting `auth`. */
import * as z from 'zod';

const claim = z.string().regex(/^[\w:./-]{1,200}$/, 'must be letters, digits and _ : . / -');

const FROM =
  'The authorizer that proves callers: `jwt` verifies a JSON Web Token, `lambda` is a function of the provider, `iam` ' +
  'verifies AWS signatures.';

/** Callers whose identity an authorizer of the gateway has proved. */
const gateway = z.discriminatedUnion('from', [
  z.strictObject({
    from: z.literal('jwt').describe(FROM),
    claim: claim
      .default('sub')
      .describe('Claim of the token that names the caller. Choose one that is never reassigned to another person.'),
  }),
  z.strictObject({
    from: z.literal('lambda').describe(FROM),
    claim: claim.describe('Key of the context returned by the Lambda authorizer that names the caller.'),
  }),
  z.strictObject({
    from: z.literal('iam').describe(FROM),
    claim: z
      .enum(['role', 'userArn', 'userId', 'callerId', 'accountId'])
      .describe(
        'Identity that AWS reports for the signer. `role` is the ARN of the assumed role without its session: one ' +
          'caller for everyone who can assume the role; `accountId` is one caller for the whole account. Danger: for an ' +
          'assumed role, `userArn`, `userId` and `callerId` end in a session name that the signer chooses, so two people ' +
          'with one role can impersonate each other; use them for IAM users, or for roles whose trust policy fixes ' +
          '`sts:RoleSessionName`.',
      ),
  }),
]);

const SCHEMES = ['basic', 'anonymous'] as const;

/** A scheme that needs no settings. */
export type Scheme = (typeof SCHEMES)[number];

export const auth = z
  .array(
    z.union(
      [
        z.enum(SCHEMES),
        z.strictObject({
          gateway: gateway.describe('Trusts the caller that an authorizer of the HTTP API has proved.'),
        }),
      ],
      { error: 'must be basic or { gateway: { from: jwt } }' },
    ),
  )
  .min(1)
  .refine((schemes) => new Set(schemes.map((one) => JSON.stringify(one))).size === schemes.length, {
    error: 'must name each scheme once',
  })
  .describe(
    'How callers are authenticated; schemes are tried in this order. `basic` passes user and password to the cloud, ' +
      'which checks them; `gateway` trusts an authorizer of the HTTP API; `anonymous` is for `npm start` only.',
  );

export type AuthSettings = z.infer<typeof auth>;

/** The schemes in settings that may be wrong elsewhere; undefined when they are wrong themselves. */
export const authIn = (input: { readonly auth?: unknown }): AuthSettings | undefined => auth.safeParse(input.auth).data;
