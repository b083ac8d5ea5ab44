/**
 * The tokens of a site, in the table. Each owner has a fixed number of rows, so that the bound holds however many requests
 * come at once: a new token takes a row that is free, by one conditional write.
 */
import { randomInt, timingSafeEqual } from 'node:crypto';
import { OcciError } from '../../errors.ts';
import type { PartitionKey, SiteTable } from '../../table/partition-keys.ts';
import type { Row } from '../../table/table.ts';
import { BAD_CREDENTIALS } from '../scheme.ts';
import type { Hash } from './key.ts';
import { idFrom, newId, newText, OWNER_BYTES, partsOf, type TokenId } from './text.ts';
import { type NewToken, narrowed, type Token, type TokenOwner, tokenIn } from './token.ts';

/** The most tokens that a user may have at a time. */
export const MAX_TOKENS = 100;
/** The most tokens from logins, which clients ask for again and again; a new one displaces an old one. */
const MAX_LOGINS = 1000;
/** Rows that a login looks at for a free one. */
const LOGIN_TRIES = 4;
/** Attempts to take a row against concurrent logins of the same user; then the answer is 503. */
const MAX_ROUNDS = 5;

const ASKED_PREFIX = 'asked-';
const LOGIN_PREFIX = 'login-';

/** The sort key of a slot: those of logins follow the others. */
const keyOf = (slot: number): string =>
  slot < MAX_TOKENS ? `${ASKED_PREFIX}${slot}` : `${LOGIN_PREFIX}${slot - MAX_TOKENS}`;

const refused = (): OcciError => new OcciError('unauthenticated', BAD_CREDENTIALS);

const nowInSeconds = (): number => Math.floor(Date.now() / 1000);

export interface TokenStoreOptions {
  readonly table: SiteTable;
  /** The partition of an owner. */
  partitionOf(ownerId: string): PartitionKey;
  /** The keyed hash, which may have to be read first. */
  hash(): Promise<Hash>;
  /** Whether the settings still give its owner what a token has. */
  isStillGranted(token: Token): boolean;
}

export class TokenStore {
  readonly #options: TokenStoreOptions;

  constructor(options: TokenStoreOptions) {
    this.#options = options;
  }

  /**
   * Makes a token and returns its text, which is kept nowhere. Throws `conflict` if the owner has too many, `forbidden` for
   * a scope that has nothing in common with the owner's own.
   */
  async issue(owner: TokenOwner, wanted: NewToken): Promise<{ readonly text: string; readonly token: Token }> {
    if (owner.scheme === 'token') throw new Error('a token is issued to a caller whom another scheme has proved');
    const hash = await this.#options.hash();
    const ownerId = ownerIdOf(hash, owner.name);
    const pk = this.#options.partitionOf(ownerId);
    const scope = narrowed(owner.scope, wanted.scope);
    const { grants, label, seconds, until = Number.POSITIVE_INFINITY, isLogin = false, root } = wanted;
    const created = nowInSeconds();
    let text = '';
    /** The row of a new token in a slot. */
    const rowIn = (slot: number): Row<PartitionKey> => {
      const id = newId(slot);
      text = newText({ ownerId, id });
      const { name, scheme } = owner;
      const times = { created, expires: Math.min(created + seconds, until) };
      const secret = { hash: hash('token', text).toString('base64url'), version: id.version };
      return {
        pk,
        sk: keyOf(slot),
        id: id.text,
        name,
        scheme,
        grants,
        scope,
        label,
        isLogin,
        root,
        ...times,
        ...secret,
      };
    };
    const row = await (isLogin ? this.#putLogin(pk, rowIn) : this.#putAsked(pk, rowIn));
    return { text, token: tokenIn(row) };
  }

  /** Throws `unauthenticated` for a text that is no valid token at present, whatever the reason. */
  async verify(text: string): Promise<Token> {
    const parts = partsOf(text);
    if (!parts) throw refused();
    const hash = await this.#options.hash();
    const row = await this.#options.table.get({
      pk: this.#options.partitionOf(parts.ownerId),
      sk: keyOf(parts.id.slot),
    });
    const kept = Buffer.from(typeof row?.hash === 'string' ? row.hash : '', 'base64url');
    const own = hash('token', text);
    if (!row || kept.length !== own.length || !timingSafeEqual(kept, own)) throw refused();
    const token = tokenIn(row);
    if (token.expires <= nowInSeconds() || !this.#options.isStillGranted(token)) throw refused();
    return token;
  }

