import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { readAnswer } from '../../../../adapters/opennebula/api/answer.ts';
import { readDocument } from '../../../../adapters/opennebula/api/document.ts';
import { OneRefusal, tupleResult } from '../../../../adapters/opennebula/api/xml-rpc.ts';
import { datastorePool, type Image, image, imagePool } from '../../../../adapters/opennebula/native/index.ts';
import { megabytes, toStorage } from '../../../../adapters/opennebula/storage/reads.ts';
import { storage } from '../../../../adapters/opennebula/storage/storage.ts';
import type { Change, Draft } from '../../../../lib/adapter/contract.ts';
import { Tokens } from '../../../../lib/adapter/tokens.ts';
import { KINDS } from '../../../../lib/occi/kinds/index.ts';
import type { AttributeDefinition, Attributes } from '../../../../lib/occi/types.ts';
import { checkedValue } from '../../../../lib/occi/validate.ts';
import { fails } from '../../../contract/adapter.ts';
import { type OpenNebula, startOpenNebula } from '../../../oned/index.ts';
import { callerOf } from '../caller.ts';
import { bytesOf, recordings } from '../recordings.ts';

let one: OpenNebula;
beforeEach(async () => {
  one = await startOpenNebula({ step: 1 });
});
afterEach(() => one.close());

const draft = (attributes: Attributes = {}): Draft<'storage'> =>
  ({
    kind: 'storage',
    attributes: { 'occi.storage.size': 1, ...attributes },
    mixins: [],
    links: [],
  }) as Draft<'storage'>;

const change = (set: Attributes, unset: readonly string[] = []): Change<'storage'> =>
  ({ set, unset, addMixins: [], removeMixins: [] }) as Change<'storage'>;

const at = (options: Parameters<typeof callerOf>[1] = {}) => {
  const cloud = callerOf(one.endpoint, { ...options, configured: { datastore: 100, ...options.configured } });
  const kind = storage(cloud);
  return {
    cloud,
    get: kind.get,
    list: kind.list,
    create: kind.create!,
    update: kind.update!,
    remove: kind.remove!,
    act: kind.act!,
    findByToken: kind.findByToken!,
    cannotHoldValue: kind.cannotHoldValue!,
  };
};

/** Names of the native calls that `doing` makes, without those that prove the caller. */
async function callsOf(doing: () => Promise<unknown>): Promise<string[]> {
  const before = one.methods.length;
  await doing();
  return one.methods.slice(before).filter((method) => method !== 'one.user.info');
}

const settled = async () => {
  one.site.steps.settle();
};

/** A machine of alice's that runs with the image on its disk 0. */
async function machineOver(id: string): Promise<number> {
  const { client } = at().cloud;
  const template = `<TEMPLATE><CPU>1</CPU><MEMORY>64</MEMORY><DISK><IMAGE_ID>${id}</IMAGE_ID></DISK></TEMPLATE>`;
  const vm = await client.call('one.vm.allocate', [template, false], z.int());
  await settled();
  one.put(vm, 'RUNNING');
  return vm;
}

