/** What a client is told of an entity that no table holds: the same with every table, in one sentence. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { memoryTable } from '../../../lib/table/memory.ts';
import type { Table } from '../../../lib/table/table.ts';
import { openStore } from '../../../local/store/open.ts';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { dynaliteTable } from '../mapping/dynalite-table.ts';
import { category, entity, list, plain, type Wanted } from './payloads.ts';

const TABLES: Readonly<Record<string, () => Promise<{ readonly table: Table; stop(): Promise<void> }>>> = {
  memory: async () => ({ table: memoryTable(), stop: async () => {} }),
  'the table of npm start': async () => {
    const folder = mkdtempSync(join(tmpdir(), 'occi-limits-'));
    const { table, close } = await openStore(folder);
    return { table, stop: () => close().then(() => rmSync(folder, { recursive: true })) };
  },
  'DynamoDB (dynalite)': dynaliteTable,
};

const TOO_LARGE = 'This is more than the store of this service can hold of one entity.';
const CANNOT_HOLD = 'The store of this service cannot hold one of the values.';

/** About 385 KB of UTF-8 in less than half as many characters: the largest entity of the standard's kinds. */
const LARGEST: Wanted & { kind: string } = {
  kind: 'securitygroup',
  attributes: {
    'occi.core.summary': '\u20AC'.repeat(4096),
    'occi.securitygroup.rules': Array.from({ length: 1000 }, () => ({
      type: 'outbound',
      protocol: '\u20AC'.repeat(32),
      port: '\u20AC'.repeat(64),
      range: '1111:1111:1111:1111:1111:1111:1111:1111/128',
    })),
  },
};

/** Mixins of a user whose names take more than 400 KB. */
const MIXINS = Array.from({ length: 420 }, (_, n) => `http://example.org/${'x'.repeat(980)}#m${n}`);

describe.each(Object.entries(TABLES))('Over %s', (_, start) => {
  let endpoint: Endpoint;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    const running = await start();
    stop = running.stop;
    endpoint = await startEndpoint({ table: running.table });
  });
  afterAll(async () => {
    await endpoint.stop();
    await stop();
  });

  test('an entity with more names of mixins than a row holds is 413, and leaves nothing', async () => {
    const lines = MIXINS.map((id, n) => `Category: ${category(id, 'mixin')}; location="/m${n}/"`);
    for (let at = 0; at < lines.length; at += 100)
      expect((await endpoint.send('POST', '/-/', plain(...lines.slice(at, at + 100)))).status).toBe(200);
    const before = await list(endpoint, '/compute/');
    const wanted = { kind: 'compute', mixins: MIXINS };
    const reply = await endpoint.send('POST', '/compute/', entity('application/occi+json', wanted));
    expect([reply.status, reply.body]).toEqual([413, expect.stringContaining(TOO_LARGE)]);
    expect(await list(endpoint, '/compute/')).toEqual(before);
    expect(await list(endpoint, '/m0/')).toEqual([]);
    // Each definition is a write, and dynalite's take longest.
  }, 60_000);

  test('an entity with a number that no table holds is 400, and leaves nothing', async () => {
    const before = await list(endpoint, '/compute/');
    const wanted = { kind: 'compute', attributes: { 'occi.compute.speed': 1e-200 } };
    const reply = await endpoint.send('POST', '/compute/', entity('application/occi+json', wanted));
    expect([reply.status, reply.body]).toEqual([400, expect.stringContaining(CANNOT_HOLD)]);
    expect(await list(endpoint, '/compute/')).toEqual(before);
  });

  test('an entity just below 400 KB in UTF-8 is kept', async () => {
    const wanted = entity('application/occi+json', LARGEST);
    const made = await endpoint.send('POST', '/securitygroup/', wanted);
    expect(made.status).toBe(201);
    const path = made.headers.location!.replace(endpoint.url, '');
    const read = await endpoint.send('GET', path, { headers: { Accept: 'application/occi+json' } });
    expect(JSON.parse(read.body).attributes['occi.securitygroup.rules']).toHaveLength(1000);
    expect((await endpoint.send('DELETE', path)).status).toBe(200);
  });

  test('a path or the name of a mixin that is longer than a key is 413', async () => {
    const path = `/compute/${'x'.repeat(1024)}`;
    const put = await endpoint.send('PUT', path, entity('text/plain', { kind: 'compute' }));
    expect([put.status, put.body]).toEqual([413, expect.stringContaining(TOO_LARGE)]);
    expect((await endpoint.send('GET', path)).status).toBe(404);
    const mixin = `Category: t; scheme="http://example.org/${'x'.repeat(1024)}#"; class="mixin"; location="/long/"`;
    const made = await endpoint.send('POST', '/-/', plain(mixin));
    expect([made.status, made.body]).toEqual([413, expect.stringContaining(TOO_LARGE)]);
    expect(await list(endpoint, '/compute/')).toEqual([]);
  });
});
