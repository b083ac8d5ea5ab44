import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { vm } from '../../../../adapters/opennebula/native/index.ts';
import {
  groupOf,
  securitygrouplink,
  toSecuritygrouplinks,
} from '../../../../adapters/opennebula/securitygroup/securitygrouplink.ts';
import type { Draft } from '../../../../lib/adapter/contract.ts';
import { fails } from '../../../contract/adapter.ts';
import { type OpenNebula, startOpenNebula } from '../../../oned/index.ts';
import { callerOf } from '../caller.ts';
import { expectAllowed, recorded } from '../recorded.ts';

describe('Security groups of a recorded machine', () => {
  test('are links, each once however many NICs have it', () => {
    const links = toSecuritygrouplinks(recorded('one.vm.info--with-3-nics-and-alias', vm)!);
    expect(links.map(({ id, target }) => [id, target])).toEqual([['0:sg0', { kind: 'securitygroup', id: '0' }]]);
    for (const link of links) expectAllowed(link);
  });

  test('are several where a NIC has several', () => {
    const links = toSecuritygrouplinks(recorded('one.vm.info--hold-with-secgroup-nic', vm)!);
    expect(links.length).toBeGreaterThan(1);
  });
});

test('A link ends at a security group and at nothing else', async () => {
  expect(groupOf({ target: { kind: 'securitygroup', id: '100' } })).toBe(100);
  await fails((async () => groupOf({ target: { kind: 'network', id: '1' } }))(), 'invalid');
});

describe('Through OpenNebula', () => {
  let one: OpenNebula;
  beforeEach(async () => {
    one = await startOpenNebula({ step: 1 });
  });
  afterEach(() => one.close());

  const cloud = (user = 'alice') => callerOf(one.endpoint, { session: `${user}:password` });
  const as = (user?: string) => securitygrouplink(cloud(user));

  async function machine(nics: number): Promise<string> {
    const template = `<T><CPU>1</CPU><MEMORY>64</MEMORY>${'<NIC><NETWORK_ID>1</NETWORK_ID></NIC>'.repeat(nics)}</T>`;
    const id = await cloud().client.call('one.vm.allocate', [template, false], z.int());
    one.site.steps.settle();
    one.put(id, 'RUNNING');
    return String(id);
  }
  const group = (name: string) =>
    cloud()
      .client.call('one.secgroup.allocate', [`<T><NAME>${name}</NAME></T>`], z.int())
      .then(String);
  const between = (compute: string, target: string) =>
    ({
      kind: 'securitygrouplink',
      attributes: {},
      mixins: [],
      links: [],
      source: { kind: 'compute', id: compute },
      target: { kind: 'securitygroup', id: target },
    }) as unknown as Draft<'securitygrouplink'>;
  const groupsOf = async (compute: string) =>
    (await cloud().client.call('one.vm.info', [Number(compute)], vm)).TEMPLATE.NIC.map(
      ({ SECURITY_GROUPS }) => SECURITY_GROUPS,
    );

  test('a group is on every NIC of the machine, in two requests, and is taken from every one', async () => {
    const [compute, web] = [await machine(3), await group('web')];
    const kind = as();
    await kind.ids({});
    const before = one.requests();
    const { id } = await kind.create!(between(compute, web), 'a');
    expect(one.requests() - before).toBe(2);
    expect(id).toBe(`${compute}:sg${web}`);
    for (const groups of await groupsOf(compute)) expect(groups).toContain(Number(web));
    expect((await as().ids({})).items).toEqual([`${compute}:sg0`, id]);
    await as().remove!(id);
    for (const groups of await groupsOf(compute)) expect(groups).not.toContain(Number(web));
    await fails(as().get(id), 'notFound');
    await fails(as().remove!(id), 'notFound');
  });

  test('a machine that has the group on some NICs gets it on all', async () => {
    const [compute, web] = [await machine(2), await group('web')];
    await cloud().client.call('one.vm.attachsg', [Number(compute), 1, Number(web)], z.int());
    const before = one.methods.length;
    await as().create!(between(compute, web), 'a');
    expect(one.methods.slice(before).filter((method) => method === 'one.vm.attachsg')).toHaveLength(1);
    for (const groups of await groupsOf(compute)) expect(groups).toContain(Number(web));
  });

  test('two made at once are two; one made again, by any process, is the same', async () => {
    const [compute, web, ssh] = [await machine(1), await group('web'), await group('ssh')];
    const made = await Promise.all([
      as().create!(between(compute, web), 'a'),
      as().create!(between(compute, ssh), 'b'),
    ]);
    expect(made.map(({ id }) => id)).toEqual([`${compute}:sg${web}`, `${compute}:sg${ssh}`]);
    expect((await as().create!(between(compute, web), 'a')).id).toBe(made[0]!.id);
    const kind = as();
    expect(await kind.findByToken!('c')).toBeUndefined();
    await kind.create!(between(compute, web), 'c');
    expect((await kind.findByToken!('c'))?.id).toBe(made[0]!.id);
  });

  test('a machine without a network interface has no place for it', async () => {
    const [compute, web] = [await machine(0), await group('web')];
    expect(await fails(as().create!(between(compute, web), 'a'), 'conflict')).toContain('networkinterface');
  });

  test('ends that are not there are named by their kind', async () => {
    const [compute, web] = [await machine(1), await group('web')];
    expect(await fails(as().create!(between('999', web), 'a'), 'invalid')).toContain('compute');
    expect(await fails(as().create!(between(compute, '999'), 'b'), 'invalid')).toContain('securitygroup');
    expect(await fails(as('bob').create!(between(compute, web), 'c'), 'invalid')).toContain('compute');
  });
});
