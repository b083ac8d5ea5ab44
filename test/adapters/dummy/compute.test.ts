import { describe, expect, test } from '@jest/globals';
import type { Adapter } from '../../../lib/adapter/contract.ts';
import { CRTP_TEMPLATES, MIXINS } from '../../../lib/occi/mixins/index.ts';
import { typeId } from '../../../lib/occi/types.ts';
import { memoryTable } from '../../../lib/table/memory.ts';
import { fails } from '../../contract/adapter.ts';
import { attach, counted, end, kindOf, linkTo, make, NO_CHANGE, startCloud } from './cloud.ts';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ anne@example.org';
const [SMALL, , LARGE] = CRTP_TEMPLATES;

const mixinNamed = async (adapter: Adapter, term: string) =>
  (await adapter.catalogue()).mixins.find((mixin) => mixin.term === term)!;

describe('creating a compute', () => {
  test('fills in defaults', async () => {
    const { id, attributes } = await make(startCloud().adapter(), 'compute');
    expect(id).toMatch(/^c-[0-9a-f]{16}$/);
    expect(attributes).toEqual({
      'occi.compute.architecture': 'x64',
      'occi.compute.cores': 1,
      'occi.compute.memory': 1,
      'occi.compute.hostname': id,
      'occi.compute.state': 'active',
    });
  });

  test.each([
    ['Web Server #1', 'web-server-1'],
    ['db.example.org', 'db.example.org'],
    ['-._ -', ''],
    ['ÄÖÜ', ''],
    ['x'.repeat(200), 'x'.repeat(63)],
  ])('makes a host name of the title %j', async (title, hostname) => {
    const { id, attributes } = await make(startCloud().adapter(), 'compute', { 'occi.core.title': title });
    expect(attributes['occi.compute.hostname']).toBe(hostname || id);
    expect(attributes['occi.core.title']).toBe(title);
  });

  test('keeps all attributes except the summary unchanged, and the mixins', async () => {
    const adapter = startCloud().adapter();
    const said = {
      'occi.core.title': 'a "title", with all; sorts',
      'occi.compute.architecture': 'x86',
      'occi.compute.cores': 3,
      'occi.compute.memory': 0.125,
      'occi.compute.share': 7,
      'occi.compute.speed': 2.667,
      'occi.compute.hostname': 'Host.Example.ORG',
      'occi.credentials.ssh.publickey': KEY,
      'occi.compute.userdata': '#!/bin/sh\necho "ä, b; c"\n',
    } as const;
    const mixins = [
      await mixinNamed(adapter, 'rocky9'),
      await mixinNamed(adapter, 'zone-b'),
      MIXINS.ssh_key,
      MIXINS.user_data,
    ];
    const draft = { ...said, 'occi.core.summary': 'not kept' };
    const { id } = await make(adapter, 'compute', draft, { mixins });
    const made = await kindOf(adapter, 'compute').get(id);
    expect(made.attributes).toEqual({ ...said, 'occi.compute.state': 'active' });
    expect(made.mixins).toEqual(mixins.map(typeId));
    expect(kindOf(adapter, 'compute').cannotHold).toEqual(['occi.core.summary']);
  });

  test('costs one write and no read', async () => {
    const { table, calls } = counted(memoryTable());
    const adapter = startCloud({ table }).adapter();
    const { id } = await make(adapter, 'compute');
    expect(calls.splice(0)).toEqual(['put']);
    await kindOf(adapter, 'compute').get(id);
    expect(calls.splice(0)).toEqual(['get']);
    await kindOf(adapter, 'compute').ids({});
    await kindOf(adapter, 'compute').list({});
    expect(calls).toEqual(['queryKeys', 'query']);
  });

  test('takes a key or user data in one form, or in both with the same meaning', async () => {
    const adapter = startCloud().adapter();
    const script = '#!/bin/sh\ntrue\n';
    const base64 = Buffer.from(script).toString('base64');
    const same = {
      'occi.credentials.ssh.publickey': KEY,
      'org.openstack.credentials.publickey.data': KEY,
      'occi.compute.userdata': script,
      'org.openstack.compute.user_data': base64,
    };
    expect((await make(adapter, 'compute', same)).attributes).toMatchObject(same);
    const sentence = await fails(
      make(adapter, 'compute', { ...same, 'occi.credentials.ssh.publickey': KEY.replace('AAAAIJ ', 'AAAAIK ') }),
      'conflict',
    );
    expect(sentence).toContain('public key');
    await fails(make(adapter, 'compute', { ...same, 'occi.compute.userdata': 'other' }), 'conflict');
    expect((await kindOf(adapter, 'compute').ids({})).items).toHaveLength(1);
  });
});

