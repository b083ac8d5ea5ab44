/**
 * Pools by page, newest first as oned gives them: ceil(N/page) calls for N objects. Pages are offsets into a list that
 * moves while they are read, so each is asked for with the last entry of the one before and the first of the one after:
 * by the one it is seen where the list has moved, by the other whether there is more.
 */
import type { Page, PageQuery, Range } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { Cloud } from '../cloud.ts';
import type { Shape } from './shape.ts';

/** A pool call: what stands before and after the two numbers of the page. */
export interface PoolCall<T> {
  readonly method: string;
  readonly before: readonly number[];
  readonly after?: readonly number[];
  readonly shape: Shape<readonly T[]>;
  readonly idOf: (item: T) => number;
}

/** `offset:last`: where the next page begins, and the id of the entry before it. */
const CURSOR = /^(\d{1,9}):(\d{1,10})$/;

function positionOf(cursor: string | undefined): { readonly offset: number; readonly last?: number } {
  if (cursor === undefined) return { offset: 0 };
  const [, offset, last] = CURSOR.exec(cursor) ?? [];
  if (offset === undefined) throw new OcciError('invalid', 'The page does not belong to this listing.');
  return { offset: Number(offset), last: Number(last) };
}

/**
 * One page. No object is shown twice when others are created in the meantime. When some before this page are deleted
 * in the meantime, the page moves back by one page and begins after the entry that was shown last.
 */
export async function readPage<T>(
  { client, settings }: Cloud,
  { method, before, after = [], shape, idOf }: PoolCall<T>,
  { cursor, range }: PageQuery,
): Promise<Page<T>> {
  const { page } = settings;
  const { offset, last } = positionOf(cursor);
  const read = (start: number, count: number) =>
    client.call(method, [...before, start, -count, ...after], shape, { repeatable: true });

  if (range) return { items: await readRange(range, page, read) };
  if (last === undefined) return cut(await read(0, page + 1), 0, page, idOf);
  let start = offset - 1;
  let list = await read(start, page + 2);
  let from = afterLast(list, last, idOf);
  // Its first entry is already one that was to come: the list has become shorter before it.
  if (from === 0 && start > 0) {
    start = Math.max(0, offset - page);
    list = await read(start, offset - start + page + 1);
    from = afterLast(list, last, idOf);
  }
  return cut(list.slice(from), start + from, page, idOf);
}

/** Places after which oned has no offset any more. */
const MAX_OFFSET = 2 ** 31 - 1;
/** A page of one cannot be asked for (measured on 6.10). */
const MIN_PAGE_ENTRIES = 2;

/** Entries by their place, as many to a call as a page has. */
async function readRange<T>(
  { offset, count }: Range,
  page: number,
  read: (start: number, count: number) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const items: T[] = [];
  while (items.length < count && offset + items.length < MAX_OFFSET) {
    const wanted = Math.min(page, count - items.length);
    const list = await read(offset + items.length, Math.max(MIN_PAGE_ENTRIES, wanted));
    items.push(...list.slice(0, wanted));
    if (list.length < wanted) break;
  }
  return items;
}

/** Where the entries begin that come after the one with this id; the order is that of ids, falling or rising. */
function afterLast<T>(list: readonly T[], last: number, idOf: (item: T) => number): number {
  const found = list.findIndex((item) => idOf(item) === last);
  if (found >= 0) return found + 1;
  const falling = list.length < 2 || idOf(list[0]!) > idOf(list[1]!);
  const next = list.findIndex((item) => (falling ? idOf(item) < last : idOf(item) > last));
  return next < 0 ? list.length : next;
}

function cut<T>(list: readonly T[], offset: number, page: number, idOf: (item: T) => number): Page<T> {
  const items = list.slice(0, page);
  if (list.length <= page) return { items };
  return { items, next: `${offset + page}:${idOf(items.at(-1)!)}` };
}

/**
 * The highest id in a pool, however many it has: 1 call, for the newest two, as a page of one cannot be asked for. -1 for an
 * empty pool; undefined if oned gives the oldest first (API_LIST_ORDER=ASC).
 */
export async function readHighest<T>(
  { client }: Cloud,
  { method, before, after = [], shape, idOf }: PoolCall<T>,
): Promise<number | undefined> {
  const newest = await client.call(method, [...before, 0, -MIN_PAGE_ENTRIES, ...after], shape, { repeatable: true });
  const [first = -1, second = -1] = newest.map(idOf);
  return first < second ? undefined : first;
}

/** All pages, for what has few. */
export async function readPool<T>(cloud: Cloud, call: PoolCall<T>): Promise<readonly T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  do {
    const page: Page<T> = await readPage(cloud, call, cursor === undefined ? {} : { cursor });
    all.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined);
  return all;
}
