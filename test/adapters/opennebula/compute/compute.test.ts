/** Computes through OpenNebula: create, update, save and delete. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import type { Param } from '../../../../adapters/opennebula/api/client.ts';
import type { Cloud } from '../../../../adapters/opennebula/cloud.ts';
import { compute } from '../../../../adapters/opennebula/compute/compute.ts';
import { mixinId, readCatalogue } from '../../../../adapters/opennebula/mixins.ts';
import type { Native } from '../../../../lib/adapter/contract.ts';
import { CRTP_TEMPLATES, MIXINS } from '../../../../lib/occi/mixins/index.ts';
import { type Attributes, typeId } from '../../../../lib/occi/types.ts';
import { fails } from '../../../contract/adapter.ts';
import { type OpenNebula, startOpenNebula } from '../../../oned/index.ts';
import { callerOf } from '../caller.ts';
import { changeOf, computeDraft, linkTo, mixinOf, type Wanted } from '../drafts.ts';

const KEY = 'occi.credentials.ssh.publickey';
const OPENSTACK_KEY = 'org.openstack.credentials.publickey.data';
const KEY_NAME = 'org.openstack.credentials.publickey.name';
const DATA = 'occi.compute.userdata';
const OPENSTACK_DATA = 'org.openstack.compute.user_data';
const TITLE = 'occi.core.title';
const SUMMARY = 'occi.core.summary';
const STATE = 'occi.compute.state';

/** OS templates of the stand-in: one disk, one NIC, CONTEXT; two disks, two NICs, CONTEXT; nothing. */
const UBUNTU = mixinOf(mixinId('os_tpl', 0));
const DEBIAN = mixinOf(mixinId('os_tpl', 1));
const BARE = mixinOf(mixinId('os_tpl', 2));

let one: OpenNebula;
beforeEach(async () => {
  one = await startOpenNebula({ step: 1 });
});
afterEach(() => one.close());

const at = (options?: Parameters<typeof callerOf>[1]) => {
  const cloud = callerOf(one.endpoint, options);
  const { create, update, remove, act, findByToken, ...kind } = compute(cloud);
  return {
    ...kind,
    cloud,
    create: create!,
    update: update!,
    remove: remove!,
    act: act!,
    findByToken: findByToken!,
  };
};

let tokens = 0;
const make = (wanted: Wanted = {}): Promise<Native<'compute'>> =>
  at().create(computeDraft({ mixins: [UBUNTU], ...wanted }), `token ${tokens++}`);

const machineOf = ({ id }: Pick<Native, 'id'>) => one.site.vms.must(Number(id));
const contextOf = (native: Pick<Native, 'id'>): Readonly<Record<string, string>> =>
  Object.fromEntries(machineOf(native).template.vectors('CONTEXT')[0] ?? []);
const shownAs = async ({ id }: Pick<Native, 'id'>): Promise<Attributes> => (await at().get(id)).attributes;

/** A machine settled in a state. */
async function inState(state: string, wanted: Wanted = {}): Promise<Native<'compute'>> {
  const made = await make(wanted);
  one.site.steps.settle();
  one.put(Number(made.id), state);
  return made;
}

/** An administrator's call. */
const asAdministrator = <T>(method: string, params: readonly Param[], shape: z.ZodType<T>): Promise<T> =>
  callerOf(one.endpoint, { session: 'oneadmin:password' }).client.call(method, params, shape);

async function publishedTemplate(body: string): Promise<ReturnType<typeof mixinOf>> {
  const id = await asAdministrator('one.template.allocate', [body], z.int());
  await asAdministrator('one.template.chmod', [id, 1, 1, 0, 1, 0, 0, 1, 0, 0], z.int());
  return mixinOf(mixinId('os_tpl', id));
}

