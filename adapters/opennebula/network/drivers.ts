/** What oned demands of a new network, by its driver (VN_MAD). */

type Setting = 'bridge' | 'phydev';

/**
 * Mandatory attributes besides numbers of VLANs, which oned chooses (VirtualNetwork.cc, the same from 6.0 to 7.4). For
 * drivers that are not listed (bridge, fw, ebtables, ovswitch, those of the site) oned demands none, and makes up a
 * bridge.
 */
const NEEDS: Readonly<Record<string, Setting>> = {
  dummy: 'bridge',
  '802.1Q': 'phydev',
  vxlan: 'phydev',
  ovswitch_vxlan: 'phydev',
};

/** How networks are created, as the settings have it. */
interface NetworkSettings {
  readonly vnMad?: string | undefined;
  readonly phydev?: string | undefined;
  readonly bridge?: string | undefined;
}

/** The setting without which oned would make no network, and why; undefined if none is missing, or nothing is set. */
export function missingSetting(
  network: NetworkSettings,
): { readonly setting: string; readonly error: string } | undefined {
  const { vnMad, phydev, bridge } = network;
  if (vnMad === undefined) {
    if (phydev === undefined && bridge === undefined) return undefined;
    return {
      setting: 'vnMad',
      error: 'must be there beside bridge and phydev: oned makes no network without a driver',
    };
  }
  const needed = Object.hasOwn(NEEDS, vnMad) ? NEEDS[vnMad] : undefined;
  if (needed === undefined || network[needed] !== undefined) return undefined;
  return { setting: needed, error: `must be there for the driver ${vnMad}: oned makes no network of it without` };
}

/** VLANs of a new network: the number that was asked for, and those that oned is to choose because its driver needs them. */
export function vlansFor(vnMad: string | undefined, vlan: number | undefined) {
  const chosen = vlan !== undefined && { VLAN_ID: vlan };
  if (vnMad === 'ovswitch_vxlan') return { ...chosen, AUTOMATIC_OUTER_VLAN_ID: 'YES' };
  // Drivers without VLANs take no notice.
  return chosen || { AUTOMATIC_VLAN_ID: 'YES' };
}

/** What oned says is missing: `No VN_MAD in template`, `BRIDGE is mandatory for driver dummy`. */
export const MISSING = /\bNo (VN_MAD)\b|\b([A-Z_]+)(?: \([^)]*\))? is mandatory for driver/;

/** Settings by oned's names of what they become. */
const SETTINGS: Readonly<Record<string, string>> = {
  VN_MAD: 'network.vnMad',
  BRIDGE: 'network.bridge',
  PHYDEV: 'network.phydev',
};

/** Says which setting is missing, from a match of `MISSING`. */
export function tellMissing([, mad, attribute]: readonly string[]): string {
  const name = mad ?? attribute!;
  const what = Object.hasOwn(SETTINGS, name) ? `the setting ${SETTINGS[name]} is missing` : `there is no ${name}`;
  return `The provider has not configured how networks are created: ${what}.`;
}
