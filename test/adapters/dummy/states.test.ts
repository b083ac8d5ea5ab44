import { describe, expect, test } from '@jest/globals';
import type { Attributes } from '../../../lib/occi/types.ts';
import { fails } from '../../contract/adapter.ts';
import { attach, end, kindOf, linkTo, make, startCloud } from './cloud.ts';

const SLOW = { bootDelay: 30, actionDelay: 10 };

describe('a compute that boots', () => {
  test('is waiting, with a message, and then becomes active', async () => {
    const cloud = startCloud({ settings: SLOW });
    const computes = kindOf(cloud.adapter(), 'compute');
    const { id, attributes } = await make(cloud.adapter(), 'compute');
    expect(attributes).toMatchObject({ 'occi.compute.state': 'waiting', 'occi.compute.state.message': 'Booting.' });
    cloud.pass(29);
    expect((await computes.list({})).items[0]!.attributes['occi.compute.state']).toBe('waiting');
    cloud.pass(1);
    const after = (await computes.get(id)).attributes;
    expect(after['occi.compute.state']).toBe('active');
    expect(after).not.toHaveProperty('occi.compute.state.message');
    expect((await computes.list({})).items[0]!.attributes).toEqual(after);
  });

  test('allows no action before it is active', async () => {
    const cloud = startCloud({ settings: SLOW });
    const { id } = await make(cloud.adapter(), 'compute');
    const sentence = await fails(kindOf(cloud.adapter(), 'compute').act!(id, 'stop' as never, {}), 'conflict');
    expect(sentence).toBe('The compute is waiting, so the action stop does not apply; no action applies now.');
  });

  test('has links that become active when it does', async () => {
    const cloud = startCloud({ settings: SLOW });
    const adapter = cloud.adapter();
    const storage = await make(adapter, 'storage');
    const links = [linkTo(end(storage)), linkTo({ kind: 'network', id: 'n-public' })];
    const { id } = await make(adapter, 'compute', {}, { links });
    const states = async () =>
      (await kindOf(adapter, 'compute').get(id)).links!.map(
        ({ kind, attributes }) => (attributes as Attributes)[`occi.${kind}.state`],
      );
    expect(await states()).toEqual(['inactive', 'inactive']);
    cloud.pass(30);
    expect(await states()).toEqual(['active', 'active']);
    await kindOf(adapter, 'compute').act!(id, 'suspend' as never, { method: 'suspend' });
    expect(await states()).toEqual(['inactive', 'inactive']);
  });

  test('fails when the settings say so, gives the reason, and can be removed', async () => {
    const cloud = startCloud({ settings: { boot: 'error', bootDelay: 5 } });
    const computes = kindOf(cloud.adapter(), 'compute');
    const { id } = await make(cloud.adapter(), 'compute');
    expect((await computes.get(id)).attributes['occi.compute.state']).toBe('waiting');
    cloud.pass(5);
    const { attributes } = await computes.get(id);
    expect(attributes).toMatchObject({
      'occi.compute.state': 'error',
      'occi.compute.state.message': expect.any(String),
    });
    await fails(computes.act!(id, 'start' as never, {}), 'conflict');
    await computes.remove!(id);
  });
});

describe('an action', () => {
  const afterAction = async (action: string, attributes: Attributes, prepare: string[] = []) => {
    const cloud = startCloud({ settings: { actionDelay: 10 } });
    const computes = kindOf(cloud.adapter(), 'compute');
    const { id } = await make(cloud.adapter(), 'compute');
    for (const one of prepare) {
      await computes.act!(id, one as never, {});
      cloud.pass(10);
    }
    await computes.act!(id, action as never, attributes);
    const state = async () => (await computes.get(id)).attributes['occi.compute.state'];
    const now = await state();
    cloud.pass(10);
    return [now, await state()];
  };

  test.each([
    ['stop', {}, ['waiting', 'inactive']],
    ['stop', { method: 'graceful' }, ['waiting', 'inactive']],
    ['stop', { method: 'acpioff' }, ['waiting', 'inactive']],
    ['stop', { method: 'poweroff' }, ['inactive', 'inactive']],
    ['restart', { method: 'graceful' }, ['waiting', 'active']],
    ['restart', { method: 'warm' }, ['waiting', 'active']],
    ['restart', { method: 'cold' }, ['active', 'active']],
    ['suspend', { method: 'hibernate' }, ['waiting', 'suspended']],
    ['suspend', { method: 'suspend' }, ['suspended', 'suspended']],
    ['save', { method: 'deferred' }, ['waiting', 'active']],
    ['save', { method: 'hot' }, ['active', 'active']],
  ])('%s %j goes %j', async (action, attributes, states) => {
    expect(await afterAction(action, attributes as Attributes)).toEqual(states);
  });

  test('start leads from inactive and from suspended to active', async () => {
    expect(await afterAction('start', {}, ['stop'])).toEqual(['waiting', 'active']);
    expect(await afterAction('start', {}, ['suspend'])).toEqual(['waiting', 'active']);
  });

  test('save leaves an inactive compute inactive', async () => {
    expect(await afterAction('save', {}, ['stop'])).toEqual(['inactive', 'inactive']);
    expect(await afterAction('save', { method: 'deferred' }, ['stop'])).toEqual(['waiting', 'inactive']);
  });

  test('in the wrong state is a conflict that names the state, the action and the possible actions', async () => {
    const adapter = startCloud().adapter();
    const { id } = await make(adapter, 'compute');
    await kindOf(adapter, 'compute').act!(id, 'stop' as never, {});
    expect(await fails(kindOf(adapter, 'compute').act!(id, 'suspend' as never, {}), 'conflict')).toBe(
      'The compute is inactive, so the action suspend does not apply; what it can do is start, save.',
    );
  });

  test('takes time on storages and networks as well', async () => {
    const cloud = startCloud({ settings: { actionDelay: 10 } });
    const adapter = cloud.adapter();
    const [storage, network] = [await make(adapter, 'storage'), await make(adapter, 'network')];
    expect(storage.attributes['occi.storage.state']).toBe('online');
    expect(network.attributes['occi.network.state']).toBe('active');
    await kindOf(adapter, 'storage').act!(storage.id, 'offline' as never, {});
    await kindOf(adapter, 'network').act!(network.id, 'down' as never, {});
    const states = async () => [
      (await kindOf(adapter, 'storage').get(storage.id)).attributes['occi.storage.state'],
      (await kindOf(adapter, 'network').get(network.id)).attributes['occi.network.state'],
    ];
    expect(await states()).toEqual(['waiting', 'waiting']);
    const compute = await make(adapter, 'compute');
    expect(await fails(attach(adapter, compute, end(storage)), 'conflict')).toContain('waiting');
    cloud.pass(10);
    expect(await states()).toEqual(['offline', 'inactive']);
  });
});
