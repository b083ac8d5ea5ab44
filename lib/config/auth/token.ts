/** Revocable tokens that users make for themselves: the scheme `token`. */
import * as z from 'zod';
import { Secret, secret } from '../secret.ts';

/** 32 random bytes have 43 characters in base64. */
export const MIN_KEY_CHARS = 32;

/** Only a key that stands in the settings can be measured here. */
const isLongEnough = (key: unknown): boolean =>
  !(key instanceof Secret) || key.text === undefined || key.text.length >= MIN_KEY_CHARS;

export const token = () =>
  z.strictObject({
    key: secret()
      .refine(isLongEnough, `must have at least ${MIN_KEY_CHARS} characters`)
      .optional()
      .describe(
        `Secret of at least ${MIN_KEY_CHARS} characters with which tokens are hashed before they are stored. \`npm start\` ` +
          'makes one by itself. A new key makes all tokens invalid within five minutes. A token of a user in the settings ' +
          'ends with the user or with a change of its tenant or role; one of an `oidc` caller lives until it expires or is ' +
          'revoked.',
      ),
    maxDays: z
      .int()
      .min(1)
      .max(365)
      .default(30)
      .describe('Longest life of a token, in days; also the life of one whose user asks for none.'),
  });

export type TokenSettings = z.infer<ReturnType<typeof token>>;
