/** Many who read an entity, change what they have read and send it back with If-Match: no change is lost. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { memoryTable } from '../../../lib/table/memory.ts';
import { sharedReads } from '../../../lib/table/shared-reads.ts';
import type { Table } from '../../../lib/table/table.ts';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { dynaliteTable } from '../mapping/dynalite-table.ts';
import { yieldingTable } from '../mapping/yielding-table.ts';
import { entity, make, read } from './payloads.ts';

interface Opened {
  readonly table: Table;
  stop(): Promise<void>;
}

/** The tables, and how many go at an entity at the same time: the emulator takes some milliseconds for each call. */
const TABLES: readonly [string, number, () => Promise<Opened>][] = [
  ['in memory', 200, async () => ({ table: yieldingTable(memoryTable()), stop: async () => {} })],
  ['in dynalite', 4, dynaliteTable],
];

const UPDATES = 200;

/** The title is in the cloud, the summary in the store. */
const ATTRIBUTES = { title: 'occi.core.title', summary: 'occi.core.summary' } as const;

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe.each(TABLES)('%s, %d at a time', (_, writers, open) => {
  let stop: () => Promise<void>;
  let processes: readonly Endpoint[];
  beforeAll(async () => {
    const opened = await open();
    stop = opened.stop;
    // Each with reads of its own, as two processes have.
    processes = await Promise.all([1, 2].map(() => startEndpoint({ table: sharedReads(opened.table) })));
  });
  afterAll(async () => {
    await Promise.all(processes.map((one) => one.stop()));
    await stop();
  });

  /** Adds one to the number in an attribute, as often as it takes; how often it was refused. */
  async function addOne(process: Endpoint, path: string, member: keyof typeof ATTRIBUTES): Promise<number> {
    for (let refused = 0; ; refused++) {
      const before = await process.send('GET', path, { headers: { Accept: 'application/occi+json' } });
      const value = String(Number(JSON.parse(before.body)[member]) + 1);
      const call = entity('application/occi+json', { attributes: { [ATTRIBUTES[member]]: value } });
      const headers = { ...call.headers, 'If-Match': before.headers.etag! };
      const { status } = await process.send('POST', path, { ...call, headers });
      if (status === 200) return refused;
      expect(status).toBe(412);
      await pause(Math.random() * 20 * 2 ** Math.min(refused, 6));
    }
  }

  test.each(Object.keys(ATTRIBUTES) as (keyof typeof ATTRIBUTES)[])(
    `${UPDATES} updates of the %s by two processes lose none`,
    async (member) => {
      const path = await make(processes[0]!, { kind: 'compute', attributes: { [ATTRIBUTES[member]]: '0' } });
      let refused = 0;
      const writer = async (_: unknown, n: number) => {
        for (let left = UPDATES / writers; left > 0; left--) refused += await addOne(processes[n % 2]!, path, member);
      };
      await Promise.all(Array.from({ length: writers }, writer));
      expect((await read(processes[0]!, path))[member]).toBe(String(UPDATES));
      expect(refused).toBeGreaterThan(0);
    },
    60_000,
  );
});
