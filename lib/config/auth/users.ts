/** Callers with a password in the settings: the scheme `users`. */
import * as z from 'zod';
import { name, role, tenant } from './grants.ts';

/** The form of `npm run user:hash`: the parameters of scrypt as PHC strings write them, salt and hash in base64. */
const HASH = /^\$scrypt\$ln=\d{1,2},r=\d{1,2},p=\d{1,2}\$[A-Za-z0-9+/]{22,86}\$[A-Za-z0-9+/]{43,86}$/;

/** RFC 7617 §2: a user name in Basic credentials ends at the first colon. */
const userName = name.refine((text) => !text.includes(':'), 'must be without a colon');

export const users = z
  .record(
    userName,
    z.strictObject({
      password: z
        .string()
        .regex(HASH, 'must be the hash of a password, as `npm run user:hash` prints it')
        .describe('Hash of the password, made by `npm run user:hash`.'),
      tenant,
      role,
    }),
  )
  .refine((all) => Object.keys(all).length > 0, 'must name a user');

export type UsersSettings = z.infer<typeof users>;
