import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { readAnswer } from '../../../../adapters/opennebula/api/answer.ts';
import { readDocument } from '../../../../adapters/opennebula/api/document.ts';
import { OneRefusal, tupleResult } from '../../../../adapters/opennebula/api/xml-rpc.ts';
import { type Vm, vm, vmPool } from '../../../../adapters/opennebula/native/index.ts';
import { storage } from '../../../../adapters/opennebula/storage/storage.ts';
import { diskOf, storagelink, toStoragelinks } from '../../../../adapters/opennebula/storage/storagelink.ts';
import type { Change, Draft, LinkDraft } from '../../../../lib/adapter/contract.ts';
import { OcciError } from '../../../../lib/errors.ts';
import { KINDS } from '../../../../lib/occi/kinds/index.ts';
import type { AttributeDefinition, Attributes } from '../../../../lib/occi/types.ts';
import { checkedValue } from '../../../../lib/occi/validate.ts';
import { fails } from '../../../contract/adapter.ts';
import { type OpenNebula, startOpenNebula } from '../../../oned/index.ts';
import { callerOf } from '../caller.ts';
import { bytesOf, recordings } from '../recordings.ts';

const DEVICE = 'occi.storagelink.deviceid';

let one: OpenNebula;
beforeEach(async () => {
  one = await startOpenNebula({ step: 1 });
});
afterEach(() => one.close());

const at = (options: Parameters<typeof callerOf>[1] = {}) => {
  const cloud = callerOf(one.endpoint, { ...options, configured: { datastore: 100 } });
  const kind = storagelink(cloud);
  return {
    cloud,
    get: kind.get,
    ids: kind.ids,
    list: kind.list,
    create: kind.create!,
    update: kind.update!,
    remove: kind.remove!,
    findByToken: kind.findByToken!,
  };
};

/** A machine of alice's without disks. */
async function machine(state = 'RUNNING'): Promise<string> {
  const { client } = at().cloud;
  const id = await client.call('one.vm.allocate', ['<T><CPU>1</CPU><MEMORY>64</MEMORY></T>', false], z.int());
  one.site.steps.settle();
  one.put(id, state);
  return String(id);
}

let made = 0;
async function disk(): Promise<string> {
  const attributes = { 'occi.storage.size': 1 };
  const draft: Draft<'storage'> = { kind: 'storage', attributes, mixins: [], links: [] };
  const { id } = await storage(at().cloud).create!(draft, `disk ${made++}`);
  one.site.steps.settle();
  return id;
}

const between = (compute: string, image: string, attributes: Attributes = {}): Draft<'storagelink'> =>
  ({
    kind: 'storagelink',
    attributes,
    mixins: [],
    links: [],
    source: { kind: 'compute', id: compute },
    target: { kind: 'storage', id: image },
  }) as Draft<'storagelink'>;

const change = (set: Attributes): Change<'storagelink'> =>
  ({ set, unset: [], addMixins: [], removeMixins: [] }) as Change<'storagelink'>;

