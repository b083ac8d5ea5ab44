/** Pages of Nova's listings behind a server that is gone with its rows, and behind refusals of another kind. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { connect, settings } from '../../../../adapters/openstack/index.ts';
import type { Adapter } from '../../../../lib/adapter/contract.ts';
import { isFailure } from '../../../../lib/errors.ts';
import { memoryTable } from '../../../../lib/table/memory.ts';
import { type OpenStack, startOpenStack } from '../../../openstack/index.ts';
import { CIRROS } from '../alice.ts';

const GONE = '99999999-9999-4999-8999-999999999999';

let cloud: OpenStack;
let adapter: Adapter;
beforeEach(async () => {
  cloud = await startOpenStack({ step: 1 });
  const configured = settings.parse({ endpoint: cloud.endpoint, defaultOsTemplate: CIRROS });
  const request = connect({ settings: configured, site: 'test', table: memoryTable(), local: true });
  const caller = { name: 'alice', credentials: 'alice:alice-secret' };
  adapter = request({ caller, deadline: Date.now() + 20_000 });
  await adapter.identify();
});
afterEach(() => cloud.close());

describe.each(['ids', 'list'] as const)('The %s of computes', (method) => {
  const page = () => adapter.kinds.compute![method]!({ cursor: GONE });

  test('are read from their start where the server before the page is gone', async () => {
    const { id } = await adapter.kinds.compute!.create!(
      { kind: 'compute', attributes: {}, mixins: [], links: [] },
      't',
    );
    cloud.site.steps.settle();
    const { items } = await page();
    expect(items.map((item) => (typeof item === 'string' ? item : item.id))).toEqual([id]);
  });

  test('are refused where Nova refuses the page for another reason', async () => {
    const answer = { status: 400, body: { badRequest: { code: 400, message: 'Invalid input for query parameters' } } };
    const of = { service: 'compute', path: /\/servers(\/detail)?$/ } as const;
    cloud.badDays.add({ kind: 'answer', answer }, of);
    let failure: unknown;
    const calls = await cloud.callsOf(async () => {
      failure = await page().catch((error: unknown) => error);
    });
    expect(isFailure(failure, 'invalid')).toBe(true);
    expect(calls.filter((call) => /servers/.test(call))).toHaveLength(1);
  });
});