describe('CONTEXT of an OS template', () => {
  beforeEach(() => {
    one.site.users.must(2).template.set('SSH_PUBLIC_KEY', 'ssh-ed25519 AAAA alice');
  });

  test('stays as it is without key and user data', async () => {
    const made = await make({ attributes: { [TITLE]: 'plain' } });
    expect(contextOf(made)).toMatchObject({ NETWORK: 'YES', SSH_PUBLIC_KEY: 'ssh-ed25519 AAAA alice' });
    expect(contextOf(made)).toHaveProperty('ETH0_IP');
    expect(one.methods).not.toContain('one.template.info');
  });

  test('keeps the network beside a key, and the key of the user beside user data', async () => {
    const mixins = [UBUNTU, MIXINS.ssh_key];
    const keyed = await make({ mixins, attributes: { [KEY]: 'ssh-ed25519 BBBB bob' } });
    expect(contextOf(keyed)).toMatchObject({ NETWORK: 'YES', SSH_PUBLIC_KEY: 'ssh-ed25519 BBBB bob' });
    expect(contextOf(keyed).ETH0_IP).toMatch(/^10\.10\./);
    expect(keyed.attributes[KEY]).toBe('ssh-ed25519 BBBB bob');
    const withData = await make({ mixins: [UBUNTU, MIXINS.user_data], attributes: { [DATA]: 'echo' } });
    expect(contextOf(withData)).toMatchObject({
      NETWORK: 'YES',
      SSH_PUBLIC_KEY: 'ssh-ed25519 AAAA alice',
      USERDATA_ENCODING: 'base64',
    });
  });

  test('takes no key or host name in which oned would look for variables', async () => {
    for (const name of [KEY, OPENSTACK_KEY, 'occi.compute.hostname']) {
      const sentence = await fails(make({ attributes: { [name]: 'ssh-rsa AAAA $HOME' } }), 'invalid');
      expect(sentence).toContain(`${name} contains $`);
    }
    expect(one.site.vms.size).toBe(0);
  });

  test('is what a key is added to later, and taken from', async () => {
    const made = await inState('RUNNING', { mixins: [UBUNTU, MIXINS.ssh_key, MIXINS.user_data] });
    await at().update(made.id, changeOf({ set: { [KEY]: 'ssh-rsa CCCC', [DATA]: 'echo' } }));
    expect(contextOf(made)).toMatchObject({ NETWORK: 'YES', SSH_PUBLIC_KEY: 'ssh-rsa CCCC' });
    expect(await shownAs(made)).toMatchObject({ [KEY]: 'ssh-rsa CCCC', [DATA]: 'echo' });
    one.site.steps.settle();
    await at().update(made.id, changeOf({ unset: [DATA] }));
    one.site.steps.settle();
    expect(await shownAs(made)).not.toHaveProperty([DATA]);
    expect(contextOf(made)).toMatchObject({ USER_DATA: '', SSH_PUBLIC_KEY: 'ssh-rsa CCCC', NETWORK: 'YES' });
    await at().update(made.id, changeOf({ unset: [KEY] }));
    expect(await shownAs(made)).not.toHaveProperty([KEY]);
  });

  test('changes together with the size, one after the other', async () => {
    const made = await inState('RUNNING');
    const changed = await at().update(
      made.id,
      changeOf({ set: { 'occi.compute.hostname': 'web', 'occi.compute.cores': 2 } }),
    );
    expect(changed.attributes).toMatchObject({ 'occi.compute.hostname': 'web', 'occi.compute.cores': 2 });
  });

  test('that is not there cannot be added to later', async () => {
    const made = await inState('POWEROFF', { mixins: [BARE] });
    const set = { 'occi.compute.hostname': 'web', [TITLE]: 'another' };
    expect(await fails(at().update(made.id, changeOf({ set })), 'conflict')).toContain('contextualization');
    expect((await shownAs(made))[TITLE]).not.toBe('another');
  });
});