describe('A recorded machine', () => {
  const of = (name: string): Vm[] => {
    const value = tupleResult(readAnswer(bytesOf(name)));
    if (value instanceof OneRefusal) return [];
    const document = readDocument(value as string);
    return name.startsWith('one.vmpool') ? vmPool.parse(document) : [vm.parse(document)];
  };
  const recorded = recordings(/^one\.(vm\.info|vmpool\.infoextended)--/)
    .flatMap((name) => of(name).map((native) => [name, native] as const))
    .filter(([, { STATE }]) => STATE !== 6);

  test.each(recorded)('%s has links that the tables allow', (_name, native) => {
    const definitions: Readonly<Record<string, AttributeDefinition>> = KINDS.storagelink.attributes;
    const links = toStoragelinks(native);
    for (const { attributes } of links) {
      for (const [name, value] of Object.entries(attributes)) {
        expect([name, checkedValue(name, value, definitions[name]!)]).toEqual([name, value]);
      }
    }
    expect(new Set(links.map(({ id }) => id)).size).toBe(links.length);
  });

  test('with three disks has as many links as disks made of images', () => {
    const [native] = of('one.vm.info--with-3-disks');
    const links = toStoragelinks(native!);
    const images = native!.TEMPLATE.DISK.filter(({ IMAGE_ID }) => IMAGE_ID !== undefined);
    expect(links.map(({ target }) => target!.id)).toEqual(images.map(({ IMAGE_ID }) => String(IMAGE_ID)));
    expect(links[0]!.attributes[DEVICE]).toMatch(/^\/dev\/[a-z]+$/);
    expect(links[0]!.id).toBe(`${native!.ID}:disk${images[0]!.DISK_ID}:image${images[0]!.IMAGE_ID}`);
  });

  test('after an attach that failed has no link of it', () => {
    const [native] = of('one.vm.info--after-failed-attach');
    expect(toStoragelinks(native!).every(({ attributes }) => attributes['occi.storagelink.state'] !== 'waiting')).toBe(
      true,
    );
  });

  test('that runs has active links, one that does not has inactive ones', () => {
    const stateOf = (name: string) => of(name).flatMap(toStoragelinks)[0]!.attributes['occi.storagelink.state'];
    expect(stateOf('one.vm.info--state-3-3-running-web-1')).toBe('active');
    expect(stateOf('one.vm.info--state-8-0-poweroff')).toBe('inactive');
  });
});

describe('A disk on its way', () => {
  const history = (...actions: readonly number[]) => actions.map((ACTION, SEQ) => ({ SEQ, ACTION }));
  const hotplug = (LCM_STATE: number, actions: readonly number[]): Vm => {
    const document = readDocument(
      '<VM><ID>1</ID><UID>2</UID><GID>1</GID><NAME>a</NAME><STATE>3</STATE><LCM_STATE>17</LCM_STATE><TEMPLATE><DISK>' +
        '<DISK_ID>0</DISK_ID><IMAGE_ID>7</IMAGE_ID><ATTACH>YES</ATTACH></DISK></TEMPLATE><USER_TEMPLATE/></VM>',
    );
    return { ...vm.parse(document), LCM_STATE, HISTORY_RECORDS: { HISTORY: history(...actions) } };
  };

  // History as measured on 6.10: each request ends the record that goes on, and begins another with action 0.
  test.each([
    ['comes', 17, [21, 0]],
    ['comes after another has left', 17, [21, 22, 21, 0]],
    ['comes to a machine that is off', 33, [22, 20]],
    ['does something in a pool, which has the last record only', 17, [0]],
  ])('is a link that waits while it %s', (_what, state, actions) => {
    const [link] = toStoragelinks(hotplug(state, actions));
    expect(link!.attributes['occi.storagelink.state']).toBe('waiting');
  });

  test.each([
    ['leaves', 17, [21, 22, 0]],
    ['leaves a machine that is off', 34, [21, 20]],
  ])('is no link any more while it %s', (_what, state, actions) => {
    expect(toStoragelinks(hotplug(state, actions))).toEqual([]);
  });
});

describe('The disk of a link', () => {
  const link = (attributes: Attributes, target = { kind: 'storage', id: '7' }) =>
    ({ kind: 'storagelink', attributes, mixins: [], target }) as LinkDraft<'storagelink'>;

  test('has the image, and the device where one is asked for', () => {
    expect(diskOf(link({}))).toEqual({ IMAGE_ID: 7 });
    expect(diskOf(link({ [DEVICE]: '/dev/vdc' }))).toEqual({ IMAGE_ID: 7, TARGET: 'vdc' });
    expect(diskOf(link({ [DEVICE]: 'sda1' }))).toEqual({ IMAGE_ID: 7, TARGET: 'sda1' });
  });

  test.each(['/dev/', '/dev/disk/by-id/x', 'vd b', '../vdb', 'VDB', 'a]]>b', `vd${'b'.repeat(50)}`])(
    'is not at the device %j',
    (device) => {
      expect(() => diskOf(link({ [DEVICE]: device }))).toThrow(/occi\.storagelink\.deviceid/);
    },
  );

  test('is of a storage', () => {
    expect(() => diskOf(link({}, { kind: 'network', id: '1' }))).toThrow('not at a network');
    expect(() => diskOf(link({}, { kind: 'storage', id: 'x' }))).toThrow('no such storage');
  });
});

