/** Clients that need an answer in another form, recognized by their User-Agent. */

/**
 * Clients that split a listing in text/plain at every LF, and treat the empty text after the last one as a location. IM
 * counts the pieces to see whether there is just one network, and may pick the empty one (`get_net_name`); VMDIRAC
 * fails with an IndexError (`getVMNetworks`). Both send the User-Agent of the library that they are built on.
 */
const SPLITTING_AT_LINE_ENDS: readonly string[] = ['python-requests/'];

/** True for a client that needs a listing without a final line end. */
export const splitsAtLineEnds = (agent: string | undefined): boolean =>
  agent !== undefined && SPLITTING_AT_LINE_ENDS.some((product) => agent.startsWith(product));