describe('User data', () => {
  const TEXT = '#cloud-config\npackages: [nginx] # $HOME "x" \\\n';
  const CODED = Buffer.from(TEXT).toString('base64');
  const both = [UBUNTU, MIXINS.user_data, MIXINS.openstack_user_data];

  test.each([
    ['as text', { [DATA]: TEXT }, { [DATA]: TEXT, [OPENSTACK_DATA]: CODED }],
    ['as base64', { [DATA]: CODED }, { [DATA]: CODED, [OPENSTACK_DATA]: CODED }],
    ['in OpenStack’s form', { [OPENSTACK_DATA]: CODED }, { [DATA]: CODED, [OPENSTACK_DATA]: CODED }],
    ['in both forms', { [DATA]: TEXT, [OPENSTACK_DATA]: CODED }, { [DATA]: TEXT, [OPENSTACK_DATA]: CODED }],
  ])('%s reaches the guest as base64 and comes back as it was sent', async (_how, sent, shown) => {
    const made = await make({ mixins: both, attributes: sent });
    expect(contextOf(made)).toMatchObject({ USER_DATA: CODED, USERDATA_ENCODING: 'base64' });
    expect(await shownAs(made)).toMatchObject(shown);
  });

  test('that is two different things is a conflict', async () => {
    const attributes = { [DATA]: TEXT, [OPENSTACK_DATA]: 'b3RoZXI=' };
    expect(await fails(make({ mixins: both, attributes }), 'conflict')).toContain(OPENSTACK_DATA);
  });

  test('that was text and is base64 now is shown as base64', async () => {
    const made = await inState('POWEROFF', { mixins: both, attributes: { [DATA]: TEXT } });
    await at().update(made.id, changeOf({ set: { [DATA]: 'b3RoZXI=' } }));
    expect((await shownAs(made))[DATA]).toBe('b3RoZXI=');
    await at().update(made.id, changeOf({ set: { [DATA]: 'other text' } }));
    expect((await shownAs(made))[DATA]).toBe('other text');
  });

  test('and keys have two forms, and a key a name that goes by itself', async () => {
    const mixins = [UBUNTU, MIXINS.ssh_key, MIXINS.public_key];
    const attributes = { [OPENSTACK_KEY]: 'ssh-rsa AAAA', [KEY_NAME]: 'laptop' };
    const made = await inState('POWEROFF', { mixins, attributes });
    expect(await shownAs(made)).toMatchObject({ ...attributes, [KEY]: 'ssh-rsa AAAA' });
    await at().update(made.id, changeOf({ unset: [KEY_NAME] }));
    const shown = await shownAs(made);
    expect([shown[KEY_NAME], shown[KEY]]).toEqual([undefined, 'ssh-rsa AAAA']);
  });
});

describe('Links of a draft', () => {
  const ends = ({ links = [] }: Native) => links.map(({ kind, target }) => `${kind} ${target!.id}`);

  test('are added to those of the OS template, and stand first, in their order', async () => {
    const links = [linkTo('storagelink', 2), linkTo('networkinterface', 1), linkTo('storagelink', 0)];
    const made = await make({ mixins: [DEBIAN], links });
    expect(ends(made).slice(0, 3)).toEqual(['storagelink 2', 'networkinterface 1', 'storagelink 0']);
    expect(ends(made).slice(3).sort()).toEqual([
      ...['networkinterface 0', 'networkinterface 1'],
      ...['securitygrouplink 0', 'storagelink 1'],
    ]);
    // Of the two interfaces to one network it is the one behind those of the template.
    expect(made.links![1]!.id).toMatch(/:nic2:net1$/);
    expect(machineOf(made).disks()).toHaveLength(4);
    expect(contextOf(made).ETH2_IP).toMatch(/^203\.0\.113\./);
  });

  test('that add no disk leave the disks of the template alone', async () => {
    const made = await make({ mixins: [DEBIAN], links: [linkTo('networkinterface', 1)] });
    expect([machineOf(made).disks().length, machineOf(made).nics().length]).toEqual([2, 3]);
  });

  test('are all that a machine without OS template has', async () => {
    const made = await make({ mixins: [], links: [linkTo('networkinterface', 1), linkTo('storagelink', 2)] });
    expect(ends(made)).toEqual(['networkinterface 1', 'storagelink 2', 'securitygrouplink 0']);
  });

  test('cannot name a MAC address', async () => {
    const links = [linkTo('networkinterface', 1, { 'occi.networkinterface.mac': '02:00:00:00:00:09' })];
    for (const mixins of [[UBUNTU], []]) {
      expect(await fails(make({ mixins, links }), 'forbidden')).toContain('occi.networkinterface.mac');
    }
  });

  test('that cannot be made take nothing', async () => {
    const links = [linkTo('networkinterface', 1), linkTo('storagelink', 999)];
    expect(await fails(make({ links }), 'invalid')).toContain('storage');
    expect([one.site.vms.size, one.site.networks.must(1).used]).toEqual([0, 0]);
  });
});

