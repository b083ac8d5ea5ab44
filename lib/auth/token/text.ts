/**
 * The text of a token: `occi_` and 56 bytes in base64url, of which 12 say whose it is, 12 are its id, and 32 are random.
 * The prefix lets scanners of repositories find a token that was committed by mistake.
 */
import { randomBytes } from 'node:crypto';

const TOKEN_PREFIX = 'occi_';

const FORM = /^occi_[A-Za-z0-9_-]{75}$/;
export const OWNER_BYTES = 12;
const ID_BYTES = 12;
const RANDOM_BYTES = 32;
/** The two bytes at the beginning of an id that say where its row is. */
const SLOT_BYTES = 2;

export interface TokenParts {
  /** In base64url: names the partition of the owner's tokens, and says nothing of the owner. */
  readonly ownerId: string;
  readonly id: TokenId;
}

/** An id, in base64url as users see it. */
export interface TokenId {
  readonly text: string;
  /** Number of its row among those of the owner. */
  readonly slot: number;
  /** A number that no other token in this row has. */
  readonly version: number;
}

function idOf(bytes: Buffer): TokenId {
  const version = bytes.readUIntBE(SLOT_BYTES, 6);
  return { text: bytes.toString('base64url'), slot: bytes.readUInt16BE(0), version };
}

/** A new id for a slot. */
export function newId(slot: number): TokenId {
  const bytes = randomBytes(ID_BYTES);
  bytes.writeUInt16BE(slot);
  return idOf(bytes);
}

/** The parts of an id that a client sent; undefined if it has another form. */
export const idFrom = (text: string): TokenId | undefined =>
  /^[A-Za-z0-9_-]{16}$/.test(text) ? idOf(Buffer.from(text, 'base64url')) : undefined;

/** The text of a new token. */
export const newText = ({ ownerId, id }: TokenParts): string => {
  const parts = [Buffer.from(ownerId, 'base64url'), Buffer.from(id.text, 'base64url'), randomBytes(RANDOM_BYTES)];
  return TOKEN_PREFIX + Buffer.concat(parts).toString('base64url');
};

/** The parts of a token that a client sent; undefined if it has another form. */
export function partsOf(text: string): TokenParts | undefined {
  if (!FORM.test(text)) return undefined;
  const bytes = Buffer.from(text.slice(TOKEN_PREFIX.length), 'base64url');
  return {
    ownerId: bytes.toString('base64url', 0, OWNER_BYTES),
    id: idOf(bytes.subarray(OWNER_BYTES, OWNER_BYTES + ID_BYTES)),
  };
}
