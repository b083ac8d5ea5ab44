import { describe, expect, test } from '@jest/globals';
import { fails } from '../../contract/adapter.ts';
import { attach, end, kindOf, make, NO_CHANGE, startCloud } from './cloud.ts';

const SIZE = 'occi.storage.size';
const titles = (items: readonly { readonly attributes: Readonly<Record<string, unknown>> }[]) =>
  items.map(({ attributes }) => attributes['occi.core.title']);

describe('a storage', () => {
  test('grows by action and by update, and never shrinks', async () => {
    const adapter = startCloud().adapter();
    const storages = kindOf(adapter, 'storage');
    const { id } = await make(adapter, 'storage', { [SIZE]: 10 });
    await storages.act!(id, 'resize' as never, { size: 12.5 });
    expect((await storages.get(id)).attributes[SIZE]).toBe(12.5);
    expect((await storages.update!(id, { ...NO_CHANGE, set: { [SIZE]: 20 } })).attributes[SIZE]).toBe(20);
    expect(await fails(storages.act!(id, 'resize' as never, { size: 1 }), 'conflict')).toContain('20 GiB');
    await fails(storages.update!(id, { ...NO_CHANGE, set: { [SIZE]: 19.99 } }), 'conflict');
    expect((await storages.update!(id, { ...NO_CHANGE, unset: [SIZE] })).attributes[SIZE]).toBe(20);
  });

  test('is waiting while it grows, if that takes time', async () => {
    const cloud = startCloud({ settings: { actionDelay: 5 } });
    const storages = kindOf(cloud.adapter(), 'storage');
    const { id } = await make(cloud.adapter(), 'storage');
    const { attributes } = await storages.update!(id, { ...NO_CHANGE, set: { [SIZE]: 2 } });
    expect(attributes).toMatchObject({ 'occi.storage.state': 'waiting', 'occi.storage.state.message': 'Growing.' });
    await fails(storages.act!(id, 'resize' as never, { size: 3 }), 'conflict');
    cloud.pass(5);
    expect((await storages.get(id)).attributes).toMatchObject({ [SIZE]: 2, 'occi.storage.state': 'online' });
  });

  test('is copied by backup and snapshot', async () => {
    const adapter = startCloud().adapter();
    const storages = kindOf(adapter, 'storage');
    const { id } = await make(adapter, 'storage', { [SIZE]: 7, 'occi.core.title': 'data' });
    await storages.act!(id, 'backup' as never, {});
    await storages.act!(id, 'snapshot' as never, {});
    const { items } = await storages.list({});
    expect(titles(items).sort()).toEqual(['Backup of data', 'Snapshot of data', 'data']);
    for (const { attributes } of items) expect(attributes).toMatchObject({ [SIZE]: 7, 'occi.storage.state': 'online' });
  });

  test('is attached to one compute at a time', async () => {
    const adapter = startCloud().adapter();
    const [one, two] = [await make(adapter, 'compute'), await make(adapter, 'compute')];
    const storage = await make(adapter, 'storage');
    const link = await attach(adapter, one, end(storage));
    expect(await fails(attach(adapter, two, end(storage)), 'conflict')).toContain('storage');
    await fails(attach(adapter, one, end(storage)), 'conflict');
    await kindOf(adapter, 'storagelink').remove!(link.id);
    expect((await attach(adapter, two, end(storage))).source).toEqual(end(two));
    await kindOf(adapter, 'compute').remove!(two.id);
    await attach(adapter, one, end(storage));
  });

  test('is attached to exactly one compute when many ask at once', async () => {
    const adapter = startCloud().adapter();
    const storage = await make(adapter, 'storage');
    const computes = await Promise.all(Array.from({ length: 8 }, () => make(adapter, 'compute')));
    const tries = await Promise.allSettled(computes.map((compute) => attach(adapter, compute, end(storage))));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await kindOf(adapter, 'storagelink').ids({})).items).toHaveLength(1);
  });

  test('cannot be attached while offline, nor go offline or be removed while attached', async () => {
    const adapter = startCloud().adapter();
    const storages = kindOf(adapter, 'storage');
    const [compute, storage] = [await make(adapter, 'compute'), await make(adapter, 'storage')];
    await storages.act!(storage.id, 'offline' as never, {});
    expect(await fails(attach(adapter, compute, end(storage)), 'conflict')).toContain('offline');
    await storages.act!(storage.id, 'online' as never, {});
    await attach(adapter, compute, end(storage));
    expect(await fails(storages.act!(storage.id, 'offline' as never, {}), 'conflict')).toContain('1 link');
    expect(await fails(storages.remove!(storage.id), 'conflict')).toContain('1 link');
    expect((await storages.get(storage.id)).attributes['occi.storage.state']).toBe('online');
  });
});

