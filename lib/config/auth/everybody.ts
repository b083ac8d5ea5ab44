/** Entries that admit everybody whom an issuer knows. */
import type { AuthEntry } from './entry.ts';

/** The settings of an entry whose callers an issuer names, and that may restrict them. */
const restrictable = (entry: AuthEntry) => {
  if (typeof entry === 'string') return undefined;
  return entry.oidc ?? (entry.gateway?.from === 'jwt' ? entry.gateway : undefined);
};

/** True for an entry without rules that admit only some callers of its issuer. */
export function admitsEverybody(entry: AuthEntry): boolean {
  const settings = restrictable(entry);
  return settings !== undefined && settings.require === undefined;
}

/** True for an entry whose provider has confirmed that everybody is meant. */
export const isConfirmed = (entry: AuthEntry): boolean => restrictable(entry)?.everybody === true;
