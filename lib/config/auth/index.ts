/** How callers are authenticated: the setting `auth`. */
import * as z from 'zod';
import { collisionsOf } from './collisions.ts';
import { entry } from './entry.ts';
import { disagreementOf } from './together.ts';

export { type AuthEntry, schemeNameOf, settingsOf } from './entry.ts';

export const auth = z
  .array(entry)
  .min(1)
  .refine((schemes) => new Set(schemes.map((one) => JSON.stringify(one))).size === schemes.length, {
    error: 'must name each scheme once',
  })
  .superRefine((entries, { addIssue }) => {
    const message = disagreementOf(entries);
    if (message !== undefined) addIssue({ code: 'custom', message });
    else
      for (const { path, rule } of collisionsOf(entries)) addIssue({ code: 'custom', path: [...path], message: rule });
  })
  .describe(
    'How callers are authenticated; schemes are tried in this order. `basic` passes user and password to the cloud, ' +
      'which checks them; `cloud-token` passes on tokens of a login that the cloud has itself; `keystone` is the login of OpenStack ' +
      'clients, and hands out tokens of this endpoint; `anonymous` is for `npm start` only. The others have settings.',
  );

export type AuthSettings = z.infer<typeof auth>;

/** The schemes in settings that may be wrong elsewhere; undefined when they are wrong themselves. */
export const authIn = (input: { readonly auth?: unknown }): AuthSettings | undefined => auth.safeParse(input.auth).data;