describe('a storage link', () => {
  const DEVICE = 'occi.storagelink.deviceid';
  const MOUNT = 'occi.storagelink.mountpoint';

  test('gets the device that the client asks for, or the next free one', async () => {
    const adapter = startCloud().adapter();
    const compute = await make(adapter, 'compute');
    const disk = async (device?: string) =>
      attach(adapter, compute, end(await make(adapter, 'storage')), device === undefined ? {} : { [DEVICE]: device });
    expect((await disk('/dev/vdc')).attributes[DEVICE]).toBe('/dev/vdc');
    expect((await disk()).attributes[DEVICE]).toBe('/dev/vdb');
    expect((await disk()).attributes[DEVICE]).toBe('/dev/vdd');
    expect(await fails(disk('/dev/vdb'), 'conflict')).toContain('/dev/vdb');
    const last = await Promise.all(Array.from({ length: 23 }, () => disk()));
    expect(last.map(({ attributes }) => attributes[DEVICE])).toEqual(expect.arrayContaining(['/dev/vdz', '/dev/vdaa']));
    const { links = [] } = await kindOf(adapter, 'compute').get(compute.id);
    expect(new Set(links.map(({ attributes }) => attributes[DEVICE])).size).toBe(26);
  });

  test('is a new link when its slot is reused', async () => {
    const adapter = startCloud().adapter();
    const compute = await make(adapter, 'compute');
    const first = await attach(adapter, compute, end(await make(adapter, 'storage')));
    await kindOf(adapter, 'storagelink').remove!(first.id);
    const second = await attach(adapter, compute, end(await make(adapter, 'storage')));
    expect(second.attributes[DEVICE]).toBe(first.attributes[DEVICE]);
    expect(second.id).not.toBe(first.id);
  });

  test('can change its mount point at any time, but its device only while the compute is stopped', async () => {
    const adapter = startCloud().adapter();
    const compute = await make(adapter, 'compute');
    const links = kindOf(adapter, 'storagelink');
    const { id } = await attach(adapter, compute, end(await make(adapter, 'storage')), { [MOUNT]: '/a' });
    await attach(adapter, compute, end(await make(adapter, 'storage')));
    const update = (set: Record<string, string>, unset: string[] = []) =>
      links.update!(id, { ...NO_CHANGE, set, unset });
    expect((await update({ [MOUNT]: '/b' })).attributes).toMatchObject({ [MOUNT]: '/b', [DEVICE]: '/dev/vdb' });
    expect((await update({}, [MOUNT, DEVICE])).attributes[DEVICE]).toBe('/dev/vdb');
    await fails(update({ [DEVICE]: '/dev/sda' }), 'conflict');
    await kindOf(adapter, 'compute').act!(compute.id, 'stop' as never, {});
    await fails(update({ [DEVICE]: '/dev/vdc' }), 'conflict');
    expect((await update({ [DEVICE]: '/dev/sda' })).attributes[DEVICE]).toBe('/dev/sda');
  });
});
