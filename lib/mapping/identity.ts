/**
 * OCCI ids (ADR-3): a UUIDv5 of adapter, site, kind and native id, or for kinds whose native ids are random UUIDs a
 * permutation of these (`reversible-ids.ts`). So an entity has the same id in every process and without a stored row,
 * whether this endpoint created it or found it in the cloud.
 */
import { isLinkTerm, KINDS, type KindTerm } from '../occi/kinds/index.ts';
import { Remembered } from '../remembered.ts';
import { sha1 } from '../sha1.ts';

/** Must never change: another namespace would give every entity of every provider a new id. */
export const NAMESPACE = '6f6c1c5e-3c5e-5d0a-9f0e-0c0c1de17e55';

const OURS = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/**
 * True for a UUID of version 5 in lower case: the form of this endpoint's ids. Other UUIDs are names chosen by clients.
 */
export const isOurUuid = (text: string): boolean => text.length === 36 && OURS.test(text);

/** An id without `urn:uuid:`, in lower case: clients write both forms. */
export const bareId = (id: string): string => id.replace(/^urn:uuid:/i, '').toLowerCase();

/** What the name of an entity is hashed after. */
export const namespaceBytes = Buffer.from(NAMESPACE.replaceAll('-', ''), 'hex');

/** Longest text that is copied, in characters. */
const MAX_COPIED_CHARS = 256;
const scratch = Buffer.alloc(MAX_COPIED_CHARS);

/**
 * A copy of an ASCII text in one piece. V8 keeps a text that is put together as a tree of its parts: the identities of
 * 10,000 machines with three links each take 37 MB so, and 8 MB as copies.
 */
const inOnePiece = (text: string): string => scratch.toString('latin1', 0, scratch.write(text, 'latin1'));

/** UUID version 5 (RFC 9562 §5.5) in our namespace. */
function uuidV5(name: string): string {
  const bytes = Buffer.allocUnsafe(namespaceBytes.length + Buffer.byteLength(name));
  namespaceBytes.copy(bytes);
  bytes.write(name, namespaceBytes.length);
  return uuidOfDigest(sha1(bytes));
}

/** The UUID that a SHA-1 digest in hexadecimal gives; its first eight digits are those of the digest. */
export function uuidOfDigest(digest: string): string {
  const variant = ((Number.parseInt(digest.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}

/** The names of one entity on this endpoint. */
interface Identity {
  readonly uuid: string;
  /** `urn:uuid:…` (CORE-20). */
  readonly urn: string;
  /** The path below its kind's location. */
  readonly path: string;
}

const identityOf = (uuid: string, location: string): Identity => ({
  uuid,
  urn: inOnePiece(`urn:uuid:${uuid}`),
  path: inOnePiece(location + uuid),
});

/** There are three links to a machine, so theirs is as small as can be. */
class LinkIdentity implements Identity {
  readonly uuid: string;
  readonly #location: string;

  constructor(uuid: string, location: string) {
    this.uuid = uuid;
    this.#location = location;
  }

  get urn(): string {
    return `urn:uuid:${this.uuid}`;
  }

  get path(): string {
    return this.#location + this.uuid;
  }
}

const MIN_CACHED_IDENTITIES = 50_000;
/** Limits of the cached path lists: lists per kind, and entries per list. */
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

/** Ids of which the native id can be read: `reversible-ids.ts`, which only some clouds need. */
export interface Reversible {
  /** The OCCI id; undefined where it is a hash. */
  idOf(kind: KindTerm, nativeId: string): string | undefined;
  /** The native id that has this OCCI id, unless that is a hash; undefined for a kind whose ids all are hashes. */
  nativeIdOf(kind: KindTerm, uuid: string): string | undefined;
}

/** Identities of one cloud, cached, because they depend on the native id only and never change. */
export class Identities {
  readonly #adapter: string;
  readonly #site: string;
  /** Absent where all ids are hashes. */
  readonly reversible: Reversible | undefined;
  readonly #known = new Map<KindTerm, Remembered<string, Identity>>();
  readonly #listings = new Map<KindTerm, Listing[]>();

  constructor(adapter: string, site: string, reversible?: Reversible) {
    this.#adapter = adapter;
    this.#site = site;
    this.reversible = reversible;
  }

  /** The name that is hashed for the id of an entity, up to its native id. */
  nameBefore(kind: KindTerm): string {
    return `${this.#adapter}\n${this.#site}\n${kind}\n`;
  }

  of(kind: KindTerm, nativeId: string): Identity {
    let ofKind = this.#known.get(kind);
    if (!ofKind) {
      ofKind = new Remembered(MIN_CACHED_IDENTITIES);
      this.#known.set(kind, ofKind);
    }
    const known = ofKind.get(nativeId);
    if (known) return known;
    const uuid = this.reversible?.idOf(kind, nativeId) ?? inOnePiece(uuidV5(this.nameBefore(kind) + nativeId));
    const identity = isLinkTerm(kind)
      ? new LinkIdentity(uuid, KINDS[kind].location)
      : identityOf(uuid, KINDS[kind].location);
    ofKind.set(nativeId, identity);
    return identity;
  }

  /**
   * The paths of the entities, in order; frozen. Clients that poll a cloud get the same listing repeatedly, so a list
   * of the same ids as a recent one returns the same array without looking up each id.
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
