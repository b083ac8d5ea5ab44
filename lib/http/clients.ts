/** Clients that cannot read an answer of the usual form, recognised by their User-Agent. */

/**
 * Clients that split a listing in text/plain at every LF, and take the empty rest after the last one for a location.
 * IM counts the pieces to see whether there is just one network, and may pick the empty one (`get_net_name`); VMDIRAC
 * fails with an IndexError (`getVMNetworks`). Both send the User-Agent of the library that they are built on.
 */
const SPLITTING_AT_LINE_ENDS: readonly string[] = ['python-requests/'];

/** True for a client to whom a listing must not end in a line end. */
export const splitsAtLineEnds = (agent: string | undefined): boolean =>
  agent !== undefined && SPLITTING_AT_LINE_ENDS.some((product) => agent.startsWith(product));
