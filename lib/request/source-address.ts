/** Where a request came from, for the audit. */
import { isIP } from 'node:net';

/** The address of a client, and that of the proxy that reported it. */
export interface Source {
  readonly from: string;
  /** The peer of the gateway, if that is a proxy and `from` is what it reported. */
  readonly via?: string;
}

/** An entry of `X-Forwarded-For` without its port and brackets; undefined for anything but an address. */
function addressIn(entry: string): string | undefined {
  const text = entry.trim();
  const bare = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^(\d+(?:\.\d+){3}):\d+$/.exec(text)?.[1] ?? text;
  return isIP(bare) === 0 ? undefined : bare;
}

/**
 * The address of the client. The gateway knows its peer; behind a proxy that the settings trust, it is the last address
 * in `X-Forwarded-For` that is not that peer's own. Every proxy appends the address of its peer, as does the gateway, so
 * only the end of the list was written by the trusted proxy: whatever stands before it may be the client's invention.
 */
export function sourceOf(peer: string, forwardedFor: string | undefined, trustProxy: boolean): Source {
  if (!trustProxy || forwardedFor === undefined) return { from: peer };
  const reported = forwardedFor
    .split(',')
    .map(addressIn)
    .findLast((address) => address !== peer);
  return reported === undefined ? { from: peer } : { from: reported, via: peer };
}
