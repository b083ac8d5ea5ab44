/** Measures the rows of one table: reads share one growing server, each row that creates gets a new server. */
import { type BareServer, median } from './bare-server.ts';
import type { Load } from './generator/generator.ts';
import type { Generator, LoadedServer } from './load.ts';
import type { Pace } from './options.ts';
import { residentMemory } from './processes.ts';
import { type Server, startServer } from './servers.ts';
import { COMPUTE, type Row, type TableKind } from './workload.ts';

export interface Result {
  readonly row: Row;
  /** Absent if the response to the first request was not 2xx: errors are not measured. */
  readonly measured?: MeasuredRow;
  /** The status and the reason, if the row was not measured. */
  readonly refused?: string;
}

export interface MeasuredRow extends LoadedServer {
  /**
   * Share of the bare server with 16 connections immediately before and after. The peers' shares refer to a bare server
   * with about 20 connections, so ours do too: comparing single connections would favour us.
   */
  readonly share: number;
  /** Number of computes at the end of a row that creates them. */
  readonly grownTo?: number;
}

export interface ResidentMemory {
  readonly table: TableKind;
  readonly atStart: number | undefined;
  /** Of the server that served all reading rows, the last of them with `computes` computes. */
  readonly afterLoad: number | undefined;
  readonly computes: number;
}

type Measured = { readonly results: Result[]; readonly memory: ResidentMemory[] };

export const measureTable = async (
  table: TableKind,
  rows: readonly Row[],
  generator: Generator,
  pace: Pace,
  bare: BareServer,
): Promise<Measured> => {
  const reads = rows.filter(({ request }) => request !== 'POST /compute/');
  const results: Result[] = [];
  const memory: ResidentMemory[] = [];
  if (reads.length > 0) {
    const server = await startServer(table);
    const atStart = residentMemory(server.process);
    await warmUp(server, generator, pace);
    for (const computes of new Set(reads.map((row) => row.computes))) {
      await server.fill(computes);
      for (const row of reads.filter((one) => one.computes === computes)) {
        results.push(progress(await measureRow(row, server, generator, pace, bare)));
      }
    }
    memory.push({ table, atStart, afterLoad: residentMemory(server.process), computes: reads.at(-1)!.computes });
    await server.end();
  }
  for (const row of rows.filter(({ request }) => request === 'POST /compute/')) {
    const server = await startServer(table);
    await warmUp(server, generator, pace);
    await warmUpCreates(row, server, generator, pace);
    results.push(progress(await measureRow(row, server, generator, pace, bare)));
    await server.end();
  }
  return { results, memory };
};

/** Compiles the code that all requests share; otherwise the first row would be slower. */
const warmUp = async (
  { url, process: child }: Server,
  generator: Generator,
  { warmUp: seconds }: Pace,
): Promise<void> => {
  const load = { url: `${url}/compute/`, method: 'GET', headers: {}, connections: 16, warmUp: 0, seconds: 3 * seconds };
  await generator.measure(load, child);
};

/** The computes that it creates are deleted before the row begins. */
const warmUpCreates = async (row: Row, server: Server, generator: Generator, pace: Pace): Promise<void> => {
  const load = { ...(await requestOf(row, server)), connections: 16, warmUp: 0, seconds: 2 * pace.warmUp };
  await generator.measure(load, server.process);
};

/** Number of slices of a row: other work on the machine may disturb some of them, but hardly the median. */
export const SLICES = 5;
/** Warm-up of a slice after the first one, because its connections are new. */
const SLICE_WARM_UP_SECONDS = 0.05;

const measureSlices = async (
  row: Row,
  load: Load,
  server: Server,
  generator: Generator,
  bare: BareServer,
): Promise<MeasuredRow> => {
  const creates = row.request === 'POST /compute/';
  const slices: MeasuredRow[] = [];
  const slice = { ...load, seconds: load.seconds / SLICES };
  for (let n = 0; n < SLICES; n++) {
    if (creates) {
      await server.clear();
      await server.fill(row.computes);
    }
    const before = await bare.measure();
    const run = await generator.measure(
      n === 0 && !creates ? slice : { ...slice, warmUp: SLICE_WARM_UP_SECONDS },
      server.process,
    );
    const after = await bare.measure();
    const share = (2 * run.perSecond) / (before.perSecond + after.perSecond);
    slices.push({ ...run, share, ...(creates && { grownTo: (await server.computes()).length }) });
  }
  const wrong = slices.map((one) => one.wrong).filter(Boolean);
  return { ...median(slices.toSorted((one, other) => one.share - other.share)), wrong: wrong.join('; ') };
};

const measureRow = async (
  row: Row,
  server: Server,
  generator: Generator,
  pace: Pace,
  bare: BareServer,
): Promise<Result> => {
  const request = await requestOf(row, server);
  if (row.request !== 'POST /compute/') {
    const refused = await refusalOf(request);
    if (refused) return { row, refused };
  }
  const load = { ...request, connections: row.connections, ...pace };
  return { row, measured: await measureSlices(row, load, server, generator, bare) };
};

interface Request {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

const requestOf = async ({ request, accept }: Row, server: Server): Promise<Request> => {
  const headers = { Accept: accept };
  switch (request) {
    case 'GET /-/':
    case 'GET /compute/':
      return { url: server.url + request.slice('GET '.length), method: 'GET', headers };
    case 'GET one':
      return { url: (await server.computes())[0]!, method: 'GET', headers };
    case 'POST /compute/': {
      const create = { method: 'POST', headers: { ...headers, 'Content-Type': accept }, body: COMPUTE };
      return { url: `${server.url}/compute/`, ...create };
    }
  }
};

/** The status and body of a response that is not 2xx; undefined for 2xx. */
const refusalOf = async ({ url, headers }: Request): Promise<string | undefined> => {
  const response = await fetch(url, { headers });
  const body = await response.text();
  return response.ok ? undefined : `${response.status}: ${body.slice(0, 120)}`;
};

/** Reports progress on stderr; the table is printed at the end. */
const progress = (result: Result): Result => {
  const { row, measured, refused } = result;
  console.error(`${row.label}: ${measured ? `${measured.perSecond.toFixed(0)}/s ${measured.wrong}` : refused}`);
  return result;
};
