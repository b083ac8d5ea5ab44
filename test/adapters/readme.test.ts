import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { AdapterContext } from '../../lib/adapter/contract.ts';
import { memoryTable } from '../../lib/table/memory.ts';
import { fails } from '../contract/adapter.ts';
import { connect, settings } from './skeleton.ts';

const README = new URL('../../adapters/README.md', import.meta.url);

describe('the page for writers of adapters', () => {
  test('shows the skeleton that is type-checked', async () => {
    const skeleton = await readFile(new URL('skeleton.ts', import.meta.url), 'utf8');
    expect(await readFile(README, 'utf8')).toContain(`\n\`\`\`ts\n${skeleton}\`\`\`\n`);
  });

  test('names files that are there', async () => {
    const paths = readdirSync(new URL('dummy/', README), { recursive: true, encoding: 'utf8' });
    const dummy = paths.map((path) => basename(path));
    const [, told = ''] =
      /`dummy` has no .*?is rows in our own table(.*?)\n\n/s.exec(await readFile(README, 'utf8')) ?? [];
    const named = [...told.matchAll(/`([a-z]+\.ts)`/g)].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(5);
    expect(dummy).toEqual(expect.arrayContaining(named));
  });
});

describe('the skeleton', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const VM = { id: 42, name: 'web', status: 'RUNNING', cpus: 2, megabytes: 1536 };
  const context: AdapterContext = { caller: { name: 'anne', credentials: 'x' }, deadline: Date.now() + 60_000 };
  const environment = {
    settings: settings.parse({ endpoint: 'http://cloud.example.org' }),
    site: 's',
    table: memoryTable(),
    local: true,
  };
  const adapter = connect(environment)(context);

  test('shows a machine in OCCI’s words', async () => {
    jest
      .spyOn(globalThis, 'fetch')
      .mockImplementation(async () => Response.json([VM, { ...VM, id: 43, status: 'MELTING' }]));
    const { items } = await adapter.kinds.compute!.list({});
    expect(items[0]).toMatchObject({
      id: '42',
      attributes: { 'occi.compute.memory': 1.5, 'occi.compute.state': 'active' },
    });
    expect(items[1]!.attributes).toMatchObject({
      'occi.compute.state': 'waiting',
      'occi.compute.state.message': 'The cloud calls this state MELTING.',
    });
  });

  test('tells failures in OCCI’s words', async () => {
    const fetched = jest.spyOn(globalThis, 'fetch');
    fetched.mockImplementation(async () => new Response('no', { status: 404 }));
    await fails(adapter.kinds.compute!.get('1'), 'notFound');
    fetched.mockRejectedValue(new TypeError('fetch failed'));
    await fails(adapter.identify(), 'unavailable');
  });
});
