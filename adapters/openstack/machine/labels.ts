/**
 * What this adapter writes on servers, beside what OCCI users set: the token of the create as a tag, which Nova finds
 * (a filter for metadata is ignored by it), and metadata. Keys and values are within what Nova takes: no slash in a key,
 * 255 characters, nothing beyond the BMP.
 */
import { createHash } from 'node:crypto';
import { isMark } from '../mark.ts';
import type { Flavor } from '../native/catalogue.ts';
import type { Server } from '../native/server.ts';

/** Metadata of servers. */
export const KEY = {
  /** The token of the create, where Nova has no tags at creation. */
  token: 'occi.token',
  /** Names of the mixins that say what the first boot got, with blanks between. */
  mixins: 'occi.mixins',
  /** Sizes of the profile that were asked for, each with the flavor that was chosen for it. */
  size: 'occi.size',
  /** When a new size was asked for that the next look is to confirm. */
  resize: 'occi.resize',
  /** What was asked for where the image does not tell. */
  architecture: 'occi.architecture',
  /** The summary, where Nova has no descriptions. */
  summary: 'occi.summary',
  /** The name that the client gave to its key: the key pair of a key that it sent has another. */
  keyName: 'occi.key.name',
} as const;

/** Ids of flavors that stand in a label as they are: two of them fit a value, and none has a separator. */
const PLAIN_FLAVOR = /^[\w.-]{1,64}$/;

/** A flavor as labels name it: by its id, or by a digest of one that is too long (Nova takes 255 characters) or not plain. */
export const flavorLabel = ({ id }: Pick<Flavor, 'id'>): string =>
  PLAIN_FLAVOR.test(id) ? id : `sha256:${createHash('sha256').update(id).digest('hex')}`;

/** Keys of ports that were made for a server, and of volumes that its create named; 6 ids in each value. */
const PORTS = 'occi.ports.';
const VOLUMES = 'occi.volumes.';
const IDS_PER_VALUE = 6;

type Labelled = Pick<Server, 'metadata'>;

function idsMetadata(key: string, ids: readonly string[]): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (let at = 0; at < ids.length; at += IDS_PER_VALUE)
    values[`${key}${at / IDS_PER_VALUE}`] = ids.slice(at, at + IDS_PER_VALUE).join(' ');
  return values;
}

const idsIn = ({ metadata }: Labelled, start: string): readonly string[] =>
  Object.keys(metadata)
    .filter((key) => key.startsWith(start))
    .sort()
    .flatMap((key) => metadata[key]!.split(' '))
    .filter((id) => /^[0-9a-f-]{36}$/.test(id));

/** The metadata that names the ports of a server. */
export const portsMetadata = (ports: readonly string[]) => idsMetadata(PORTS, ports);

/** Ids of the ports that were made for a server, in the order of its links; they go when it goes. */
export const ownPorts = (server: Labelled): readonly string[] => idsIn(server, PORTS);

/** The metadata that names the volumes of a new server: Nova names none of them while it looks for a host. */
export const volumesMetadata = (volumes: readonly string[]) => idsMetadata(VOLUMES, volumes);

/** Ids of the volumes that a server was made with. */
export const firstVolumes = (server: Labelled): readonly string[] => idsIn(server, VOLUMES);

/** True for a server that this adapter has made. */
export const isOurs = ({ tags = [], metadata }: Pick<Server, 'tags' | 'metadata'>): boolean =>
  metadata[KEY.token] !== undefined || tags.some(isMark);

/** True for the name of a key pair that this adapter has chosen. */
export const isGivenKey = (name: string): boolean => /^occi-[0-9a-f]{64}$/.test(name);
