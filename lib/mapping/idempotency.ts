/**
 * Records of creates that carry an `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a key with the same
 * request replays the first answer, with another request it is 422, and while the first request is still running it is
 * 409.
 */
import { randomUUID } from 'node:crypto';
import { OcciError } from '../errors.ts';
import type { PartitionKey, SiteTable } from '../table/partition-keys.ts';
import { fieldsOf, PREFIX } from './rows.ts';

const ANSWER_TTL_SECONDS = 24 * 3600;
/** After this time an unfinished create counts as crashed: no gateway waits that long. */
const RUN_TIMEOUT_SECONDS = 60;

interface IdempotencyRecord {
  /** Hash of the request that the key was first used with. */
  readonly fingerprint: string;
  /** The token of native creates, by which a retry finds what the first attempt created. */
  readonly token: string;
  /** When the current attempt began, in milliseconds since the epoch. */
  readonly started: number;
  readonly version: number;
  /** The answer, once the create has succeeded. */
  readonly answer?: string;
}

/** `token` goes into the native creates; with `again`, an earlier attempt may have created something already. */
type Attempt =
  | { readonly is: 'run'; readonly token: string; readonly again: boolean; readonly version: number }
  | { readonly is: 'answered'; readonly answer: string };

export class IdempotencyRecords {
  readonly #table: SiteTable;
  readonly #pk: PartitionKey;

  constructor(table: SiteTable, pk: PartitionKey) {
    this.#table = table;
    this.#pk = pk;
  }

  /** Claims the key for a request. Throws `keyReused` for another request, `conflict` while the first is running. */
  async begin(key: string, fingerprint: string): Promise<Attempt> {
    const started = Date.now();
    const fresh = { fingerprint, token: randomUUID(), started, version: 1 };
    if (await this.#put(key, fresh, 'absent')) return { is: 'run', token: fresh.token, again: false, version: 1 };
    const row = await this.#table.get(this.#key(key));
    const record = row && fieldsOf<IdempotencyRecord>(row);
    if (record && record.fingerprint !== fingerprint) {
      throw new OcciError('keyReused', 'The Idempotency-Key was used before with another request.');
    }
    if (record?.answer !== undefined) return { is: 'answered', answer: record.answer };
    if (record && started - record.started > RUN_TIMEOUT_SECONDS * 1000) {
      const version = record.version + 1;
      const taken = await this.#put(key, { ...record, started, version }, { version: record.version });
      if (taken) return { is: 'run', token: record.token, again: true, version };
    }
    throw new OcciError('conflict', 'The request with this Idempotency-Key is still running.', {
      headers: { 'Retry-After': '1' },
    });
  }

  /** Stores the answer of a successful create. */
  async finish(key: string, fingerprint: string, attempt: Attempt & { is: 'run' }, answer: string): Promise<void> {
    const record = { fingerprint, token: attempt.token, started: Date.now(), version: attempt.version + 1, answer };
    await this.#put(key, record, { version: attempt.version });
  }

  /** Releases the key of a create that was refused before it had any effect, so that the client can reuse it. */
  async release(key: string, fingerprint: string, attempt: Attempt & { is: 'run' }): Promise<void> {
    const record = { fingerprint, token: attempt.token, started: 0, version: attempt.version + 1 };
    // A table cannot delete conditionally, and another attempt may have taken over, so the row expires.
    await this.#table.put({ ...this.#key(key), ...record, expires: 1 }, { version: attempt.version });
  }

  /** After an unknown outcome: the next attempt may start at once, and first looks for what this one created. */
  async giveUp(key: string, fingerprint: string, attempt: Attempt & { is: 'run' }): Promise<void> {
    const record = { fingerprint, token: attempt.token, started: 0, version: attempt.version + 1 };
    await this.#put(key, record, { version: attempt.version });
  }

  #key(key: string) {
    return { pk: this.#pk, sk: PREFIX.idempotency + key };
  }

  #put(key: string, record: IdempotencyRecord, condition: 'absent' | { version: number }): Promise<boolean> {
    const expires = Math.ceil(Date.now() / 1000) + ANSWER_TTL_SECONDS;
    return this.#table.put({ ...this.#key(key), ...record, expires }, condition);
  }
}
