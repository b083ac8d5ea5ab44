/** Callers whom an authorizer of the HTTP API has proved: the scheme `gateway`. */
import * as z from 'zod';
import { CONTRADICTION, claim, everybody, isNoContradiction, rules } from './grants.ts';

const FROM =
  'The authorizer that proves callers: `jwt` verifies a JSON Web Token, `lambda` is a function of the provider, `iam` ' +
  'verifies AWS signatures.';

/** Rules for callers whom the provider's own function, or AWS, already admits one by one. */
const some = () =>
  rules().describe(
    'Rules that admit callers by what the authorizer says of them, and give each a tenant and a role; one that no rule ' +
      'admits gets 403. By default every caller of the authorizer is admitted as a member of its own tenant.',
  );

/** Callers whose identity an authorizer of the gateway has proved. */
export const gateway = () =>
  z.discriminatedUnion('from', [
    z
      .strictObject({
        from: z.literal('jwt').describe(FROM),
        claim: claim()
          .default('sub')
          .describe('Claim of the token that names the caller. Choose one that is never reassigned to another person.'),
        require: rules(),
        everybody: everybody(),
      })
      .refine(isNoContradiction, CONTRADICTION),
    z.strictObject({
      from: z.literal('lambda').describe(FROM),
      claim: claim().describe('Key of the context returned by the Lambda authorizer that names the caller.'),
      require: some(),
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
      require: some(),
    }),
  ]);

export type GatewaySettings = z.infer<ReturnType<typeof gateway>>;