describe('A recorded image', () => {
  const { cloud } = { cloud: callerOf('http://127.0.0.1:1/RPC2') };
  const verdict = { uid: 2, gid: 1, groups: [1], name: 'alice' };
  const of = (name: string): Image[] => {
    const value = tupleResult(readAnswer(bytesOf(name)));
    if (value instanceof OneRefusal) return [];
    const document = readDocument(value as string);
    return name.startsWith('one.imagepool') ? imagePool.parse(document) : [image.parse(document)];
  };
  const recorded = recordings(/^one\.image(pool)?\.info--/).flatMap((name) =>
    of(name).map((one) => [name, one] as const),
  );

  test.each(recorded)('%s is a storage that the tables allow', (_name, native) => {
    const definitions: Readonly<Record<string, AttributeDefinition>> = KINDS.storage.attributes;
    const { attributes } = toStorage(cloud, verdict, native);
    for (const [name, value] of Object.entries(attributes)) {
      expect([name, checkedValue(name, value, definitions[name]!)]).toEqual([name, value]);
    }
    expect(attributes['occi.storage.size']).toBe(native.SIZE / 1024);
  });

  test.each([
    ['ready-os', 'online'],
    ['ready-persistent', 'online'],
    ['state-2-used', 'online'],
    ['state-3-disabled', 'offline'],
    ['state-4-locked', 'waiting'],
    ['state-8-used_pers', 'online'],
    ['state-9-locked_used', 'waiting'],
    ['state-clone-source', 'online'],
    ['state-clone-target', 'waiting'],
  ])('%s is %s', (name, state) => {
    const [native] = of(`one.image.info--${name}`);
    expect(toStorage(cloud, verdict, native!).attributes['occi.storage.state']).toBe(state);
  });

  test('of another user is published', () => {
    const [native] = of('one.image.info--ready-os');
    expect(toStorage(cloud, verdict, { ...native!, UID: 0, GID: 0 }).published).toBe(true);
    expect(toStorage(cloud, verdict, { ...native!, UID: 2 }).published).toBeUndefined();
  });
});

describe('Storage that is made', () => {
  test('is a data block whose changes stay, in MB rounded up', async () => {
    const { cloud, create } = at();
    const made = await create(draft({ 'occi.storage.size': 1.3 }), 'token');
    const native = await cloud.client.call('one.image.info', [Number(made.id)], image);
    expect(native).toMatchObject({ TYPE: 2, PERSISTENT: 1, SIZE: 1332, DATASTORE_ID: 100 });
    expect(megabytes(0.001)).toBe(2);
  });

  test('costs two calls', async () => {
    const { create } = at();
    expect(await callsOf(() => create(draft(), 'token'))).toEqual(['one.image.allocate', 'one.image.info']);
  });

  test('lies in the first datastore for images, asked for once, where none is configured', async () => {
    const { create } = at({ configured: { datastore: undefined } });
    expect(await callsOf(() => create(draft(), 'one'))).toContain('one.datastorepool.info');
    expect(await callsOf(() => create(draft(), 'two'))).not.toContain('one.datastorepool.info');
  });

  test('that is the image datastore with the lowest id that the caller sees, as the setting’s description says', async () => {
    const { cloud, create } = at({ configured: { datastore: undefined } });
    const all = await cloud.client.call('one.datastorepool.info', [], datastorePool);
    const images = all.filter(({ TYPE }) => TYPE === 0).map(({ ID }) => ID);
    expect(all.length).toBeGreaterThan(images.length);
    expect(images.length).toBeGreaterThan(1);
    const made = await create(draft(), 'token');
    const { DATASTORE_ID } = await cloud.client.call('one.image.info', [Number(made.id)], image);
    expect(DATASTORE_ID).toBe(Math.min(...images));
  });

  test('is found by a second process with the same token', async () => {
    const title = draft({ 'occi.core.title': 'a disk' });
    const first = await at().create(title, 'token');
    const second = await at({ tokens: new Tokens() }).create(title, 'token');
    expect(second.id).toBe(first.id);
    expect(await at().findByToken('token')).toMatchObject({ id: first.id });
    expect(await at().findByToken('another')).toBeUndefined();
  });

  test('may have the title of another', async () => {
    const { create, get } = at();
    const titled = draft({ 'occi.core.title': 'data' });
    const [first, second] = [await create(titled, 'one'), await create(titled, 'two')];
    expect(first.id).not.toBe(second.id);
    for (const { id } of [first, second]) expect((await get(id)).attributes['occi.core.title']).toBe('data');
  });

  test.each(['two words, "quotes" \\', ']] [ # = $VMID', "a'b;c/d&e<f>g{h}", '  blanks  ', 'ÄÖ ß\t漢', '0'])(
    'keeps the title and summary %j',
    async (text) => {
      const { create, get, cannotHoldValue } = at();
      expect(cannotHoldValue('occi.core.title', text)).toBe(false);
      const { id } = await create(draft({ 'occi.core.title': text, 'occi.core.summary': text }), 'token');
      expect((await get(id)).attributes).toMatchObject({ 'occi.core.title': text, 'occi.core.summary': text });
    },
  );

  test('leaves to the store what OpenNebula would lose', () => {
    const { cannotHoldValue } = at();
    for (const text of ['a ]]> b', 'a\r\nb', '🙂', '']) {
      expect(cannotHoldValue('occi.core.title', text)).toBe(true);
      expect(cannotHoldValue('occi.core.summary', text)).toBe(true);
    }
    expect(cannotHoldValue('occi.storage.size', 1)).toBe(false);
  });
});

