/** The adapter that only reads keeps the contract: the cases of methods that it does not have are left out by name. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { memoryTable } from '../../lib/table/memory.ts';
import { adapterContract, fails } from '../contract/adapter.ts';
import { connect, settings } from '../skeleton/index.ts';
import { type JsonCloud, startJsonCloud } from './skeleton/json-cloud.ts';

/** The adapter of one caller. */
const adapterAt = (endpoint: string, credentials: string) =>
  connect({ settings: settings.parse({ endpoint }), site: 'test', table: memoryTable(), local: true })({
    caller: { name: 'anne', credentials },
    deadline: Date.now() + 60_000,
  });

const NOWHERE = 'http://127.0.0.1:1/';

let cloud: JsonCloud;

adapterContract({
  name: 'the skeleton',
  kinds: adapterAt(NOWHERE, 'anne:password').kinds,
  seed: async (_kind, caller = 'anne') => String(cloud.add(caller).id),
  neverGiven: (id) => `9${id}`,
  async start() {
    cloud = await startJsonCloud();
    return {
      adapter: (caller = 'anne') => adapterAt(cloud.endpoint, cloud.credentials(caller)),
      refused: () => adapterAt(cloud.endpoint, 'anne:wrong'),
      down: () => adapterAt(NOWHERE, cloud.credentials('anne')),
      calls: cloud.calls,
      stop: cloud.stop,
    };
  },
});

describe('the skeleton', () => {
  let own: JsonCloud;
  beforeAll(async () => {
    own = await startJsonCloud();
  });
  afterAll(() => own.stop());

  test('shows a machine in the words and units of OCCI', async () => {
    const { id } = own.add('anne');
    const { attributes } = await adapterAt(own.endpoint, own.credentials('anne')).kinds.compute!.get(String(id));
    expect(attributes).toMatchObject({ 'occi.compute.memory': 1.5, 'occi.compute.state': 'active' });
  });

  test('shows a state that it does not know as waiting, and names it', async () => {
    const { id } = own.add('anne', { status: 'MELTING' });
    const { attributes } = await adapterAt(own.endpoint, own.credentials('anne')).kinds.compute!.get(String(id));
    expect(attributes).toMatchObject({
      'occi.compute.state': 'waiting',
      'occi.compute.state.message': 'The cloud calls this state MELTING.',
    });
  });

  test('calls an answer internal that has not the shape that it expects', async () => {
    const { id } = own.add('anne', { cpus: 'two' as never });
    await fails(adapterAt(own.endpoint, own.credentials('anne')).kinds.compute!.get(String(id)), 'internal');
  });

  test('reports each native call, and never what was in it', async () => {
    const reports: unknown[] = [];
    const context = { caller: { name: 'anne', credentials: own.credentials('anne') }, deadline: Date.now() + 60_000 };
    const environment = {
      settings: settings.parse({ endpoint: own.endpoint }),
      site: 'test',
      table: memoryTable(),
      local: true,
    };
    const adapter = connect(environment)({ ...context, onNativeCall: (report) => reports.push(report) });
    await fails(adapter.kinds.compute!.get('4711'), 'notFound');
    expect(reports).toEqual([
      { call: 'GET /vms', milliseconds: expect.any(Number), outcome: 'refused 404', failed: undefined },
    ]);
  });
});
