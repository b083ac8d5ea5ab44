/** What the project has promised of its speed, and whether a row keeps it. */
import { peerShare } from './peers.ts';
import type { Result } from './requests.ts';
import type { RequestName, Row } from './workload.ts';

export type Verdict = 'met' | 'missed' | 'none';

/**
 * Least share of the bare server. In memory: what pySSF reaches in text, and ten times that in a JSON listing of
 * 1,000. With the embedded table and 16 connections: twenty times rOCCI-server, twice on a listing of 1,000.
 */
export const goalOf = (row: Row): number | undefined => {
  if (row.table === 'memory') {
    if (row.accept !== 'application/occi+json') return statedOr('pySSF', row);
    return row.request === 'GET /compute/' && row.computes === 1000 ? 10 * PYSSF_JSON_1000 : undefined;
  }
  if (row.connections !== 16) return undefined;
  const times = row.request !== 'GET /compute/' ? 20 : row.computes === 1000 ? 2 : undefined;
  const share = statedOr('rOCCI-server', row);
  return times && share && times * share;
};

/** The share that was promised in so many words; where it says less than the published figure, that one counts. */
const statedOr = (peer: 'pySSF' | 'rOCCI-server', row: Row): number | undefined => {
  const published = peerShare(peer, row);
  if (published === undefined || row.accept === 'application/occi+json') return published;
  return Math.max(published, row.connections === 16 ? (STATED[peer][stated(row)] ?? 0) : 0);
};

const stated = (row: Row): RequestName | 'GET 1000' =>
  row.request === 'GET /compute/' && row.computes === 1000 && row.accept === 'text/plain' ? 'GET 1000' : row.request;

const STATED: Readonly<Record<'pySSF' | 'rOCCI-server', Partial<Record<RequestName | 'GET 1000', number>>>> = {
  pySSF: { 'GET one': 0.25, 'GET 1000': 0.08, 'POST /compute/': 0.17 },
  'rOCCI-server': { 'GET one': 0.0004, 'GET 1000': 0.0002 },
};

const PYSSF_JSON_1000 = 0.001;

/** A row that has a goal misses it when it was refused or when any answer was not 2xx. */
export const verdictOf = (result: Result): Verdict => {
  const goal = goalOf(result.row);
  if (goal === undefined || isTooLongForHeaders(result)) return 'none';
  return !result.measured?.wrong && (result.measured?.share ?? 0) >= goal ? 'met' : 'missed';
};

/** A listing that headers cannot hold is refused by design (ADR-11), which the row then says. */
export const isTooLongForHeaders = ({ row, refused }: Result): boolean =>
  row.accept === 'text/occi' && row.computes === 1000 && (refused?.startsWith('406') ?? false);
