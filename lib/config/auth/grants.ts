/** Settings that give callers a tenant and a role: functions, so that only those are made that the settings need. */
import * as z from 'zod';
import { hasOneStar } from './star.ts';

/** A name that can be part of a key and of a log line: one line, without invisible characters. */
const NAME = /^(?!\s)[^\p{Cc}\p{Cs}\p{Cf}\p{Zl}\p{Zp}]{1,256}(?<!\s)$/u;

export const name = z.string().regex(NAME, 'must be 1 to 256 visible characters, with no space at either end');

/** Claims are names of JSON members; `wlcg.groups` and `https://example.org/groups` are claims too. */
export const claim = () => z.string().regex(/^[\w:./-]{1,200}$/, 'must be letters, digits and _ : . / -');

// The list of `lib/auth/principal.ts`, which must not be loaded here: the schema says the same.
export const role = () =>
  z
    .enum(['reader', 'member', 'admin'])
    .default('member')
    .describe(
      'What the caller may do: `reader` only reads, `member` also creates, changes and deletes, `admin` reads what all tenants have and changes ' +
        'nothing.',
    );

export const tenant = () =>
  name
    .optional()
    .describe('Whose entities the caller sees and makes; callers of one tenant share them. By default its own.');

/** The star of a tenant is filled with what the one in the value stands for. */
const hasStarForTenant = ({ value, tenant: of }: { value: string; tenant?: string | undefined }): boolean =>
  !of?.includes('*') || value.includes('*');

/** Rules that decide who is admitted by what an issuer says of a caller. */
export const rules = () =>
  z
    .array(
      z
        .strictObject({
          claim: claim().describe(
            'Claim to look at, such as `groups`, `eduperson_entitlement` or `wlcg.groups`; `realm_access.roles` is found in ' +
              'the object `realm_access` too.',
          ),
          value: z
            .string()
            .min(1)
            .max(1024)
            .refine(hasOneStar, 'must have at most one *')
            .describe(
              'The value that the claim must have, or contain if it is a list. One `*` stands for letters, digits, `.`, `_` ' +
                'and `-`, at least one of them.',
            ),
          tenant: name
            .refine(hasOneStar, 'must have at most one *')
            .optional()
            .describe(
              'Tenant of the callers that this rule admits; `*` is what the one in `value` stands for. By default each ' +
                'caller is its own tenant.',
            ),
          role: role(),
        })
        .refine(hasStarForTenant, { path: ['tenant'], error: 'must have no * where value has none' }),
    )
    .min(1)
    .max(100)
    .optional()
    .describe(
      'Rules that admit callers; one that no rule admits gets 403. Every rule that applies gives a tenant and a role; the ' +
        'first of them is the default. Without rules everybody whom the issuer knows is admitted, which a deployment must ' +
        'confirm with `everybody`.',
    );

export type Rules = NonNullable<z.infer<ReturnType<typeof rules>>>;

/** True if callers whom rules admit can have a tenant of their own, whose name is theirs. */
export const leaveOwnTenants = (given: Rules | undefined): boolean =>
  given === undefined || given.some(({ tenant: named }) => named === undefined);

export const everybody = () =>
  z.boolean().default(false).describe('Confirms that everybody may use the cloud whom the issuer knows.');

/** Refuses both: one of them would have no effect. */
export const CONTRADICTION = {
  path: ['everybody'],
  error: 'must be false with require, which admits only some',
};

export const isNoContradiction = ({ require, everybody: all }: { require?: unknown; everybody?: unknown }): boolean =>
  !(require !== undefined && all === true);
