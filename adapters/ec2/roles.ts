/** Callers with an AWS role of their own: the setting `roles`. */
import * as z from 'zod';

const role = z.strictObject({
  arn: z
    .string()
    .regex(
      /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/,
      'must be the ARN of a role: arn:aws:iam::<account>:role/<name>',
    )
    .describe('The role that the function assumes for this caller.'),
  externalId: z
    .string()
    .regex(/^[\w+=,.@:/-]{2,1224}$/, 'must be 2 to 1224 letters, digits and + = , . @ : / -')
    .optional()
    .describe("External id that the role's trust policy requires (`sts:ExternalId`)."),
  sessionName: z
    .string()
    .regex(/^[\w+=,.@-]{2,64}$/, 'must be 2 to 64 letters, digits and + = , . @ -')
    .optional()
    .describe("Name of the session in CloudTrail. By default it is derived from the caller's name."),
  tenant: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .describe('Callers with the same tenant share their entities. By default each caller is a tenant.'),
});

/** Account of a role, as its ARN says. */
export const accountIn = (arn: string): string => arn.split(':')[4] ?? '';

/** Whether each tenant has a single account: ids of entities do not tell accounts apart. */
function isOneAccountEach(roles: Readonly<Record<string, z.infer<typeof role>>>): boolean {
  const accounts = new Map<string, string>();
  return Object.values(roles).every(({ arn, tenant }) => {
    if (tenant === undefined) return true;
    const known = accounts.get(tenant) ?? accountIn(arn);
    accounts.set(tenant, known);
    return known === accountIn(arn);
  });
}

export const roles = z
  .record(z.string().min(1), role)
  .default({})
  .refine(isOneAccountEach, 'must have one account for all roles of one tenant')
  .describe('Callers with a role of their own, by name.');
