/** Bearer tokens of an OpenID provider, which the functions verify: the scheme `oidc`. */
import * as z from 'zod';
import { CONTRADICTION, claim, everybody, isNoContradiction, rules } from './grants.ts';
import { isLoopback } from './loopback.ts';

/** Signatures with a public key; others are never accepted. */
const ALGORITHMS = ['RS256', 'ES256', 'EdDSA', 'PS256'] as const;

/** An issuer is a URL without query and fragment (OpenID Connect Core §2); plain http only on this machine. */
const isIssuer = (text: string): boolean => {
  if (!URL.canParse(text)) return true; // that has its own message
  const { protocol, hostname, username, search, hash } = new URL(text);
  const isSafe = protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
  return username === '' && search === '' && hash === '' && isSafe;
};

export const oidc = () =>
  z
    .strictObject({
      issuer: z
        .url()
        .refine(isIssuer, 'must be an https URL without user, query and fragment')
        .describe('Issuer of the tokens; its keys are found by discovery.'),
      audience: z
        .union([z.string().min(1), z.array(z.string().min(1)).min(1).max(50)], {
          error: 'must be the audience of the tokens, or a list',
        })
        .describe(
          'Audience that a token must name, or one of several. Choose the name of this endpoint: with the id of a client, ' +
            'ID tokens that were made for that client would be accepted too.',
        ),
      claim: claim()
        .default('sub')
        .describe('Claim of the token that names the caller. Choose one that is never reassigned to another person.'),
      prefix: z
        .string()
        .regex(/^[\w.@:/-]{1,64}$/, 'must be 1 to 64 letters, digits and _ . @ : / -')
        .optional()
        .describe(
          'Text put before the name of each caller, so that it cannot equal a name of another issuer or of the settings. ' +
            'By default none.',
        ),
      algorithms: z
        .array(z.enum(ALGORITHMS))
        .min(1)
        .default([...ALGORITHMS])
        .describe('Signature algorithms that are accepted.'),
      skewSeconds: z
        .int()
        .min(0)
        .max(300)
        .default(30)
        .describe("Difference between the issuer's clock and ours that is tolerated, in seconds."),
      require: rules(),
      everybody: everybody(),
    })
    .refine(isNoContradiction, CONTRADICTION);

export type OidcSettings = z.infer<ReturnType<typeof oidc>>;