describe('A size', () => {
  const sized = (of: (typeof CRTP_TEMPLATES)[number]): Wanted => {
    const values = Object.entries(of.attributes).map(([name, { default: value }]) => [name, value]);
    return { mixins: [UBUNTU, of], attributes: Object.fromEntries(values) };
  };

  test('brings cores, memory and a disk that comes and goes with the machine', async () => {
    const made = await make(sized(CRTP_TEMPLATES[1]));
    expect(made.attributes).toMatchObject({
      'occi.compute.cores': 2,
      'occi.compute.memory': 2,
      'occi.compute.ephemeral_storage.size': 20,
    });
    expect(made.mixins).toContain(typeId(CRTP_TEMPLATES[1]));
    const disks = machineOf(made).disks();
    expect(disks.map((disk) => disk.get('IMAGE_ID') ?? disk.get('SIZE'))).toEqual(['0', '20480']);
    expect(made.links?.filter(({ kind }) => kind === 'storagelink')).toHaveLength(1);
  });

  test('of a machine that is off can change, and the template of it goes', async () => {
    const made = await inState('POWEROFF', sized(CRTP_TEMPLATES[0]));
    const set = { 'occi.compute.cores': 3, 'occi.compute.memory': 1.5 };
    expect((await at().update(made.id, changeOf({ set }))).attributes).toMatchObject(set);
    expect((await at().get(made.id)).mixins).toEqual([typeId(UBUNTU)]);
  });

  test('of one that is suspended is a conflict, and nothing else is changed', async () => {
    const made = await inState('SUSPENDED', { attributes: { [TITLE]: 'before' } });
    const set = { 'occi.compute.memory': 4, [TITLE]: 'after' };
    expect(await fails(at().update(made.id, changeOf({ set })), 'conflict')).toContain('SUSPENDED');
    expect(await shownAs(made)).toMatchObject({ [TITLE]: 'before', 'occi.compute.memory': 0.5 });
  });

  test('that it has already costs no call', async () => {
    const made = await inState('SUSPENDED');
    await at().update(made.id, changeOf({ set: { 'occi.compute.memory': 0.5, 'occi.compute.cores': 1 } }));
    expect(one.methods).not.toContain('one.vm.resize');
  });
});

describe('A title', () => {
  test.each([
    'plain',
    'two words, a comma',
    '"quotes" and \\',
    'ends in \\',
    '[brackets] ]] [[',
    "it's {a} #1 $HOME <b> & | ; : /",
    'Příliš žluťoučký',
    'x'.repeat(1000),
  ])('%j comes back as it was', async (title) => {
    const made = await inState('POWEROFF', { attributes: { [TITLE]: title } });
    expect((await shownAs(made))[TITLE]).toBe(title);
    const other = await inState('POWEROFF', { attributes: { [TITLE]: 'other' } });
    const changed = await at().update(other.id, changeOf({ set: { [TITLE]: title } }));
    expect(changed.attributes[TITLE]).toBe(title);
    const back = await at().update(other.id, changeOf({ unset: [TITLE] }));
    expect(back.attributes[TITLE]).toBeUndefined();
  });

  test('that OpenNebula cannot keep is for the store', () => {
    const { cannotHoldValue } = at();
    for (const title of ['😀', 'a]]>b', 'a\rb', '']) expect(cannotHoldValue!(TITLE, title)).toBe(true);
    expect(cannotHoldValue!(TITLE, '"\\[]')).toBe(false);
    expect(cannotHoldValue!(SUMMARY, '😀')).toBe(true);
    expect(cannotHoldValue!('occi.compute.hostname', '😀')).toBe(false);
  });

  test.each(['plain', '"quoted"', undefined])('%j is replaced by a name that is set natively', async (title) => {
    const made = await make({ attributes: title === undefined ? {} : { [TITLE]: title } });
    expect(made.attributes[TITLE]).toBe(title);
    await at().cloud.client.call('one.vm.rename', [Number(made.id), 'by Sunstone'], z.int());
    expect((await shownAs(made))[TITLE]).toBe('by Sunstone');
    await at().update(made.id, changeOf({ set: { [TITLE]: 'mine: again' } }));
    expect((await shownAs(made))[TITLE]).toBe('mine: again');
  });
});

test('A summary is the machine’s own, not that of its OS template', async () => {
  const made = await make();
  expect(machineOf(made).userTemplate.text('DESCRIPTION')).toContain('Ubuntu');
  expect(made.attributes[SUMMARY]).toBeUndefined();
  const summary = 'for "mail"; and \\';
  const summarised = await make({ attributes: { [SUMMARY]: summary } });
  expect((await shownAs(summarised))[SUMMARY]).toBe(summary);
  for (const { id } of [made, summarised]) {
    const set = changeOf({ set: { [SUMMARY]: 'another' } });
    expect((await at().update(id, set)).attributes[SUMMARY]).toBe('another');
    expect((await at().update(id, changeOf({ unset: [SUMMARY] }))).attributes[SUMMARY]).toBeUndefined();
  }
});

