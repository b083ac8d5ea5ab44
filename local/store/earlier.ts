/** Takes over the rows of earlier versions, which kept them in a database of dynalite's. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import type { Row } from '../../lib/table/table.ts';
import { Refusal } from '../refusal.ts';
import { type Database, databaseAt, type Operation, syncFolder } from './database.ts';
import { COUNT_KEY } from './ledger.ts';

const TABLE = 'serverless-occi-sites';
const DESCRIPTION_KEY = `table~${TABLE}`;
/** The table's name before keys began with adapter and site (`lib/table/partition-keys.ts`): its rows cannot be found. */
const EARLIER_KEY = 'table~serverless-occi';
const ITEMS = `item-${TABLE}~`;
/** A field of rows that were put conditionally; the table of DynamoDB adds it. */
const PUT_ID = '_put';
/** Rows that are written at a time. */
const BATCH_ROWS = 1000;

/** A value as DynamoDB writes it in JSON. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html */
type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly L: readonly AttributeValue[] }
  | { readonly M: Item };
type Item = Readonly<Record<string, AttributeValue>>;

/** The folders of a take-over: rows are copied from the first to the last, by way of the second. */
export interface Folders {
  readonly earlier: string;
  readonly unfinished: string;
  readonly rows: string;
}

/**
 * Copies the rows of an earlier version; the earlier database stays as it is. A copy that is cut off leaves nothing in
 * the folder of the rows, so that the next start begins again.
 * @param folders that of the rows holds none, and is replaced
 * @param acknowledged how many writes its ledger counts
 * @returns the number of rows
 * @throws {Refusal} when the rows cannot be used
 */
export const takeOver = async (dataDir: string, folders: Folders, acknowledged: number): Promise<number> => {
  const { earlier, unfinished, rows } = folders;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished);
  const [from, to] = [databaseAt(earlier), databaseAt(unfinished)];
  try {
    await from.open();
    await refuseUnknownKeys(dataDir, from);
    const writes = Number((await from.get(COUNT_KEY)) ?? 0);
    if (writes < acknowledged) throw lostWrites(dataDir, acknowledged - writes);
    await to.open();
    const copied = await copy(from, to);
    await to.put(COUNT_KEY, String(writes), { sync: true });
    await to.close();
    syncFolder(unfinished);
    rmSync(rows, { recursive: true, force: true });
    renameSync(unfinished, rows);
    syncFolder(dataDir);
    return copied;
  } finally {
    await Promise.all([from.close(), to.close()]);
    rmSync(unfinished, { recursive: true, force: true });
  }
};

export const lostWrites = (dataDir: string, writes: number): Refusal =>
  new Refusal(
    `DATA_DIR ${dataDir} has lost its last ${writes} writes, though each was on disk: restore the folder from a copy, ` +
      'or remove table.json to go on without them',
  );

const refuseUnknownKeys = async (dataDir: string, database: Database): Promise<void> => {
  if ((await database.has(DESCRIPTION_KEY)) || !(await database.has(EARLIER_KEY))) return;
  throw new Refusal(
    `DATA_DIR ${dataDir} was written before keys named their site, and what is in it cannot be found under the new ` +
      'keys: choose another folder with DATA_DIR=…, or remove this one if nothing in it is needed',
  );
};

const copy = async (from: Database, to: Database): Promise<number> => {
  let copied = 0;
  let batch: Operation[] = [];
  const write = async (): Promise<void> => {
    await to.batch(batch, { sync: true });
    copied += batch.length;
    batch = [];
  };
  for await (const text of from.values({ gte: ITEMS, lt: `${ITEMS}\uFFFF` })) {
    const row = rowOf(JSON.parse(text));
    batch.push({ type: 'put', key: JSON.stringify([row.pk, row.sk]), value: JSON.stringify(row) });
    if (batch.length === BATCH_ROWS) await write();
  }
  await write();
  return copied;
};

const rowOf = ({ [PUT_ID]: _, ...item }: Item): Row => plainFrom({ M: item }) as Row;

const plainFrom = (value: AttributeValue): unknown => {
  if ('M' in value)
    return Object.fromEntries(Object.entries(value.M).map(([name, member]) => [name, plainFrom(member)]));
  if ('L' in value) return value.L.map(plainFrom);
  if ('N' in value) return Number(value.N);
  if ('S' in value) return value.S;
  return 'BOOL' in value ? value.BOOL : null;
};

/** Puts the earlier database aside, so that no later start takes it over once more. Returns where it is. */
export const putAside = ({ earlier }: Pick<Folders, 'earlier'>): string => {
  let aside = `${earlier}.before`;
  for (let n = 2; existsSync(aside); n++) aside = `${earlier}.before-${n}`;
  renameSync(earlier, aside);
  return aside;
};
