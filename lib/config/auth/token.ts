/** Revocable tokens that users make for themselves: the scheme `token`. */
import * as z from 'zod';
import { secret } from '../secret.ts';

export const token = z.strictObject({
  key: secret()
    .optional()
    .describe(
      'Secret of at least 32 characters with which tokens are hashed before they are stored. `npm start` makes one by ' +
        'itself. A new key makes all tokens invalid.',
    ),
  maxDays: z
    .int()
    .min(1)
    .max(365)
    .default(30)
    .describe('Longest life of a token, in days; also the life of one whose user asks for none.'),
});

export type TokenSettings = z.infer<typeof token>;
