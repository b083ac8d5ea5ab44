/** The performance goals of the project, and whether a row meets them. */
import { peerShare } from './peers.ts';
import type { Result } from './requests.ts';
import type { RequestName, Row } from './workload.ts';

export type Verdict = 'met' | 'missed' | 'none';

/**
 * Minimum share of the bare server. In memory: the share of pySSF in text, and ten times its share in a JSON listing of
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

/** The stated goal, or the published figure of the peer if that is higher. */
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

/** A row misses its goal if it was refused or if any response was not 2xx. */
export const verdictOf = (result: Result): Verdict => {
  const goal = goalOf(result.row);
  if (goal === undefined || isTooLongForHeaders(result)) return 'none';
  return !result.measured?.wrong && (result.measured?.share ?? 0) >= goal ? 'met' : 'missed';
};

/** A listing that is too long for headers is refused by design (ADR-11); the row then says so. */
export const isTooLongForHeaders = ({ row, refused }: Result): boolean =>
  row.accept === 'text/occi' && row.computes === 1000 && (refused?.startsWith('406') ?? false);
