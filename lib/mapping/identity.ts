/**
 * Where OCCI ids come from (ADR-3): a UUIDv5 over adapter, site, kind and native id, so that an entity has
 * the same id whether it was made through us or was there already, in every process and without a stored row.
 */
import { KINDS, type KindTerm } from '../occi/kinds/index.ts';
import { Remembered } from '../remembered.ts';
import { sha1 } from '../sha1.ts';

/** Pinned for ever: another namespace would give every entity of every provider a new id. */
export const NAMESPACE = '6f6c1c5e-3c5e-5d0a-9f0e-0c0c1de17e55';

const OURS = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** True for a UUID of version 5 in lower case: what this endpoint gives out. Other UUIDs are names that clients chose. */
export const isOurUuid = (text: string): boolean => text.length === 36 && OURS.test(text);

/** What an id is without its `urn:uuid:`, in lower case: clients write both. */
export const bareId = (id: string): string => id.replace(/^urn:uuid:/i, '').toLowerCase();

const namespaceBytes = Buffer.from(NAMESPACE.replaceAll('-', ''), 'hex');

/** UUID version 5 (RFC 9562 §5.5) in our namespace. */
export function uuidV5(name: string): string {
  const bytes = Buffer.allocUnsafe(namespaceBytes.length + Buffer.byteLength(name));
  namespaceBytes.copy(bytes);
  bytes.write(name, namespaceBytes.length);
  const digest = sha1(bytes);
  const variant = ((Number.parseInt(digest.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}

/** The names of one entity on this endpoint. */
export interface Identity {
  readonly uuid: string;
  /** `urn:uuid:…` (CORE-20). */
  readonly urn: string;
  /** The path below its kind's location. */
  readonly path: string;
}

const MIN_CACHED_IDENTITIES = 50_000;
/** Listings of each kind whose paths are kept, and how long one may be. */
const MAX_LISTINGS = 8;
const MAX_LISTING_ENTRIES = 20_000;

/** Native ids in the order of a listing, and the paths that follow from them. */
interface Listing {
  readonly nativeIds: readonly string[];
  readonly paths: readonly string[];
}

const isSame = (one: readonly string[], other: readonly string[]): boolean => {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
};

/** Identities of one cloud, remembered in a bounded map: they follow from the native id and never change. */
export class Identities {
  readonly #adapter: string;
  readonly #site: string;
  readonly #known = new Map<KindTerm, Remembered<string, Identity>>();
  readonly #listings = new Map<KindTerm, Listing[]>();

  constructor(adapter: string, site: string) {
    this.#adapter = adapter;
    this.#site = site;
  }

  of(kind: KindTerm, nativeId: string): Identity {
    let ofKind = this.#known.get(kind);
    if (!ofKind) {
      ofKind = new Remembered(MIN_CACHED_IDENTITIES);
      this.#known.set(kind, ofKind);
    }
    const known = ofKind.get(nativeId);
    if (known) return known;
    const uuid = uuidV5(`${this.#adapter}\n${this.#site}\n${kind}\n${nativeId}`);
    const identity = { uuid, urn: `urn:uuid:${uuid}`, path: KINDS[kind].location + uuid };
    ofKind.set(nativeId, identity);
    return identity;
  }

  /**
   * The paths of all these entities, in their order; frozen. Who watches a cloud asks for the same listing again and
   * again: ids that are, one by one, those of a listing made lately are not looked up, and the very same list comes
   * back.
   */
  paths(kind: KindTerm, nativeIds: readonly string[]): readonly string[] {
    const listings = this.#listings.get(kind) ?? [];
    const known = listings.find((listing) => isSame(listing.nativeIds, nativeIds));
    if (known) return known.paths;
    const paths = Object.freeze(nativeIds.map((id) => this.of(kind, id).path));
    if (nativeIds.length > MAX_LISTING_ENTRIES) return paths;
    this.#listings.set(kind, [{ nativeIds: [...nativeIds], paths }, ...listings.slice(0, MAX_LISTINGS - 1)]);
    return paths;
  }
}
