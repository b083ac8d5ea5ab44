/** What the kinds share during one request: the caller's calls and identity. */
import type { NativeId } from '../../lib/adapter/contract.ts';
import type { Tokens } from '../../lib/adapter/tokens.ts';
import type { OpenStackClient } from './api/client.ts';
import type { Shelves } from './catalogue/shelf.ts';
import type { OpenStackSettings } from './config.ts';
import type { Session } from './identity/session.ts';
import type { ServerListings } from './machine/kept-servers.ts';

export interface Cloud {
  readonly client: OpenStackClient;
  readonly settings: OpenStackSettings;
  /** The caller. Proved before any kind is used, so this makes no call. */
  session(): Promise<Session>;
  /** What this process created recently, by the token of the create. */
  readonly tokens: Tokens;
  /** What this process keeps of listings of servers. */
  readonly listings: ServerListings;
  /** What this process has read of the catalogue. */
  readonly shelves: Shelves;
  /** When the request must be answered, in milliseconds since the epoch. */
  readonly deadline: number;
}

/** The same cloud, whose reads have all ended at `end`, in milliseconds since the epoch. */
export function endingAt(cloud: Cloud, end: number): Cloud {
  const { client } = cloud;
  return {
    ...cloud,
    client: {
      ...client,
      read: (service, path, shape, options) => client.read(service, path, shape, { ...options, end }),
    },
  };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** True for the form of OpenStack's ids: ids come from paths that clients send. */
export const isUuid = (id: NativeId): boolean => UUID.test(id);

/**
 * Native ids of links. Their parts are UUIDs: the machine, and what is on the other end.
 * - networkinterface: `machine:port`, or `machine:port:address` for a floating address on the port
 * - storagelink: `machine:volume`; not the attachment, for Nova makes a new one whenever it moves the machine
 * - securitygrouplink: `machine:group`
 */
export const linkId = (...parts: readonly string[]): NativeId => parts.join(':');

/** The parts of a link's id; undefined for what is no such id. */
export function linkParts(id: NativeId): readonly string[] | undefined {
  const parts = id.split(':');
  return parts.length > 1 && parts.every(isUuid) ? parts : undefined;
}
