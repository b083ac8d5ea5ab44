/**
 * A listing of all native ids of a kind, to find the one with an OCCI id. Requests of one caller share it page by page:
 * whoever comes to the end of what was read reads the next page for all. A scan that outlasts a request goes on with the
 * next one.
 */
import type { NativeId } from '../../adapter/contract.ts';
import { isFailure, OcciError } from '../../errors.ts';
import type { KindTerm } from '../../occi/kinds/index.ts';
import type { Backend } from '../backend.ts';
import { looksOf, servedKind, unlessMissing, viewOf } from './look.ts';
import { type Scan, scansOf } from './scans.ts';

/** A scan answers for ids that it lacks to those who ask until so long after its beginning. */
const FRESH_MS = 5000;
/** The answer for an id that was not found counts so long. */
const MISS_TTL_MS = 30_000;
/** A scan that nobody has gone on with for so long is given up. */
const IDLE_MS = 60_000;
/** So many scans are kept; those in use are finished in any case. */
const MAX_SCANS = 16;
/** A page of somebody else may fail so often. */
const MAX_FAILURES = 3;
/** Kept back of a request's time for everything but native calls. */
const RESERVE_MS = 500;
const RETRY_SECONDS = 2;

/**
 * The native id of the entity with this id, among all that the caller sees. Throws `tooManyRequests` beyond the scans of
 * a minute and `unavailable` when the time of the request is up before the scan is whole, each with Retry-After.
 */
export async function scannedFor(uuid: string, kind: KindTerm, backend: Backend): Promise<NativeId | undefined> {
  const looks = looksOf(backend);
  const present = scansOf(backend.identities).get(viewOf(kind, backend));
  const isRecent = present && Date.now() - present.usedAt <= IDLE_MS;
  if (isRecent && present.natives.has(uuid)) return await stillThere(present, uuid, kind, backend);
  const scan = present && answers(present, uuid, looks.began) ? present : newScan(kind, backend);
  scan.wanted.add(uuid);
  for (let failures = 0; ; ) {
    const nativeId = scan.natives.get(uuid);
    if (nativeId !== undefined || scan.isWhole) return nativeId;
    const timeMs = backend.deadline - RESERVE_MS - Date.now();
    if (timeMs <= scan.slowestMs) throw outOfTime(kind);
    const isMine = scan.reading === undefined;
    scan.reading ??= readPage(scan, kind, backend);
    try {
      await within(timeMs, scan.reading, kind);
    } catch (error) {
      if (isFailure(error, 'timedOut')) throw outOfTime(kind, error);
      if (isMine || ++failures > MAX_FAILURES) throw error;
    }
  }
}

/** The native id in a scan. One that was read before this request looked is read again: it may be gone since. */
async function stillThere(scan: Scan, uuid: string, kind: KindTerm, backend: Backend): Promise<NativeId | undefined> {
  const looks = looksOf(backend);
  const nativeId = scan.natives.get(uuid)!;
  if (scan.began >= looks.began) return nativeId;
  looks.read = await unlessMissing(() => servedKind(kind, backend)!.get(nativeId));
  if (looks.read) return nativeId;
  scan.natives.delete(uuid);
  return undefined;
}

/** True for a scan that may be gone on with, and whose result is the answer for this id. */
function answers(scan: Scan, uuid: string, began: number): boolean {
  const idleMs = Date.now() - scan.usedAt;
  return idleMs <= (scan.isWhole ? MISS_TTL_MS : IDLE_MS) && (began <= scan.freshUntil || scan.wanted.has(uuid));
}

function newScan(kind: KindTerm, backend: Backend): Scan {
  const scans = scansOf(backend.identities);
  const view = viewOf(kind, backend);
  const now = Date.now();
  const scan: Scan = {
    natives: new Map(),
    wanted: new Set(),
    began: now,
    freshUntil: now + FRESH_MS,
    usedAt: now,
    isAdmitted: false,
    isWhole: false,
    slowestMs: 0,
  };
  scans.delete(view);
  for (const [key, { usedAt }] of scans) if (now - usedAt > IDLE_MS || scans.size >= MAX_SCANS) scans.delete(key);
  scans.set(view, scan);
  return scan;
}

async function readPage(scan: Scan, kind: KindTerm, backend: Backend): Promise<void> {
  const started = Date.now();
  const { cursor } = scan;
  try {
    if (cursor !== undefined && !scan.isAdmitted) {
      await backend.admitScan?.();
      scan.isAdmitted = true;
    }
    const page = await servedKind(kind, backend)!.ids(cursor === undefined ? {} : { cursor });
    for (const id of page.items) scan.natives.set(backend.identities.of(kind, id).uuid, id);
    scan.cursor = page.next;
    scan.isWhole = page.next === undefined;
  } finally {
    scan.reading = undefined;
    scan.usedAt = Date.now();
    scan.slowestMs = Math.max(scan.slowestMs, scan.usedAt - started);
  }
}

/** Waits for a page that may be somebody else's, no longer than the request has time. */
async function within(timeMs: number, page: Promise<void>, kind: KindTerm): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(outOfTime(kind)), timeMs);
  });
  try {
    await Promise.race([page, end]);
  } finally {
    clearTimeout(timer);
  }
}

const outOfTime = (kind: KindTerm, cause?: unknown): OcciError =>
  new OcciError(
    'unavailable',
    `Looking for this id among all of kind ${kind} takes longer than one request may: try again, the search goes on.`,
    { cause, headers: { 'Retry-After': String(RETRY_SECONDS) } },
  );
