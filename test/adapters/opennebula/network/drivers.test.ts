/** What each driver of networks needs, told where the provider looks: at the check of the settings, and in the answer. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { settings } from '../../../../adapters/opennebula/config.ts';
import { MISSING, tellMissing } from '../../../../adapters/opennebula/network/drivers.ts';
import { network } from '../../../../adapters/opennebula/network/network.ts';
import { type OpenNebula, startOpenNebula } from '../../../oned/index.ts';
import { callerOf } from '../caller.ts';

const endpoint = 'http://one.example.org:2633/RPC2';
const issuesOf = (network: object) =>
  settings.safeParse({ endpoint, network }).error?.issues.map(({ path, message }) => [path.join('.'), message]);

test.each([
  [{ vnMad: 'dummy' }, 'network.bridge', 'dummy'],
  [{ vnMad: '802.1Q', bridge: 'br0' }, 'network.phydev', '802.1Q'],
  [{ vnMad: 'vxlan' }, 'network.phydev', 'vxlan'],
  [{ vnMad: 'ovswitch_vxlan' }, 'network.phydev', 'ovswitch_vxlan'],
  [{ bridge: 'br0' }, 'network.vnMad', 'driver'],
  [{ phydev: 'eth0' }, 'network.vnMad', 'driver'],
])('the settings %j lack %s', (given, path, named) => {
  expect(issuesOf(given)).toEqual([[path, expect.stringContaining(named)]]);
});

test.each([
  {},
  { vnMad: 'dummy', bridge: 'br0' },
  { vnMad: 'bridge' },
  { vnMad: 'fw', phydev: 'eth0' },
  { vnMad: 'ebtables' },
  { vnMad: 'ovswitch', bridge: 'ovs0' },
  { vnMad: 'vxlan', phydev: 'eth0' },
  { vnMad: 'constructor' },
  { vnMad: 'site-driver' },
])('the settings %j lack nothing', (given) => {
  expect(issuesOf(given)).toBeUndefined();
});

describe('Through OpenNebula', () => {
  let one: OpenNebula;
  beforeEach(async () => {
    one = await startOpenNebula({ step: 1 });
  });
  afterEach(() => one.close());

  const create = (configured: object) =>
    network(callerOf(one.endpoint, { session: 'oneadmin:password', configured: { network: configured } })).create!(
      { kind: 'network', attributes: {}, mixins: [], links: [] },
      `token ${JSON.stringify(configured)}`,
    );

  test.each([
    { vnMad: 'dummy', bridge: 'br0' },
    { vnMad: 'bridge' },
    { vnMad: 'ovswitch' },
    { vnMad: '802.1Q', phydev: 'eth0' },
    { vnMad: 'vxlan', phydev: 'eth0' },
    { vnMad: 'ovswitch_vxlan', phydev: 'eth0' },
  ])('what the check lets pass makes a network: %j', async (configured) => {
    expect(await create(configured)).toMatchObject({ kind: 'network' });
  });

  test('without a driver the answer names the setting', async () => {
    await expect(create({})).rejects.toMatchObject({
      failure: 'notImplemented',
      message: 'The provider has not configured how networks are created: the setting network.vnMad is missing.',
    });
  });
});

test.each([
  ['[one.vn.allocate] BRIDGE is mandatory for driver dummy', 'the setting network.bridge is missing'],
  ['[one.vn.allocate] PHYDEV is mandatory for driver vxlan', 'the setting network.phydev is missing'],
  ['OUTER_VLAN_ID (or AUTOMATIC) is mandatory for driver site', 'there is no OUTER_VLAN_ID'],
])('oned’s %s says in the answer that %s', (sentence, told) => {
  expect(tellMissing(MISSING.exec(sentence)!)).toBe(
    `The provider has not configured how networks are created: ${told}.`,
  );
});