describe('Where a machine may run', () => {
  const ZONE = mixinOf(mixinId('availability_zone', 0));

  test('is an availability zone as a requirement of its scheduling', async () => {
    const made = await make({ mixins: [UBUNTU, ZONE] });
    expect(machineOf(made).userTemplate.text('SCHED_REQUIREMENTS')).toBe('CLUSTER_ID = 0');
    expect(made.mixins).toContain(typeId(ZONE));
    one.site.steps.settle();
    expect((await shownAs(made))[STATE]).toBe('active');
  });

  test('is what the OS template requires as well', async () => {
    const body =
      '<T><NAME>ssd</NAME><CPU>1</CPU><MEMORY>64</MEMORY><SCHED_REQUIREMENTS>SSD = "YES"</SCHED_REQUIREMENTS></T>';
    const made = await make({ mixins: [await publishedTemplate(body), ZONE] });
    expect(machineOf(made).userTemplate.text('SCHED_REQUIREMENTS')).toBe('(SSD = "YES") & (CLUSTER_ID = 0)');
  });

  test('cannot be changed, and neither can its OS template', async () => {
    const { id } = await make();
    const sentence = await fails(at().update(id, changeOf({ addMixins: [ZONE] })), 'conflict');
    expect(sentence).toContain('availability zone');
    expect(await fails(at().update(id, changeOf({ addMixins: [DEBIAN] })), 'conflict')).toContain('OS template');
    await at().update(id, changeOf({ addMixins: [UBUNTU] }));
  });
});

describe('An architecture', () => {
  const ARCHITECTURE = 'occi.compute.architecture';

  test('other than that of the OS template is a conflict, and makes nothing', async () => {
    const body = '<T><NAME>arm</NAME><CPU>1</CPU><MEMORY>64</MEMORY><OS><ARCH>x86_64</ARCH></OS></T>';
    const template = await publishedTemplate(body);
    const wanted = { mixins: [template], attributes: { [ARCHITECTURE]: 'x86' } } as const;
    expect(await fails(make(wanted), 'conflict')).toContain('x64');
    expect(one.site.vms.size).toBe(0);
    expect((await make({ ...wanted, attributes: { [ARCHITECTURE]: 'x64' } })).attributes[ARCHITECTURE]).toBe('x64');
  });

  test('is kept where the OS template has none, and set where there is no template', async () => {
    const kept = await make({ attributes: { [ARCHITECTURE]: 'x86' } });
    expect(kept.attributes[ARCHITECTURE]).toBe('x86');
    const made = await make({ mixins: [], attributes: { [ARCHITECTURE]: 'x86' } });
    expect(machineOf(made).template.vectors('OS')[0]?.get('ARCH')).toBe('i686');
    const set = { [ARCHITECTURE]: 'x64' } as const;
    expect(await fails(at().update(made.id, changeOf({ set })), 'conflict')).toContain('architecture');
  });
});