describe('updating a compute', () => {
  test('sets and removes attributes, and falls back to the defaults', async () => {
    const adapter = startCloud().adapter();
    const { id } = await make(adapter, 'compute', {
      'occi.compute.cores': 4,
      'occi.compute.share': 2,
      'occi.core.title': 'a',
    });
    const update = kindOf(adapter, 'compute').update!;
    const { attributes } = await update(id, {
      ...NO_CHANGE,
      set: { 'occi.compute.memory': 8, 'occi.core.title': 'b' },
      unset: ['occi.compute.cores', 'occi.compute.share'],
    });
    expect(attributes).toMatchObject({ 'occi.compute.cores': 1, 'occi.compute.memory': 8, 'occi.core.title': 'b' });
    expect(attributes).not.toHaveProperty('occi.compute.share');
    expect((await kindOf(adapter, 'compute').get(id)).attributes).toEqual(attributes);
  });

  test('replaces the old template with the new one, whose sizes override the client’s (INF-16)', async () => {
    const adapter = startCloud().adapter();
    const { id } = await make(
      adapter,
      'compute',
      { 'occi.compute.ephemeral_storage.size': 10 },
      { mixins: [SMALL, await mixinNamed(adapter, 'debian12')] },
    );
    const { attributes, mixins } = await kindOf(adapter, 'compute').update!(id, {
      ...NO_CHANGE,
      set: { 'occi.compute.cores': 99 },
      addMixins: [LARGE],
    });
    expect(mixins).toEqual(['http://dummy.example.org/occi/infrastructure/os_tpl#debian12', typeId(LARGE)]);
    expect(attributes).toMatchObject({
      'occi.compute.cores': 4,
      'occi.compute.memory': 4,
      'occi.compute.ephemeral_storage.size': 40,
    });
  });

  test('removes the attributes of a mixin along with it', async () => {
    const adapter = startCloud().adapter();
    const { id } = await make(
      adapter,
      'compute',
      { 'occi.credentials.ssh.publickey': KEY },
      { mixins: [MIXINS.ssh_key, SMALL] },
    );
    const changed = await kindOf(adapter, 'compute').update!(id, {
      ...NO_CHANGE,
      removeMixins: [typeId(MIXINS.ssh_key), typeId(SMALL)],
    });
    expect(changed.mixins).toEqual([]);
    expect(changed.attributes).not.toHaveProperty('occi.credentials.ssh.publickey');
    expect(changed.attributes['occi.compute.cores']).toBe(1);
  });

  test('loses no concurrent change', async () => {
    const adapter = startCloud().adapter();
    const { id } = await make(adapter, 'compute');
    const names = ['share', 'speed', 'cores', 'memory', 'hostname'] as const;
    const values = { share: 5, speed: 2, cores: 8, memory: 16, hostname: 'h' } as const;
    await Promise.all([
      ...names.map((name) =>
        kindOf(adapter, 'compute').update!(id, { ...NO_CHANGE, set: { [`occi.compute.${name}`]: values[name] } }),
      ),
      ...Array.from({ length: 10 }, (_, i) =>
        kindOf(adapter, 'compute').update!(id, { ...NO_CHANGE, set: { [`org.example.tag${i}`]: i } }),
      ),
    ]);
    const { attributes } = await kindOf(adapter, 'compute').get(id);
    for (const name of names) expect(attributes[`occi.compute.${name}`]).toBe(values[name]);
    for (let i = 0; i < 10; i++) expect(attributes[`org.example.tag${i}`]).toBe(i);
  });
});

describe('save', () => {
  test('makes a template whose term and title clients can read', async () => {
    const adapter = startCloud().adapter();
    const { id } = await make(adapter, 'compute', { 'occi.core.title': 'My VM' });
    const act = kindOf(adapter, 'compute').act!;
    const { mixin } = await act(id, 'save' as never, { name: 'Web, v1.0; "final"' });
    expect(mixin).toEqual({
      scheme: 'http://dummy.example.org/occi/infrastructure/os_tpl#',
      term: expect.stringMatching(/^web-v1-0-final-[0-9a-f]{6}$/),
      title: 'Web v1.0 final',
      depends: [typeId(MIXINS.os_tpl)],
      applies: MIXINS.os_tpl.applies,
      location: `/mixin/os_tpl/${mixin!.term}/`,
    });
    expect((await act(id, 'save' as never, {})).mixin).toMatchObject({ title: 'My VM' });
    expect((await act(id, 'save' as never, { name: '42 ÄÖ' })).mixin!.term).toMatch(/^saved-[0-9a-f]{6}$/);
    const names = await Promise.all([1, 2].map(() => act(id, 'save' as never, { name: 'twice' })));
    expect(new Set(names.map(({ mixin: saved }) => saved!.term)).size).toBe(2);
    const terms = (await adapter.catalogue()).mixins.map(({ term }) => term);
    expect(terms).toEqual(expect.arrayContaining([mixin!.term]));
    expect(new Set(terms).size).toBe(terms.length);
  });

  test('makes a template that only its tenant sees, and that outlives the compute and the process', async () => {
    const cloud = startCloud();
    const { id } = await make(cloud.adapter(), 'compute');
    const { mixin } = await kindOf(cloud.adapter(), 'compute').act!(id, 'save' as never, { name: 'kept' });
    await kindOf(cloud.adapter(), 'compute').remove!(id);
    expect((await cloud.restarted().adapter().catalogue()).mixins).toContainEqual(mixin);
    expect((await cloud.adapter('bob').catalogue()).mixins).not.toContainEqual(mixin);
  });
});

