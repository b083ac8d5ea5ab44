/** Changes of Neutron's resources that are made only to what was read (the API's `If-Match: revision_number=`). */
import { Refusal } from './refusal.ts';

/** The condition that nobody has changed it since it was read; none where Neutron keeps no revisions. */
export const ifUnchanged = ({ revision_number: revision }: { readonly revision_number?: number | undefined }) =>
  revision === undefined ? {} : { headers: { 'if-match': `revision_number=${revision}` } };

/** True if another request has changed it meanwhile. */
export const isStale = (error: unknown): boolean => error instanceof Refusal && error.status === 412;