describe('A change', () => {
  test('of the title leaves all other attributes, and the token', async () => {
    const { cloud, create, update, findByToken } = at();
    const { id } = await create(draft({ 'occi.core.title': 'old', 'occi.core.summary': 'kept' }), 'token');
    await cloud.client.call('one.image.update', [Number(id), '<T><LABELS>mine</LABELS></T>', 1], z.int());
    const changed = await update(id, change({ 'occi.core.title': 'new' }));
    expect(changed.attributes).toMatchObject({ 'occi.core.title': 'new', 'occi.core.summary': 'kept' });
    const native = await cloud.client.call('one.image.info', [Number(id)], image);
    expect(native.TEMPLATE.LABELS).toBe('mine');
    expect(native.NAME).toMatch(/^new-/);
    expect((await findByToken('token'))?.id).toBe(id);
  });

  test('takes title and summary away', async () => {
    const { create, update, get } = at();
    const { id } = await create(draft({ 'occi.core.title': 'old', 'occi.core.summary': 'kept' }), 'token');
    await update(id, change({}, ['occi.core.title', 'occi.core.summary']));
    const { attributes } = await get(id);
    expect(attributes).not.toHaveProperty('occi.core.title');
    expect(attributes).not.toHaveProperty('occi.core.summary');
  });

  test('in OpenNebula itself is shown: a new name is the title', async () => {
    const { cloud, create, get, update } = at();
    const { id } = await create(draft({ 'occi.core.title': 'old' }), 'token');
    await cloud.client.call('one.image.rename', [Number(id), 'renamed there'], z.int());
    expect((await get(id)).attributes['occi.core.title']).toBe('renamed there');
    expect((await update(id, change({ 'occi.core.title': 'and here' }))).attributes['occi.core.title']).toBe(
      'and here',
    );
  });

  test('of what the provider published is forbidden, and nothing is tried', async () => {
    const { act, remove, update } = at();
    const calls = await callsOf(async () => {
      await fails(remove('0'), 'forbidden');
      await fails(update('0', change({ 'occi.core.title': 'mine' })), 'forbidden');
      await fails(act('0', 'offline', {}), 'forbidden');
    });
    expect(new Set(calls)).toEqual(new Set(['one.image.info']));
  });
});

