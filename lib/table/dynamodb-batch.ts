import { setTimeout as sleep } from 'node:timers/promises';
import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { BATCH_KEYS } from './limits.ts';
import type { RowKey } from './table.ts';

/** Consecutive answers without progress after which the table counts as throttled. */
const MAX_FRUITLESS_CALLS = 4;

/** Doubled after each answer without progress. */
const FIRST_PAUSE_MS = 50;

/** Reads any number of keys, consistently; a key given twice is read once. Throws what the SDK throws. */
export const readBatch = async (
  client: DynamoDBDocumentClient,
  table: string,
  keys: readonly RowKey[],
): Promise<Record<string, unknown>[]> => {
  // BatchGetItem refuses a key given twice.
  const distinct = [...new Map(keys.map((key) => [JSON.stringify([key.pk, key.sk]), key])).values()];
  const batches: Promise<Record<string, unknown>[]>[] = [];
  for (let i = 0; i < distinct.length; i += BATCH_KEYS) {
    batches.push(readOne(client, table, distinct.slice(i, i + BATCH_KEYS)));
  }
  return (await Promise.all(batches)).flat();
};

/** An answer holds up to 16 MB, and less while the table throttles; the rest is asked for again. */
const readOne = async (client: DynamoDBDocumentClient, table: string, keys: readonly RowKey[]) => {
  const items: Record<string, unknown>[] = [];
  let unread: Record<string, unknown>[] = [...(keys as readonly (RowKey & Record<string, unknown>)[])];
  let fruitless = 0;
  while (unread.length > 0) {
    const request = { RequestItems: { [table]: { Keys: unread, ConsistentRead: true } } };
    const { Responses, UnprocessedKeys } = await client.send(new BatchGetCommand(request));
    items.push(...(Responses?.[table] ?? []));
    const left = UnprocessedKeys?.[table]?.Keys ?? [];
    fruitless = left.length < unread.length ? 0 : fruitless + 1;
    unread = left;
    if (fruitless >= MAX_FRUITLESS_CALLS) throw new UnprocessedKeysError(unread.length);
    if (fruitless > 0) await sleep(Math.random() * FIRST_PAUSE_MS * 2 ** fruitless);
  }
  return items;
};

/** The table repeatedly returned no keys: it throttles. */
class UnprocessedKeysError extends Error {
  override readonly name = 'UnprocessedKeysError';

  constructor(keys: number) {
    super(`The table did not read ${keys} keys`);
  }
}
