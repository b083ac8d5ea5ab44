import { CODE, notAuthorized, Refusal } from './refusal.ts';
import type { Caller } from './session.ts';
import type { Template } from './template.ts';

/** Of the lists that a fresh installation has: those that clients of an OCCI endpoint could reach. */
const VM = [
  ...['CONTEXT/FILES', 'NIC/MAC', 'NIC/VLAN_ID', 'NIC/BRIDGE', 'NIC/FILTER', 'NIC_DEFAULT/MAC', 'NIC_DEFAULT/VLAN_ID'],
  ...['DISK/TOTAL_BYTES_SEC', 'DISK/TOTAL_IOPS_SEC', 'DISK/READ_IOPS_SEC', 'DISK/WRITE_IOPS_SEC', 'DISK/ORIGINAL_SIZE'],
  ...['DISK/SIZE_PREV', 'CPU_COST', 'MEMORY_COST', 'DISK_COST', 'EMULATOR', 'RAW/DATA', 'USER_PRIORITY', 'TOPOLOGY'],
];
const IMAGE = ['SOURCE'];
const NETWORK = ['VN_MAD', 'PHYDEV', 'VLAN_ID', 'OUTER_VLAN_ID', 'BRIDGE', 'CONF', 'FILTER', 'AR/VN_MAD', 'AR/PHYDEV'];

interface Found {
  readonly attribute: string;
  readonly key: string;
}

/** A vector that is restricted as a whole is not caught (measured on 6.10 and 7.4: PCI). */
const found = (template: Template, restricted: readonly string[]): Found | undefined => {
  for (const [attribute, key] of restricted.map((path) => path.split('/') as [string, string | undefined])) {
    if (key === undefined && template.text(attribute) !== undefined) return { attribute, key: attribute };
    if (key && template.vectors(attribute).some((vector) => vector.has(key))) return { attribute, key };
  }
  return undefined;
};

/** @throws {Refusal} 512 naming the key: a template that makes a VM or an image */
export const refuseRestricted = (who: Caller, template: Template, of: 'VM' | 'Image'): void => {
  const restricted = who.admin ? undefined : found(template, of === 'VM' ? VM : IMAGE);
  if (restricted)
    throw notAuthorized(
      who.uid,
      `${of === 'VM' ? 'VM ' : ''}Template includes a restricted attribute ${restricted.key}.`,
    );
};

/**
 * @throws {Refusal} 512: what is merged into a template or sent to updateconf (names the attribute), what is attached
 * (the key)
 */
export const refuseRestrictedMerge = (
  who: Caller,
  template: Template,
  called: 'User Template' | 'Template' | 'DISK' | 'NIC',
): void => {
  const restricted = who.admin ? undefined : found(template, VM);
  if (!restricted) return;
  const name = called === 'DISK' || called === 'NIC' ? restricted.key : restricted.attribute;
  throw notAuthorized(who.uid, `${called} includes a restricted attribute ${name}.`);
};

/** @throws {Refusal} 8192: `one.image.update` and `one.vn.update` */
export const refuseRestrictedUpdate = (who: Caller, template: Template, of: 'image' | 'network' | 'vm'): void => {
  const restricted = who.admin ? undefined : found(template, { image: IMAGE, network: NETWORK, vm: VM }[of]);
  if (!restricted) return;
  const sentence = `Cannot update template. User Template includes a restricted attribute ${restricted.attribute}`;
  throw new Refusal(CODE.internal, sentence);
};
