/** Measures the rows of one table: one server that grows for what reads, a fresh one for each row that creates. */
import type { BareServer } from './bare-server.ts';
import type { Generator, LoadedServer } from './load.ts';
import type { Pace } from './options.ts';
import { residentMemory } from './processes.ts';
import { type Server, startServer } from './servers.ts';
import { COMPUTE, MOST_CREATES, type Row, type TableKind } from './workload.ts';

export interface Result {
  readonly row: Row;
  /** Absent when the answer to the first request was not 2xx: an error is not measured. */
  readonly measured?: LoadedServer;
  /** Runs of the bare server before this row. */
  readonly after: number;
  /** How many computes there were in the end, where the row makes them. */
  readonly grownTo?: number;
  /** The status, and why, when it was not measured. */
  readonly refused?: string;
}

export interface ResidentMemory {
  readonly table: TableKind;
  readonly atStart: number | undefined;
  /** Of the server that answered all rows that read, the last of them with `computes` computes. */
  readonly afterLoad: number | undefined;
  readonly computes: number;
}

type Measured = { readonly results: Result[]; readonly memory: ResidentMemory[] };

/** The bare server is measured before each row, since a machine is not equally fast all the time. */
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
    await server.fill(row.computes);
    await warmUp(server, generator, pace);
    const result = await measureRow(row, server, generator, pace, bare);
    results.push(progress({ ...result, grownTo: (await server.computes()).length }));
    await server.end();
  }
  return { results, memory };
};

/** What all requests share is compiled before the first row, which would pay for it otherwise. */
const warmUp = async (
  { url, process: child }: Server,
  generator: Generator,
  { warmUp: seconds }: Pace,
): Promise<void> => {
  const load = { url: `${url}/compute/`, method: 'GET', headers: {}, connections: 16, warmUp: 0, seconds: 3 * seconds };
  await generator.measure(load, child);
};

const measureRow = async (
  row: Row,
  server: Server,
  generator: Generator,
  pace: Pace,
  bare: BareServer,
): Promise<Result> => {
  const request = await requestOf(row, server);
  await bare.measure();
  const after = bare.count();
  if (row.request !== 'POST /compute/') {
    const refused = await refusalOf(request);
    if (refused) return { row, after, refused };
  }
  const load = { ...request, connections: row.connections, ...pace };
  return { row, after, measured: await generator.measure(load, server.process) };
};

interface Request {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly most?: number;
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
      return { url: `${server.url}/compute/`, ...create, most: MOST_CREATES };
    }
  }
};

/** What is answered instead of 2xx. */
const refusalOf = async ({ url, headers }: Request): Promise<string | undefined> => {
  const response = await fetch(url, { headers });
  const body = await response.text();
  return response.ok ? undefined : `${response.status}: ${body.slice(0, 120)}`;
};

/** Says on stderr that the bench is alive; the table comes when the last run of hello is known. */
const progress = (result: Result): Result => {
  const { row, measured, refused } = result;
  console.error(`${row.label}: ${measured ? `${measured.perSecond.toFixed(0)}/s ${measured.wrong}` : refused}`);
  return result;
};