describe('An action', () => {
  /** A caller whose calls are recorded. */
  const watched = () => {
    const { cloud } = at();
    const seen: (readonly Param[])[] = [];
    const client: Cloud['client'] = {
      ...cloud.client,
      call(method, params, shape, options) {
        if (method === 'one.vm.action') seen.push(params);
        return cloud.client.call(method, params, shape, options);
      },
    };
    return { seen, act: compute({ ...cloud, client }).act! };
  };

  test.each([
    ['RUNNING', 'stop', undefined, 'poweroff', 'inactive'],
    ['RUNNING', 'stop', 'graceful', 'poweroff', 'inactive'],
    ['RUNNING', 'stop', 'acpioff', 'poweroff', 'inactive'],
    ['RUNNING', 'stop', 'poweroff', 'poweroff-hard', 'inactive'],
    ['RUNNING', 'restart', undefined, 'reboot', 'active'],
    ['RUNNING', 'restart', 'warm', 'reboot', 'active'],
    ['RUNNING', 'restart', 'cold', 'reboot-hard', 'active'],
    ['RUNNING', 'suspend', 'hibernate', 'suspend', 'suspended'],
    ['RUNNING', 'suspend', 'suspend', 'suspend', 'suspended'],
    ['POWEROFF', 'start', undefined, 'resume', 'active'],
    ['SUSPENDED', 'start', undefined, 'resume', 'active'],
    ['UNKNOWN', 'stop', 'poweroff', 'poweroff-hard', 'inactive'],
  ] as const)('on a machine that is %s, %s with the method %s, is %s', async (state, action, method, native, then) => {
    const { id } = await inState(state);
    const { seen, act } = watched();
    expect(await act(id, action, method === undefined ? {} : { method })).toEqual({});
    expect(seen).toEqual([[native, Number(id)]]);
    one.site.steps.settle();
    expect((await at().get(id)).attributes[STATE]).toBe(then);
  });

  test('that the state does not allow is a conflict naming both; a machine that is gone is not found', async () => {
    const { id } = await inState('SUSPENDED');
    const sentence = await fails(at().act(id, 'stop', {}), 'conflict');
    expect(sentence).toMatch(/stop.*SUSPENDED/);
    one.put(Number(id), 'DONE');
    await fails(at().act(id, 'stop', {}), 'notFound');
    await fails(at({ session: 'bob:password' }).act(id, 'stop', {}), 'notFound');
  });
});

describe('Save', () => {
  test('makes an OS template of the caller with the new image, of which a compute is made', async () => {
    const origin = await inState('RUNNING', { mixins: [DEBIAN] });
    one.site.steps.hold();
    const { mixin } = await at().act(origin.id, 'save', { name: 'my copy' });
    const template = one.site.templates.ascending().at(-1)!;
    const image = one.site.images.ascending().at(-1)!;
    expect(mixin).toMatchObject({ term: `template-000000${template.id}`, title: expect.stringMatching(/^my copy /) });
    expect([template.uid, template.template.text('MEMORY')]).toEqual([2, '2048']);
    const disks = template.template.vectors('DISK').map((disk) => disk.get('IMAGE_ID') ?? disk.get('TYPE'));
    expect(disks).toEqual([String(image.id), 'fs']);
    expect(template.template.vectors('NIC')).toHaveLength(2);
    expect(template.template.vectors('CONTEXT')[0]!.get('SSH_PUBLIC_KEY')).toBe('$USER[SSH_PUBLIC_KEY]');
    expect((await readCatalogue(at().cloud)).mixins).toContainEqual(mixin);
    const made = await make({ mixins: [mixin!] });
    expect(made.attributes).toMatchObject({
      [STATE]: 'waiting',
      'occi.compute.state.message': expect.stringContaining('CLONING'),
    });
    one.site.steps.settle();
    expect((await shownAs(made))[STATE]).toBe('active');
    expect((await at().get(made.id)).mixins).toContain(typeId(mixin!));
  });

  test('again under one name makes another; of a template that is gone the machine itself is the model', async () => {
    const { id } = await inState('POWEROFF');
    const first = await at().act(id, 'save', { name: 'twice' });
    one.site.steps.settle();
    one.site.templates.delete(one.site.templates.must(0));
    const second = await at().act(id, 'save', { name: 'twice' });
    expect(second.mixin!.term).not.toBe(first.mixin!.term);
    const { template } = one.site.templates.ascending().at(-1)!;
    expect([template.text('MEMORY'), template.vectors('NIC')[0]!.get('NETWORK_ID')]).toEqual(['512', '0']);
  });

  test('puts the image where the template has its first image', async () => {
    const volatile = '<DISK><TYPE>fs</TYPE><FORMAT>raw</FORMAT><SIZE>10</SIZE></DISK>';
    const body = `<T><NAME>v</NAME><CPU>1</CPU><MEMORY>64</MEMORY>${volatile}<DISK><IMAGE_ID>0</IMAGE_ID></DISK></T>`;
    const { id } = await inState('RUNNING', { mixins: [await publishedTemplate(body)] });
    await at().act(id, 'save', {});
    const disks = one.site.templates.ascending().at(-1)!.template.vectors('DISK');
    expect(disks.map((disk) => disk.get('IMAGE_ID'))).toEqual([
      undefined,
      String(one.site.images.ascending().at(-1)!.id),
    ]);
  });

  test('of a machine that cannot be saved is a conflict and leaves no image', async () => {
    const bare = await inState('RUNNING', { mixins: [BARE] });
    expect(await fails(at().act(bare.id, 'save', {}), 'conflict')).toContain('disk');
    const booting = await inState('BOOT');
    await fails(at().act(booting.id, 'save', {}), 'conflict');
    const { id } = await inState('RUNNING');
    expect(await fails(at().act(id, 'save', { name: 'a/b' }), 'invalid')).toContain('name');
    one.badDays.add({ kind: 'html' }, { method: 'one.template.clone', times: 1 });
    await fails(at().act(id, 'save', {}), 'unavailable');
    one.site.steps.settle();
    expect(one.site.images.ascending().map(({ id: image }) => image)).toEqual([0, 1, 2]);
  });
});