describe('inline links', () => {
  test('are listed in the order of the request, each in a slot of its own', async () => {
    const adapter = startCloud().adapter();
    const [one, two] = [await make(adapter, 'storage'), await make(adapter, 'storage')];
    const links = [
      linkTo(end(one)),
      linkTo({ kind: 'network', id: 'n-public' }),
      linkTo(end(two), { attributes: { 'occi.storagelink.mountpoint': '/mnt/two' } }),
      linkTo({ kind: 'network', id: 'n-private' }),
      linkTo({ kind: 'securitygroup', id: 'g-default' }),
    ];
    const { id, links: made = [] } = await make(adapter, 'compute', {}, { links });
    expect(made.map((link) => link.id)).toEqual([
      `${id}:disk1:${one.id}`,
      `${id}:nic0:n-public`,
      `${id}:disk2:${two.id}`,
      `${id}:nic1:n-private`,
      `${id}:group:g-default`,
    ]);
    expect(made[2]!.attributes).toMatchObject({
      'occi.storagelink.deviceid': '/dev/vdc',
      'occi.storagelink.mountpoint': '/mnt/two',
    });
    expect(made[3]!.attributes['occi.networkinterface.interface']).toBe('eth1');
    expect(made[4]!.attributes['occi.securitygrouplink.state']).toBe('active');
  });

  test('leave nothing behind when they cannot be made', async () => {
    const cloud = startCloud({
      settings: { networks: [{ term: 'tiny', title: 'tiny', address: '10.9.0.0/30', gateway: '10.9.0.1' }] },
    });
    const adapter = cloud.adapter();
    const [storage, group] = [await make(adapter, 'storage'), await make(adapter, 'securitygroup')];
    const tiny = { kind: 'network', id: 'n-tiny' } as const;
    const links = [linkTo(end(storage)), linkTo(end(group)), linkTo(tiny), linkTo(tiny)];
    expect(await fails(make(adapter, 'compute', {}, { links }), 'conflict')).toContain('n-tiny');
    expect((await kindOf(adapter, 'compute').ids({})).items).toEqual([]);
    const compute = await make(adapter, 'compute', {}, { links: links.slice(0, 3) });
    expect(compute.links).toHaveLength(3);
    await kindOf(adapter, 'compute').remove!(compute.id);
    await kindOf(adapter, 'storage').remove!(storage.id);
    await kindOf(adapter, 'securitygroup').remove!(group.id);
  });

  test('conflict when two have the same storage, group or address', async () => {
    const adapter = startCloud().adapter();
    const storage = await make(adapter, 'storage');
    const address = { attributes: { 'occi.networkinterface.address': '198.51.100.9' } };
    for (const link of [
      linkTo(end(storage)),
      linkTo({ kind: 'securitygroup', id: 'g-default' }),
      linkTo({ kind: 'network', id: 'n-public' }, address),
    ]) {
      await fails(make(adapter, 'compute', {}, { links: [link, link] }), 'conflict');
      await make(adapter, 'compute', {}, { links: [link] });
    }
  });

  test('are made once when the create is retried with the same token', async () => {
    const cloud = startCloud();
    const adapter = cloud.adapter();
    const storage = await make(adapter, 'storage');
    const links = [linkTo(end(storage)), linkTo({ kind: 'network', id: 'n-private' })];
    const [one, two] = await Promise.all([1, 2].map(() => make(adapter, 'compute', {}, { links }, 'the same')));
    expect(one).toEqual(two);
    const next = await attach(adapter, await make(adapter, 'compute'), { kind: 'network', id: 'n-private' });
    expect(next.attributes['occi.networkinterface.address']).toBe('10.0.0.3');
    await kindOf(adapter, 'networkinterface').remove!(next.id);
    await kindOf(adapter, 'compute').remove!(one!.id);
    const fresh = await make(adapter, 'compute', {}, { links });
    expect(fresh.links![1]!.attributes['occi.networkinterface.address']).toBe('10.0.0.2');
  });
});