describe('An action', () => {
  test('that would change nothing is refused before OpenNebula answers success', async () => {
    const { create, act, get } = at();
    const { id } = await create(draft(), 'token');
    await settled();
    const calls = await callsOf(async () => {
      expect(await fails(act(id, 'online', {}), 'conflict')).toMatch(/online.*the action online/);
    });
    expect(calls).not.toContain('one.image.enable');
    await act(id, 'offline', {});
    expect((await get(id)).attributes['occi.storage.state']).toBe('offline');
    expect(await fails(act(id, 'offline', {}), 'conflict')).toContain('offline');
  });

  test('backup makes a second storage, titled after the first', async () => {
    const { create, act, list } = at();
    const { id } = await create(draft({ 'occi.core.title': 'a disk' }), 'token');
    await settled();
    await act(id, 'backup', {});
    const own = (await list({})).items.filter(({ published }) => !published);
    expect(own.map(({ attributes }) => attributes['occi.core.title']).sort()).toEqual(['Backup of a disk', 'a disk']);
    await settled();
    await act(id, 'offline', {});
    expect(await fails(act(id, 'backup', {}), 'conflict')).toMatch(/offline.*backup/);
  });

  test.each(['snapshot', 'resize'] as const)('%s needs a machine that uses the storage', async (action) => {
    const { create, act } = at();
    const { id } = await create(draft(), 'token');
    await settled();
    expect(await fails(act(id, action, { size: 2 }), 'conflict')).toContain(action);
  });

  test('resize grows the storage through its machine, and never shrinks it', async () => {
    const { create, act, get, update } = at();
    const { id } = await create(draft(), 'token');
    await machineOver(id);
    await act(id, 'resize', { size: 2 });
    await settled();
    expect((await get(id)).attributes['occi.storage.size']).toBe(2);
    expect(await fails(act(id, 'resize', { size: 1 }), 'conflict')).toMatch(/2 GiB.*1 GiB/);
    expect(await callsOf(() => act(id, 'resize', { size: 2 }))).toEqual(['one.image.info']);
    await update(id, change({ 'occi.storage.size': 3 }));
    await settled();
    expect((await get(id)).attributes['occi.storage.size']).toBe(3);
  });

  test('snapshot is one of the disk that keeps its changes in the storage', async () => {
    const { create, act } = at();
    const { id } = await create(draft(), 'token');
    await machineOver(id);
    expect(await callsOf(() => act(id, 'snapshot', {}))).toEqual([
      'one.image.info',
      'one.vm.info',
      'one.vm.disksnapshotcreate',
    ]);
  });

  test('through a machine in a wrong state names state and action', async () => {
    const { create, act } = at();
    const { id } = await create(draft(), 'token');
    one.put(await machineOver(id), 'SUSPENDED');
    expect(await fails(act(id, 'resize', { size: 2 }), 'conflict')).toMatch(/resize.*SUSPENDED/);
  });
});

describe('Storage', () => {
  test('in use is neither deleted nor taken offline nor copied, and says how many use it', async () => {
    const { create, act, remove } = at();
    const { id } = await create(draft(), 'token');
    await machineOver(id);
    for (const refused of [() => remove(id), () => act(id, 'offline', {}), () => act(id, 'backup', {})]) {
      expect(await fails(refused(), 'conflict')).toContain('used by 1 compute');
    }
  });

  test('that is being made cannot be deleted yet', async () => {
    const { create, remove } = at();
    one.site.steps.hold();
    const { id } = await create(draft(), 'token');
    expect(await fails(remove(id), 'conflict')).toContain('locked');
  });

  test('whose deletion was accepted is gone', async () => {
    const { create, get, list, remove } = at();
    const { id } = await create(draft(), 'token');
    await settled();
    one.site.steps.hold();
    await remove(id);
    await fails(get(id), 'notFound');
    await fails(remove(id), 'notFound');
    expect((await list({})).items.map((native) => native.id)).not.toContain(id);
  });

  test('that is locked is a conflict, not a lack of rights', async () => {
    const { cloud, create, remove } = at();
    const { id } = await create(draft(), 'token');
    await settled();
    await cloud.client.call('one.image.lock', [Number(id), 2], z.int());
    expect(await fails(remove(id), 'conflict')).toContain('locked');
  });

  test.each([
    ['kernel', 3],
    ['context file', 5],
    ['backup', 6],
  ])('is no %s', async (_what, type) => {
    const { create, get, list, remove } = at();
    const { id } = await create(draft(), 'token');
    const native = one.site.images.must(Number(id));
    native.type = type;
    native.touch();
    await fails(get(id), 'notFound');
    await fails(remove(id), 'notFound');
    expect((await list({})).items.map((native) => native.id)).not.toContain(id);
  });

  test('of another looks as if it were not there', async () => {
    const { id } = await at().create(draft(), 'token');
    const stranger = at({ session: 'bob:password' });
    const sentences = [
      await fails(stranger.get(id), 'notFound'),
      await fails(stranger.get('99999'), 'notFound'),
      await fails(stranger.remove(id), 'notFound'),
      await fails(stranger.act(id, 'offline', {}), 'notFound'),
      await fails(stranger.get('no id'), 'notFound'),
    ];
    expect(new Set(sentences).size).toBe(1);
  });
});
