import { Refusal } from './refusal.ts';
import { type Vector, vector } from './template.ts';
import type { Vm } from './vm.ts';

/**
 * `$NAME`, `$VMID`, `$USER[SSH_PUBLIC_KEY]`: replaced when the VM is made; what is unknown is cut out, `x$y` is `x`.
 * A backslash keeps the `$`.
 */
export const substituted = (vm: Vm, value: string): string =>
  value.replace(/(?<!\\)\$([A-Za-z0-9_]+)(?:\[([^\]]*)\])?/g, (_, name: string, key: string | undefined) =>
    variable(vm, name, key?.trim()),
  );

/** @throws {Refusal} where no name follows a `$`, with the whole CONTEXT in its sentence */
const refuseLoneDollar = (context: Vector, code: number): void => {
  const wrong = [...context.values()].map((value) => /(?<!\\)\$(?![A-Za-z0-9_])/.exec(value)).find(Boolean);
  if (!wrong) return;
  const whole = [...context].map(([name, value]) => `${name}=${value}`).join('@^_^@');
  const complaint = `syntax error, unexpected EOA, expecting $end or VARIABLE or RSTRING at line 0, columns ${wrong.index}:0`;
  throw new Refusal(code, `Error parsing: ${whole}. ${complaint}`);
};

const variable = (vm: Vm, name: string, key: string | undefined): string => {
  const owner = vm.site.users.get(vm.uid);
  if (name === 'USER') return owner?.template.text(key ?? '') ?? '';
  if (key !== undefined) return vm.template.vectors(name)[0]?.get(key) ?? '';
  const own: Readonly<Record<string, string>> = {
    ...{ NAME: vm.name, VMID: String(vm.id), UID: String(vm.uid), GID: String(vm.gid) },
    ...{ UNAME: owner?.name ?? '', GNAME: vm.site.groups.get(vm.gid)?.name ?? '' },
  };
  return own[name] ?? vm.template.text(name) ?? vm.userTemplate.text(name) ?? '';
};

/** Of each NIC, by the name that the guest knows it under; the empty ones are written as well. */
const FROM_NIC: Readonly<Record<string, string>> = {
  ...{ DNS: 'DNS', EXTERNAL: 'EXTERNAL', GATEWAY: 'GATEWAY', IP: 'IP', IP6: 'IP6_GLOBAL', IP6_GATEWAY: 'GATEWAY6' },
  ...{ IP6_METHOD: 'IP6_METHOD', IP6_METRIC: 'IP6_METRIC', IP6_PREFIX_LENGTH: 'PREFIX_LENGTH', IP6_ULA: 'IP6_ULA' },
  ...{ MAC: 'MAC', MASK: 'NETWORK_MASK', METHOD: 'METHOD', METRIC: 'METRIC', MTU: 'MTU', NETWORK: 'NETWORK_ADDRESS' },
  ...{ SEARCH_DOMAIN: 'SEARCH_DOMAIN', VLAN_ID: 'VLAN_ID', VROUTER_IP: 'VROUTER_IP', VROUTER_IP6: 'VROUTER_IP6' },
  ...{ VROUTER_MANAGEMENT: 'VROUTER_MANAGEMENT' },
};

const ofNic = (vm: Vm, nic: Vector, prefix: string): [string, string][] => {
  const network = vm.site.networks.get(Number(nic.get('NETWORK_ID')));
  return Object.entries(FROM_NIC).map(([name, key]) => [
    `${prefix}_${name}`,
    (key.startsWith('NETWORK_')
      ? network?.template.text(key)
      : (nic.get(key) ?? (name === 'IP6' ? nic.get('IP6') : ''))) ?? '',
  ]);
};

const isOfNic = (name: string): boolean => /^ETH\d+_/.test(name);

/** Writes the addresses of all NICs into CONTEXT, if it asks for the network; a CONTEXT takes a disk's place. */
export const refreshContext = (vm: Vm): void => {
  const [present] = vm.template.vectors('CONTEXT');
  if (!present) return;
  const context: Vector = new Map([...present].filter(([name]) => !isOfNic(name)));
  if (context.get('NETWORK')?.toUpperCase() === 'YES') {
    for (const nic of vm.nics()) {
      for (const [name, value] of ofNic(vm, nic, `ETH${nic.get('NIC_ID')}`)) context.set(name, value);
    }
    for (const alias of vm.template.vectors('NIC_ALIAS')) {
      const prefix = `ETH${alias.get('PARENT_ID')}_ALIAS${alias.get('ALIAS_ID')}`;
      for (const [name, value] of ofNic(vm, alias, prefix)) context.set(name, value);
    }
  }
  vm.template.set('CONTEXT', context);
  vm.touch();
};

/** The user's CONTEXT with its variables replaced, a disk of its own, and the NICs. */
export const addContext = (vm: Vm, wanted: Vector, code: number, place?: { disk: string; target: string }): void => {
  const { disk = String(vm.nextDisk), target = 'hda' } = place ?? {};
  const full = new Map([...wanted, ...vector({ DISK_ID: disk, TARGET: target })]);
  refuseLoneDollar(full, code);
  const context = new Map([...full].map(([name, value]) => [name, substituted(vm, value)] as const));
  vm.template.set('CONTEXT', context);
  refreshContext(vm);
};
