/**
 * Published figures of existing servers: requests per second, everything in memory, no cloud behind, measured with
 * wrk on a two-core machine whose bare node:http server reached `BARE_SERVER_PER_SECOND` with 20 connections. Only the
 * share of that is comparable with another machine.
 */
import type { Connections, MediaType, RequestName } from './workload.ts';

const BARE_SERVER_PER_SECOND = 33_000;

export type Peer = 'pySSF' | 'rOCCI-server';

type Figures = readonly [RequestName, number, MediaType, Connections, pySSF: number, rocciServer: number];

const JSON_TYPE = 'application/occi+json';

/** Request, computes, rendering, connections; pySSF, the fastest peer; rOCCI-server 1.1.9, which providers used. */
const REQUESTS_PER_SECOND: readonly Figures[] = [
  ['GET /-/', 0, 'text/plain', 1, 6225, 29.9],
  ['GET /-/', 0, 'text/plain', 16, 6502, 27.9],
  ['GET /-/', 0, JSON_TYPE, 1, 3422, 25.9],
  ['GET /-/', 0, JSON_TYPE, 16, 3742, 20.9],
  ['GET one', 10, 'text/plain', 1, 6825, 13.0],
  ['GET one', 10, 'text/plain', 16, 8323, 11.3],
  ['GET one', 10, 'text/occi', 1, 7321, 13.6],
  ['GET one', 10, 'text/occi', 16, 8727, 10.3],
  ['GET one', 10, JSON_TYPE, 1, 5854, 10.0],
  ['GET one', 10, JSON_TYPE, 16, 6763, 9.5],
  ['GET /compute/', 10, 'text/plain', 1, 7126, 16.0],
  ['GET /compute/', 10, 'text/plain', 16, 8423, 14.3],
  ['GET /compute/', 10, 'text/uri-list', 1, 7430, 14.0],
  ['GET /compute/', 10, 'text/uri-list', 16, 8262, 11.9],
  ['GET /compute/', 10, 'text/occi', 1, 7305, 14.9],
  ['GET /compute/', 10, 'text/occi', 16, 8956, 13.1],
  ['GET /compute/', 10, JSON_TYPE, 1, 2273, 8.0],
  ['GET /compute/', 10, JSON_TYPE, 16, 2488, 9.2],
  ['GET /compute/', 100, 'text/plain', 1, 5500, 62.4],
  ['GET /compute/', 100, 'text/plain', 16, 6357, 57.4],
  ['GET /compute/', 100, 'text/uri-list', 1, 6559, 61.0],
  ['GET /compute/', 100, 'text/uri-list', 16, 7064, 47.0],
  ['GET /compute/', 100, 'text/occi', 1, 6300, 50.9],
  ['GET /compute/', 100, 'text/occi', 16, 7486, 55.4],
  ['GET /compute/', 100, JSON_TYPE, 1, 334, 14.0],
  ['GET /compute/', 100, JSON_TYPE, 16, 305, 10.3],
  ['GET /compute/', 1000, 'text/plain', 1, 1905, 7.1],
  ['GET /compute/', 1000, 'text/plain', 16, 2520, 7.4],
  ['GET /compute/', 1000, 'text/uri-list', 1, 2479, 9.1],
  ['GET /compute/', 1000, 'text/uri-list', 16, 3042, 7.7],
  ['GET /compute/', 1000, 'text/occi', 1, 2064, 8.5],
  ['GET /compute/', 1000, 'text/occi', 16, 2027, 8.0],
  ['GET /compute/', 1000, JSON_TYPE, 1, 25.9, 2.0],
  ['GET /compute/', 1000, JSON_TYPE, 16, 11.0, 1.9],
  ['POST /compute/', 10, 'text/plain', 1, 2440, 3.0],
  ['POST /compute/', 10, 'text/plain', 16, 5550, 0.6],
];

/** Share of the bare server that a peer reached on the same request, if that figure was published. */
export const peerShare = (
  peer: Peer,
  row: { request: RequestName; computes: number; accept: MediaType; connections: Connections },
): number | undefined => {
  const figures = REQUESTS_PER_SECOND.find(
    ([request, computes, accept, connections]) =>
      request === row.request && computes === row.computes && accept === row.accept && connections === row.connections,
  );
  return figures && figures[peer === 'pySSF' ? 4 : 5] / BARE_SERVER_PER_SECOND;
};

/** Milliseconds from start to the first 200 on `/-/`. */
export const PEER_START_UP: Readonly<Record<Peer, number>> = { pySSF: 189, 'rOCCI-server': 1402 };

/** MiB, at start and with 1,000 computes after the load. */
export const PEER_MEMORY: Readonly<Record<Peer, readonly [number, number]>> = {
  pySSF: [28, 36],
  'rOCCI-server': [78, 202],
};

/** Operations per second in process on one compute with two links; neither validates its input as strictly as we do. */
export const PEER_CODEC: Readonly<Record<string, Readonly<Partial<Record<'pySSF' | 'rOCCI-core 5', number>>>>> = {
  'text/plain parse': { pySSF: 59_806, 'rOCCI-core 5': 1808 },
  'text/plain render': { pySSF: 154_372, 'rOCCI-core 5': 3296 },
  'text/plain parse+render': { pySSF: 37_406, 'rOCCI-core 5': 1068 },
  'text/occi render': { 'rOCCI-core 5': 3287 },
  'text/occi parse+render': { pySSF: 19_460 },
  'application/occi+json render': { pySSF: 20_719 },
  'application/occi+json parse+render': { 'rOCCI-core 5': 200 },
};
