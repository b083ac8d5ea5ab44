/** Callers whom an authorizer of the HTTP API has proved: the scheme `gateway`. */
import * as z from 'zod';
import { CONTRADICTION, claim, everybody, isNoContradiction, rules } from './grants.ts';

const FROM =
  'The authorizer that proves callers: `jwt` verifies a JSON Web Token, `lambda` is a function of the provider, `iam` ' +
  'verifies AWS signatures.';

/** Callers whose identity an authorizer of the gateway has proved. */
export const gateway = z.discriminatedUnion('from', [
  z
    .strictObject({
      from: z.literal('jwt').describe(FROM),
      claim: claim
        .default('sub')
        .describe('Claim of the token that names the caller. Choose one that is never reassigned to another person.'),
      require: rules,
      everybody,
    })
    .refine(isNoContradiction, CONTRADICTION),
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

export type GatewaySettings = z.infer<typeof gateway>;