  /** The valid tokens of a user, the oldest first. */
  async list(name: string): Promise<readonly Token[]> {
    const rows = await this.#rowsOf(await this.#partitionFor(name));
    return rows.map(tokenIn).sort((one, other) => one.created - other.created || (one.id < other.id ? -1 : 1));
  }

  /**
   * Makes a token of the user invalid at once, and those that were given in exchange for it. Throws `notFound` for an id
   * that the user does not have.
   */
  async revoke(name: string, id: string): Promise<void> {
    const parts = idFrom(id);
    const pk = await this.#partitionFor(name);
    if (!parts || !(await this.#free(pk, parts))) {
      throw new OcciError('notFound', 'You have no token with this id.');
    }
    const made = (await this.#rowsOf(pk, LOGIN_PREFIX)).filter(({ root }) => root === id);
    for (const row of made) await this.#free(pk, idFrom(row.id as string)!);
  }

  /** Makes all tokens invalid that the user has at this time. */
  async revokeAll(name: string): Promise<void> {
    const pk = await this.#partitionFor(name);
    const ids = (await this.#rowsOf(pk)).map(({ id }) => idFrom(id as string)!);
    for (const id of ids) await this.#free(pk, id);
  }

  async #partitionFor(name: string): Promise<PartitionKey> {
    return this.#options.partitionOf(ownerIdOf(await this.#options.hash(), name));
  }

  async #rowsOf(pk: PartitionKey, prefix = ''): Promise<readonly Row[]> {
    const rows: Row[] = [];
    let after: string | undefined;
    do {
      const page = await this.#options.table.query(pk, prefix, after);
      rows.push(...page.items);
      after = page.next;
    } while (after !== undefined);
    return rows;
  }

  /** Takes a token out of its row, unless another one is there. A row that has expired counts as free. */
  #free(pk: PartitionKey, { slot, version }: TokenId): Promise<boolean> {
    return this.#options.table.put({ pk, sk: keyOf(slot), version, expires: 1 }, { version });
  }

  async #putAsked(pk: PartitionKey, rowIn: (slot: number) => Row<PartitionKey>): Promise<Row> {
    const taken = new Set((await this.#rowsOf(pk, ASKED_PREFIX)).map(({ sk }) => sk));
    for (const slot of shuffled(Array.from({ length: MAX_TOKENS }, (_, number) => number))) {
      if (taken.has(keyOf(slot))) continue;
      const row = rowIn(slot);
      if (await this.#options.table.put(row, 'absent')) return row;
    }
    throw new OcciError('conflict', `You have ${MAX_TOKENS} tokens, which is the most: revoke one first.`);
  }

  async #putLogin(pk: PartitionKey, rowIn: (slot: number) => Row<PartitionKey>): Promise<Row> {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const slots = Array.from({ length: LOGIN_TRIES }, () => MAX_TOKENS + randomInt(MAX_LOGINS));
      for (const slot of slots) {
        const row = rowIn(slot);
        if (await this.#options.table.put(row, 'absent')) return row;
      }
      const present = await this.#options.table.getAll([...new Set(slots)].map((slot) => ({ pk, sk: keyOf(slot) })));
      const oldest = [...present].sort((one, other) => one.expires! - other.expires!)[0];
      if (!oldest) continue;
      const { slot, version } = idFrom(oldest.id as string)!;
      const row = rowIn(slot);
      if (await this.#options.table.put(row, { version })) return row;
    }
    const busy = 'Too many logins of this user at the same time; try again later.';
    throw new OcciError('unavailable', busy, { headers: { 'Retry-After': '2' } });
  }
}

/** Names the partition of a user's tokens without saying whose it is. */
const ownerIdOf = (hash: Hash, name: string): string => hash('owner', name).toString('base64url', 0, OWNER_BYTES);

function shuffled<T>(items: T[]): T[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [items[last], items[other]] = [items[other]!, items[last]!];
  }
  return items;
}