describe('Attaching', () => {
  test('costs two calls and shows the new disk, waiting', async () => {
    const [compute, image] = [await machine(), await disk()];
    one.site.steps.hold();
    const { create } = at();
    const before = one.methods.length;
    const link = await create(between(compute, image, { [DEVICE]: '/dev/vdq' }), 'token');
    expect(one.methods.slice(before)).toEqual(['one.vm.attach', 'one.vm.info']);
    expect(link).toMatchObject({
      id: expect.stringMatching(new RegExp(`^${compute}:disk0:image${image}:[0-9a-f]{12}$`)),
      source: { id: compute },
      target: { id: image },
    });
    expect(link.attributes).toMatchObject({ [DEVICE]: '/dev/vdq', 'occi.storagelink.state': 'waiting' });
    one.site.steps.settle();
    expect((await at().get(link.id)).attributes['occi.storagelink.state']).toBe('active');
  });

  test('works while the machine is off', async () => {
    const [compute, image] = [await machine('POWEROFF'), await disk()];
    const { id } = await at().create(between(compute, image), 'token');
    one.site.steps.settle();
    expect((await at().get(id)).attributes['occi.storagelink.state']).toBe('inactive');
  });

  test('two at once gives two slots, each its own', async () => {
    const [compute, first, second] = [await machine(), await disk(), await disk()];
    const { create, get } = at();
    const links = await Promise.all([create(between(compute, first), 'one'), create(between(compute, second), 'two')]);
    expect(links.map(({ target }) => target!.id)).toEqual([first, second]);
    expect(new Set(links.map(({ id }) => id.split(':')[1])).size).toBe(2);
    one.site.steps.settle();
    for (const { id, target } of links) expect((await get(id)).target).toEqual(target);
  });

  test('while another disk does not come to an end is a conflict that says when to come again', async () => {
    const [compute, first, second] = [await machine(), await disk(), await disk()];
    one.site.steps.hold();
    const { create } = at();
    await create(between(compute, first), 'one');
    const error = await create(between(compute, second), 'two').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OcciError);
    expect(error).toMatchObject({ failure: 'conflict', headers: { 'Retry-After': '2' } });
    expect((error as OcciError).message).toContain('HOTPLUG');
  });

  test('of the same token is done once, in this process and for another that looks', async () => {
    const [compute, image] = [await machine(), await disk()];
    const { create } = at();
    const first = await create(between(compute, image), 'token');
    expect((await create(between(compute, image), 'token')).id).toBe(first.id);
    expect((await at().findByToken('token'))?.id).toBe(first.id);
    expect(await at().findByToken('another')).toBeUndefined();
  });

  test('whose answer is lost is found again', async () => {
    const [compute, image] = [await machine(), await disk()];
    const { create, findByToken } = at();
    one.badDays.add({ kind: 'lost' }, { method: 'one.vm.attach', times: 1 });
    const error = await create(between(compute, image), 'token').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ unknownOutcome: true });
    expect(await findByToken('token')).toMatchObject({ target: { id: image } });
  });

  test('that fails leaves no link behind', async () => {
    const [compute, image] = [await machine(), await disk()];
    one.site.failNext('attachDisk', 'no such device');
    one.site.steps.hold();
    const link = await at().create(between(compute, image), 'token');
    one.site.steps.settle();
    await fails(at().get(link.id), 'notFound');
    expect((await at().ids({})).items).toEqual([]);
    expect(await at().findByToken('token')).toBeUndefined();
  });

  test('names the end that is not there or not to be used', async () => {
    const [compute, image] = [await machine(), await disk()];
    const { create } = at();
    expect(await fails(create(between(compute, '99999'), 'a'), 'invalid')).toContain('storage');
    expect(await fails(create(between('99999', image), 'b'), 'invalid')).toContain('compute');
    expect(await fails(create(between('no id', image), 'c'), 'invalid')).toContain('compute');
    const stranger = at({ session: 'bob:password' });
    const sentence = await fails(stranger.create(between(compute, '2'), 'd'), 'invalid');
    expect(sentence).toBe(await fails(stranger.create(between('99999', '2'), 'e'), 'invalid'));
  });

  test('to a machine that is gone, or does not run yet, says which', async () => {
    const image = await disk();
    const { cloud, create } = at();
    const template = '<T><CPU>1</CPU><MEMORY>64</MEMORY></T>';
    const pending = String(await cloud.client.call('one.vm.allocate', [template, true], z.int()));
    const gone = await machine('DONE');
    expect(await fails(create(between(gone, image), 'a'), 'invalid')).toContain('no such compute');
    expect(await fails(create(between(pending, image), 'b'), 'conflict')).toContain('waiting');
  });

  test('what is in use or offline is a conflict about the storage', async () => {
    const [compute, other, image] = [await machine(), await machine(), await disk()];
    const { cloud, create } = at();
    await create(between(compute, image), 'a');
    one.site.steps.settle();
    expect(await fails(create(between(other, image), 'b'), 'conflict')).toContain('storage');
    const off = await disk();
    await storage(cloud).act!(off, 'offline', {});
    expect(await fails(create(between(other, off), 'c'), 'conflict')).toMatch(/storage.*DISABLED/);
  });
});

