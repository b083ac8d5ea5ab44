/** Whether tokens of ours are made with these settings, for which a deployment needs a key. */
import { type AuthEntry, schemeNameOf } from './entry.ts';
import type { SchemeName } from './names.ts';

/** Schemes that depend on another one, or pass on credentials: their callers get the cloud's own tokens. */
const WITHOUT_KEY: readonly SchemeName[] = ['basic', 'token', 'keystone', 'cloud-token'];

/** The places of the entries of `token` that lack a key and need one. */
export function keysMissingIn(entries: readonly AuthEntry[]): readonly number[] {
  if (entries.map(schemeNameOf).every((name) => WITHOUT_KEY.includes(name))) return [];
  return entries.flatMap((entry, place) =>
    typeof entry !== 'string' && entry.token && entry.token.key === undefined ? place : [],
  );
}
