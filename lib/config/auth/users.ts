/** Callers with a password in the settings: the scheme `users`. */
import * as z from 'zod';
import { name, role, tenant } from './grants.ts';
import { areSound, passwordHashFrom } from './password-hash.ts';

/** RFC 7617 §2: a user name in Basic credentials ends at the first colon. */
const userName = () => name.refine((text) => !text.includes(':'), 'must be without a colon');

const isHash = (text: string): boolean => passwordHashFrom(text) !== undefined;

/** A text of another form has its message already. */
const hasSoundCosts = (text: string): boolean => !isHash(text) || areSound(passwordHashFrom(text)!);

const hash = () =>
  z
    .string()
    .refine(isHash, 'must be the hash of a password, as `npm run user:hash` prints it')
    .refine(
      hasSoundCosts,
      'must be a hash with costs from ln=14,r=8,p=1 to ln=16,r=8,p=4: make it again with `npm run user:hash`',
    );

export const users = () =>
  z
    .record(
      userName(),
      z.strictObject({
        password: hash().describe(
          'Hash of the password. `npm run user:hash` asks for the password, or reads it from a pipe, and prints this line; ' +
            'the password itself is kept nowhere.',
        ),
        tenant: tenant(),
        role: role(),
      }),
    )
    .refine((all) => Object.keys(all).length > 0, 'must name a user');

export type UsersSettings = z.infer<ReturnType<typeof users>>;