describe('A link', () => {
  const attached = async () => {
    const [compute, image] = [await machine(), await disk()];
    const link = await at().create(between(compute, image), `link ${made++}`);
    one.site.steps.settle();
    return link;
  };

  test.each(['RUNNING', 'POWEROFF'])(
    'that is detached is gone at once, while its machine, which is %s, still lets go of the disk',
    async (state) => {
      const { id, source } = await attached();
      one.put(Number(source!.id), state);
      const { get, remove } = at();
      one.site.steps.hold();
      await remove(id);
      expect(one.site.vms.must(Number(source!.id)).disks()).toHaveLength(1);
      await fails(get(id), 'notFound');
      await fails(remove(id), 'notFound');
    },
  );

  test('waits with its end for its own beginning', async () => {
    const [compute, image] = [await machine(), await disk()];
    const { create, get, remove } = at();
    const { id } = await create(between(compute, image), 'token');
    await remove(id);
    await fails(get(id), 'notFound');
  });

  test('is another one when its slot has another image', async () => {
    const first = await attached();
    const { create, get, remove } = at();
    await remove(first.id);
    one.site.steps.settle();
    const second = await create(between(first.source!.id, await disk()), 'second');
    expect(second.id.split(':')[1]).toBe(first.id.split(':')[1]);
    await fails(get(first.id), 'notFound');
    await fails(remove(first.id), 'notFound');
  });

  test('keeps its device', async () => {
    const { id, attributes } = await attached();
    const { update } = at();
    const sentence = await fails(update(id, change({ [DEVICE]: '/dev/vdz' })), 'notImplemented');
    expect(sentence).toContain('device');
    expect((await update(id, change({ [DEVICE]: attributes[DEVICE]! }))).id).toBe(id);
  });

  test('of another looks as if it were not there', async () => {
    const { id } = await attached();
    const stranger = at({ session: 'bob:password' });
    const sentences = [
      await fails(stranger.get(id), 'notFound'),
      await fails(stranger.remove(id), 'notFound'),
      await fails(stranger.get('99999:disk0:image0'), 'notFound'),
      await fails(stranger.get('no id'), 'notFound'),
    ];
    expect(new Set(sentences).size).toBe(1);
    expect((await stranger.list({})).items).toEqual([]);
  });

  test('is read with one call, alone or in a page', async () => {
    const { id } = await attached();
    const { get, list, cloud } = at();
    await cloud.verdict();
    const before = one.calls();
    await get(id);
    await list({});
    expect(one.calls() - before).toBe(2);
  });
});