describe('Delete', () => {
  test('of a machine that boots is accepted, and oned is told to do it when it can', async () => {
    const { id } = await inState('BOOT');
    one.site.steps.hold();
    await at().remove(id);
    expect(one.site.schedule.of(Number(id)).map(({ action }) => action)).toEqual(['terminate-hard']);
    expect(one.site.vms.must(Number(id)).stateName).toBe('BOOT');
    await fails(at().get(id), 'notFound');
  });

  test.each([
    'RUNNING',
    'POWEROFF',
    'SUSPENDED',
    'STOPPED',
    'UNDEPLOYED',
    'UNKNOWN',
    'BOOT_FAILURE',
    'HOLD',
    'PENDING',
  ])('of a machine that is %s takes it away', async (state) => {
    const { id } = await inState(state);
    await at().remove(id);
    one.site.steps.settle();
    await fails(at().get(id), 'notFound');
    await fails(at().remove(id), 'notFound');
  });

  test('frees the token', async () => {
    const { create, remove } = at();
    const { id } = await create(computeDraft({ mixins: [BARE] }), 'again');
    one.site.steps.settle();
    await remove(id);
    one.site.steps.settle();
    expect((await create(computeDraft({ mixins: [BARE] }), 'again')).id).not.toBe(id);
  });
});

describe('A create', () => {
  test('is found by its token among many, by its owner only', async () => {
    const { create, findByToken } = at();
    const { id } = await create(computeDraft({ mixins: [BARE] }), 'needle');
    one.fill(20);
    expect((await findByToken('needle'))?.id).toBe(id);
    expect((await at({ configured: { page: 5 } }).findByToken('needle'))?.id).toBe(id);
    expect(await findByToken('another')).toBeUndefined();
    expect(await at({ session: 'bob:password' }).findByToken('needle')).toBeUndefined();
  });

  test.each([
    ['one.template.instantiate', [UBUNTU]],
    ['one.vm.allocate', []],
  ])('whose answer to %s is lost is not sent again, and found by its token', async (method, mixins) => {
    const { create, findByToken } = at();
    one.badDays.add({ kind: 'lost' }, { method, times: 1 });
    const error = await create(computeDraft({ mixins }), 'lost').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ failure: 'unavailable', unknownOutcome: true });
    expect((await findByToken('lost'))?.id).toBe('0');
    expect([one.methods.filter((name) => name === method).length, one.site.vms.size]).toEqual([1, 1]);
  });

  test('over a quota is forbidden in OpenNebula’s words', async () => {
    one.site.users.must(2).quotas = { VM: { VMS: 1 }, NETWORK: {}, IMAGE: {}, DATASTORE: {} };
    await make();
    expect(await fails(make(), 'forbidden')).toBe('Limit of 1 reached for VMS quota in VM.');
    expect(await fails(make({ mixins: [] }), 'forbidden')).toBe('Limit of 1 reached for VMS quota in VM.');
  });

  test('of an OS template that is not there, or may not be used, is invalid', async () => {
    const hidden = await asAdministrator('one.template.allocate', ['<T><NAME>hidden</NAME></T>'], z.int());
    const sentences = [
      await fails(make({ mixins: [mixinOf(mixinId('os_tpl', 999))] }), 'invalid'),
      await fails(make({ mixins: [mixinOf(mixinId('os_tpl', hidden))] }), 'invalid'),
      await fails(make({ mixins: [mixinOf(mixinId('os_tpl', 998))], links: [linkTo('storagelink', 2)] }), 'invalid'),
    ];
    expect(new Set(sentences)).toEqual(new Set(['There is no such OS template, or it may not be used.']));
  });
});
