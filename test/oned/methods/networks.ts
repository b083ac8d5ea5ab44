import type { Holder } from '../address-range.ts';
import type { Call, Method, Methods } from '../method.ts';
import { checkName } from '../names.ts';
import { NETWORK } from '../network.ts';
import { authorize, may } from '../permissions.ts';
import type { Pool } from '../pool.ts';
import { CODE, notAuthorized, Refusal } from '../refusal.ts';
import { refuseRestrictedUpdate } from '../restricted.ts';
import { Network, type Site } from '../site.ts';
import { Template, type Vector } from '../template.ts';
import { parseTemplate, storable } from '../template-parser.ts';
import { dated } from '../vm-walk.ts';
import { hold, holding, release } from './network-leases.ts';
import { chmod, chown, info, lock, merged, object, rename, unlock, update } from './objects.ts';
import { reserve } from './reservations.ts';

export const networks = ({ networks: pool }: Site): Pool<Network> => pool;
/** Kept whatever an update says. */
const OWN = ['BRIDGE', 'BRIDGE_TYPE', 'OUTER_VLAN_ID', 'PHYDEV', 'VLAN_ID', 'VN_MAD'];

/** The leases of VMs and reservations that the caller may see; what an administrator holds is shown to all. */
const visible =
  (call: Call) =>
  ({ type, id }: Holder): boolean => {
    const holder = id < 0 ? undefined : (type === 'VM' ? call.site.vms : call.site.networks).get(id);
    return id < 0 || (holder !== undefined && may(call.who, 'USE', holder));
  };

/** LOCK_CREATE without any range until the driver is done; a wrong range shows only then, as ERROR. */
export const createNetwork = (network: Network, ranges: readonly Vector[]): void => {
  network.site.steps.start(network, [
    () => {
      network.template.remove('AR');
      const failure = network.site.fails('createNetwork');
      if (failure === undefined) {
        for (const name of ['OUTER_VLAN_ID', 'VLAN_ID'])
          if (!network.template.has(name)) network.template.set(name, '');
      }
      for (const range of failure === undefined ? ranges : []) network.addRange(range);
      const fault = failure ?? network.ranges.map((range) => range.fault).find(Boolean);
      if (fault === undefined) return network.goTo(NETWORK.ready);
      network.ranges = [];
      network.template.set('ERROR', `${dated()} : ${fault}`);
      network.goTo(NETWORK.error);
    },
  ]);
};

const allocate: Method = {
  takes: ['s', 'i'],
  run: (call) => {
    const { site, who } = call;
    const wanted = call.number(1);
    const cluster = site.clusters.must(wanted < 0 ? 0 : wanted);
    const template = parseTemplate(call.text(0), CODE.internal);
    if (!who.admin && !site.anyoneMakesNetworks) {
      throw notAuthorized(
        who.uid,
        `Not authorized to perform CREATE NET; Not authorized to perform ADMIN CLUSTER [${cluster.id}].`,
      );
    }
    const [name = ''] = template.remove('NAME');
    checkName(String(name), CODE.internal);
    if (!template.text('VN_MAD')) throw new Refusal(CODE.internal, 'No VN_MAD in template for Virtual Network.');
    refuseIncomplete(template);
    site.networks.refuseTaken(String(name), who.uid, CODE.internal);
    const ranges = template.remove('AR').filter((one): one is Vector => typeof one !== 'string');
    const stored = storable(template);
    if (!stored) throw new Refusal(CODE.internal, 'Error inserting Virtual Network in DB.');
    const network = site.make(site.networks, Network, String(name));
    const defaults = { BRIDGE: `onebr${network.id}`, BRIDGE_TYPE: 'linux', PHYDEV: '', SECURITY_GROUPS: '0' };
    const full = Template.of(defaults);
    full.merge(stored);
    Object.assign(network, { uid: who.uid, gid: who.gid, clusters: [cluster.id], template: full });
    for (const range of ranges) full.add('AR', new Map(range));
    createNetwork(network, ranges);
    return network.id;
  },
};

/** What each driver needs (parse_phydev_vlans of 6.0 to 7.4); others need nothing. */
const refuseIncomplete = (template: Template): void => {
  const driver = template.text('VN_MAD')!;
  const needed = {
    dummy: ['BRIDGE'],
    '802.1Q': ['PHYDEV', 'VLAN_ID', 'AUTOMATIC_VLAN_ID'],
    vxlan: ['PHYDEV', 'VLAN_ID', 'AUTOMATIC_VLAN_ID'],
    ovswitch_vxlan: [undefined, 'OUTER_VLAN_ID', 'AUTOMATIC_OUTER_VLAN_ID'],
  }[driver];
  if (!needed) return;
  const [attribute, vlan, automatic] = needed;
  const fail = (what: string): never => {
    throw new Refusal(CODE.internal, `${what} is mandatory for driver ${driver}`);
  };
  if (attribute && !template.text(attribute)) fail(attribute);
  if (vlan && !template.text(vlan) && template.text(automatic!) !== 'YES') {
    fail(`${vlan} (or ${vlan === 'VLAN_ID' ? automatic : 'AUTOMATIC'})`);
  }
};

const remove: Method = {
  takes: ['i'],
  run: (call) => {
    const network = object(call, networks, 'MANAGE');
    if (network.used > 0) {
      throw new Refusal(
        CODE.action,
        'Cannot delete virtual network. Can not remove a virtual network with leases in use',
      );
    }
    if (network.state === NETWORK.creating) {
      throw new Refusal(CODE.action, 'Cannot delete virtual network. Virtual network is in wrong state LOCK_CREATE');
    }
    network.goTo(NETWORK.deleting);
    call.site.steps.start(network, [() => gone(network)]);
    return network.id;
  },
};

const gone = (network: Network): void => {
  const parent = network.parent === undefined ? undefined : network.site.networks.get(network.parent);
  for (const { leases } of parent?.ranges ?? []) {
    for (const [index, { type, id }] of leases) if (type === 'VNET' && id === network.id) leases.delete(index);
  }
  parent?.touch();
  network.site.networks.delete(network);
};

const addRange: Method = {
  takes: ['is'],
  run: (call) => {
    const network = object(call, networks, 'ADMIN');
    for (const range of parseTemplate(call.text(1), CODE.internal).vectors('AR')) network.addRange(range);
    return network.id;
  },
};

export const networkMethods: Methods = {
  'one.vn.allocate': allocate,
  'one.vn.info': info(networks, (network, call) => network.info(visible(call))),
  'one.vn.delete': remove,
  'one.vn.rename': rename(networks, true),
  'one.vn.update': update(networks, (network, template, mode, call) => {
    refuseRestrictedUpdate(call.who, template, 'network');
    const changed = merged(network.template, template, mode);
    for (const name of OWN) if (!changed.has(name)) changed.set(name, network.template.text(name) ?? '');
    network.template = changed;
  }),
  'one.vn.hold': holding(hold),
  'one.vn.release': holding(release),
  'one.vn.add_ar': addRange,
  'one.vn.reserve': {
    takes: ['is'],
    run: (call) => {
      const parent = call.site.networks.get(call.number(0));
      if (!parent) throw new Refusal(CODE.noExists, 'Error getting virtual network Pool.');
      authorize(call.who, 'USE', parent);
      return reserve(call, parent, parseTemplate(call.text(1), CODE.internal));
    },
  },
  'one.vn.chmod': chmod(networks),
  'one.vn.chown': chown(networks),
  'one.vn.lock': lock(networks),
  'one.vn.unlock': unlock(networks),
};
