/** The store calls that docs/operations.md says limits cost. */
import { describe, expect, test } from '@jest/globals';
import { read, rowsOf, sectionOf } from '../../docs/markdown.ts';
import type { Endpoint } from '../../endpoint.ts';
import { attribute, compute, cores, type Limits, made, make, send, withLimits } from './containers.ts';

const TOTALS = { compute: 100, cores: 100 };
const COLUMNS: readonly (readonly [string, Limits])[] = [
  ['requests per minute', { requestsPerMinute: 100_000 }],
  ['creates per hour', { createsPerHour: 1000 }],
  ['totals', TOTALS],
];

/** Does something, and tells how many calls of the store it made: reads and writes. */
const costOf = async (endpoint: Endpoint, work: () => Promise<unknown>): Promise<readonly [number, number]> => {
  endpoint.reset();
  await work();
  const { get = 0, getAll = 0, query = 0, queryKeys = 0, put = 0, delete: removed = 0 } = endpoint.calls;
  return [get + getAll + query + queryKeys, put + removed];
};

/** What a request costs more with limits than without. */
async function more(
  limits: Limits,
  before: (one: Endpoint) => Promise<string>,
  work: (one: Endpoint, path: string) => Promise<unknown>,
) {
  const costs: (readonly [number, number])[] = [];
  for (const perTenant of [limits, {}]) {
    const endpoint = await withLimits(perTenant);
    const path = await before(endpoint);
    costs.push(await costOf(endpoint, () => work(endpoint, path)));
    await endpoint.stop();
  }
  const [[reads, writes], [plainReads, plainWrites]] = costs as [[number, number], [number, number]];
  return [reads - plainReads, writes - plainWrites];
}

const warm = async (endpoint: Endpoint) => {
  for (let times = 0; times < 3; times++) await endpoint.send('GET', '/-/');
  return made(endpoint, cores(2));
};

const ROWS: Readonly<Record<string, Parameters<typeof more>[2]>> = {
  'any, usually': async (endpoint, path) => {
    await endpoint.send('GET', path);
    await endpoint.send('GET', '/compute/');
    await endpoint.send('GET', '/-/');
  },
  create: (endpoint) => make(endpoint, compute()),
  'delete of a kind with a limit': (endpoint, path) => send(endpoint, 'DELETE', path),
  'growth of a machine or storage': (endpoint, path) => send(endpoint, 'POST', path, attribute('occi.compute.cores=4')),
};

const documented = new Map(
  rowsOf(sectionOf(read('docs/operations.md'), '## Limits per tenant')).map(([name, ...cells]) => [name, cells]),
);

/** `1 read, 2 writes` and `0` as numbers. */
const numbersIn = (cell: string): [number, number] => {
  const reads = /(\d+) reads?/.exec(cell)?.[1] ?? '0';
  const writes = /(\d+) writes?/.exec(cell)?.[1] ?? '0';
  return [Number(reads), Number(writes)];
};

describe.each(Object.entries(ROWS))('%s', (name, work) => {
  test.each(COLUMNS.map(([column, limits], at) => [column, limits, at] as const))('%s', async (_, limits, at) => {
    const cell = documented.get(name)?.[at];
    expect(cell).toBeDefined();
    expect(await more(limits, warm, work)).toEqual(numbersIn(cell!));
  });
});
