import type { Network } from './network.ts';
import { authorize } from './permissions.ts';
import { Refusal } from './refusal.ts';
import { groupsOf } from './security-group.ts';
import type { Caller } from './session.ts';
import type { Site } from './site.ts';
import { type Vector, vector } from './template.ts';
import type { Vm } from './vm.ts';

/** By number, or by name among the networks of the caller or of the owner that is named. */
export const networkOf = (site: Site, who: Caller, nic: Vector, code: number): Network => {
  const id = nic.get('NETWORK_ID');
  const name = nic.get('NETWORK') ?? '';
  if (id !== undefined) {
    const network = site.networks.get(Number(id));
    if (!network) throw new Refusal(code, `Virtual network with ID: ${id} does not exist`);
    return network;
  }
  const owner = nic.get('NETWORK_UNAME');
  const uid = owner ? (site.userNamed(owner)?.id ?? -1) : Number(nic.get('NETWORK_UID') ?? who.uid);
  const network = site.networks.named(name, uid);
  if (network) return network;
  const sentence = `User ${uid} does not own a network with name: ${name} . Set NETWORK_UNAME or NETWORK_UID of owner in NIC.`;
  throw new Refusal(code, sentence);
};

/** What a NIC takes over from its network, besides its address. */
const INHERITED = ['BRIDGE', 'BRIDGE_TYPE', 'DNS', 'GATEWAY', 'GATEWAY6', 'MTU', 'PHYDEV', 'VLAN_ID', 'VN_MAD'];

/** A name that oned could give itself is set apart from those that it gives. */
const GENERATED_NAME = /^NIC\d+(_ALIAS\d+)?$/;

/** The name that was asked for, or else oned's own. */
const nicName = (wanted: Vector, own: string): string => {
  const name = wanted.get('NAME') || own;
  return wanted.get('NAME') === name && GENERATED_NAME.test(name) ? `_${name}` : name;
};

/** Without a network: the scheduler would choose one, which it does not do here. */
const addUnconnected = (vm: Vm, wanted: Vector): Vector => {
  const id = vm.nextNic;
  const nic = new Map([...wanted, ...vector({ NAME: nicName(wanted, `NIC${id}`), NETWORK_MODE: 'auto', NIC_ID: id })]);
  vm.template.add('NIC', nic);
  vm.touch();
  return nic;
};

/** Adds a NIC, or an alias of the one that PARENT names, with an address of its network. */
export const addNic = (
  vm: Vm,
  who: Caller,
  wanted: Vector,
  how: { code: number; hot: boolean; alias: boolean },
): Vector => {
  const { site, nextNic: id } = vm;
  if (!wanted.has('NETWORK_ID') && !wanted.has('NETWORK')) return addUnconnected(vm, wanted);
  const network = networkOf(site, who, wanted, how.code);
  authorize(who, 'USE', network);
  const groups = new Set([
    ...groupsOf(new Map([['SECURITY_GROUPS', network.template.text('SECURITY_GROUPS') ?? '0']])),
    ...groupsOf(wanted),
  ]);
  // A group that does not exist is taken without a word.
  for (const group of groups) {
    const found = site.securityGroups.get(group);
    if (found) authorize(who, 'USE', found);
  }
  const parent = how.alias ? vm.nics().find((nic) => nic.get('NAME') === wanted.get('PARENT')) : undefined;
  if (how.alias && !parent) throw new Refusal(how.code, 'Alias not found.');
  const lease = network.lease({ type: 'VM', id: vm.id }, { ip: wanted.get('IP'), mac: wanted.get('MAC') });
  if (!lease) throw new Refusal(how.code, `Cannot get IP/MAC lease from virtual network ${network.id}.`);
  const inherited = INHERITED.map((name) => [name, network.template.text(name)] as const).filter(([, value]) => value);
  const nic: Vector = new Map([...(inherited as [string, string][]), ...wanted, ...lease.addresses]);
  const name = nicName(wanted, parent ? `NIC${parent.get('NIC_ID')}_ALIAS${id}` : `NIC${id}`);
  const own = {
    ...{ AR_ID: lease.range.id, CLUSTER_ID: network.clusters.join(','), NAME: name, NETWORK: network.name },
    ...{ NETWORK_ID: network.id, NIC_ID: id, SECURITY_GROUPS: [...groups].sort((a, b) => a - b).join(',') },
    ...{ PARENT_NETWORK_ID: network.parent, TARGET: `one-${vm.id}-${id}`, ATTACH: how.hot ? 'YES' : undefined },
  };
  for (const [key, value] of vector(own)) nic.set(key, value);
  if (parent) becomeAlias(nic, parent, id);
  vm.template.add(how.alias ? 'NIC_ALIAS' : 'NIC', nic);
  refreshRules(vm);
  return nic;
};

const becomeAlias = (nic: Vector, parent: Vector, id: number): void => {
  const siblings = (parent.get('ALIAS_IDS') ?? '').split(',').filter(Boolean);
  parent.set('ALIAS_IDS', [...siblings, id].join(','));
  for (const [key, value] of vector({ ALIAS_ID: siblings.length, PARENT_ID: parent.get('NIC_ID') }))
    nic.set(key, value);
};

/** Takes a NIC away, its aliases with it, and gives the addresses back. */
export const removeNic = (vm: Vm, nic: Vector): void => {
  const aliases = vm.template.vectors('NIC_ALIAS');
  const gone = new Set([
    nic,
    ...aliases.filter((alias) => alias.get('PARENT_ID') === nic.get('NIC_ID') && !nic.has('PARENT_ID')),
  ]);
  for (const one of gone) releaseLease(vm, one);
  const parent = vm.nics().find((other) => nic.has('PARENT_ID') && other.get('NIC_ID') === nic.get('PARENT_ID'));
  const left = (parent?.get('ALIAS_IDS') ?? '').split(',').filter((id) => id !== '' && id !== nic.get('NIC_ID'));
  if (parent && left.length > 0) parent.set('ALIAS_IDS', left.join(','));
  else parent?.delete('ALIAS_IDS');
  vm.template.replaceVectors(
    'NIC',
    vm.nics().filter((other) => !gone.has(other)),
  );
  vm.template.replaceVectors(
    'NIC_ALIAS',
    aliases.filter((other) => !gone.has(other)),
  );
  refreshRules(vm);
};

export const releaseLease = (vm: Vm, nic: Vector): void =>
  vm.site.networks.get(Number(nic.get('NETWORK_ID')))?.release(nic.get('MAC') ?? '');

/** The rules of all groups that a NIC is in, each once. */
export const refreshRules = (vm: Vm): void => {
  const groups = [...new Set(vm.allNics().flatMap(groupsOf))].sort((a, b) => a - b);
  const rules = groups.flatMap((id) => {
    const group = vm.site.securityGroups.get(id);
    const named = vector({ SECURITY_GROUP_ID: id, SECURITY_GROUP_NAME: group?.name });
    return (group?.template.vectors('RULE') ?? []).map((rule) => new Map([...rule, ...named]));
  });
  vm.template.replaceVectors('SECURITY_GROUP_RULE', rules);
  vm.touch();
};
