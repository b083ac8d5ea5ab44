/**
 * Networks are virtual networks. On a stock site users may not make any, and see all of their cluster's: those of
 * others are published. OpenNebula knows no `up` and `down` of them.
 */

import * as z from 'zod';
import type { Draft, KindAdapter, Native, NativeId } from '../../../lib/adapter/contract.ts';
import type { Call } from '../api/client.ts';
import { translateErrors } from '../api/errors.ts';
import { changeAndRead } from '../api/multicall.ts';
import { OneRefusal } from '../api/xml-rpc.ts';
import { type Cloud, isOwn, LINGER_SECONDS } from '../cloud.ts';
import { objectAmong } from '../mixins.ts';
import { type Vnet, vnet as vnetShape } from '../native/index.ts';
import { networkState } from '../states.ts';
import { ourTexts } from '../template/descriptions.ts';
import { isHeld, line, uniqueNameOf } from '../template/naming.ts';
import { encodeTemplate } from '../template/write.ts';
import { LABEL, requireChangeable, textChanges, VLAN } from './changes.ts';
import { vlansFor } from './drivers.ts';
import { addressTemplate, IP_NETWORK, ipAttributes } from './network-addresses.ts';
import { highestVnet, readOwnVnet, readVnet, readVnets, requireUnused, vnetOfToken } from './reads.ts';

/** What OpenNebula can keep of any text. */
const TEXTS = ['occi.core.title', 'occi.core.summary', LABEL];
/** VXLAN has numbers above that. */
const HIGHEST_VLAN = 4095;

export async function toNetwork(cloud: Cloud, vnet: Vnet): Promise<Native<'network'>> {
  const { state, message } = networkState(vnet);
  const { VLAN_ID, TEMPLATE } = vnet;
  const ip = ipAttributes(vnet);
  return {
    kind: 'network',
    id: String(vnet.ID),
    attributes: {
      ...ourTexts(vnet.NAME, TEMPLATE),
      ...(VLAN_ID !== undefined && VLAN_ID >= 0 && VLAN_ID <= HIGHEST_VLAN && { [VLAN]: VLAN_ID }),
      ...(TEMPLATE.OCCI_LABEL && { [LABEL]: line(TEMPLATE.OCCI_LABEL) }),
      'occi.network.state': state,
      ...(message !== undefined && { 'occi.network.state.message': message }),
      ...ip,
    },
    mixins: ip ? [IP_NETWORK] : [],
    links: [],
    ...(!isOwn(cloud.settings, await cloud.verdict(), vnet) && { published: true }),
  };
}

/** Template and cluster of a new network. How it is made is the provider's: driver, bridge and interface are settings. */
function fromOcci(draft: Draft<'network'>, token: string, { settings }: Cloud): readonly [string, number] {
  const { vnMad, phydev, bridge, cluster } = settings.network;
  const { attributes, mixins } = draft;
  const { name, attributes: own } = uniqueNameOf('network', attributes['occi.core.title'], token);
  const vlan = attributes[VLAN];
  const template = encodeTemplate({
    NAME: name,
    ...own,
    DESCRIPTION: attributes['occi.core.summary'],
    OCCI_LABEL: attributes[LABEL],
    VN_MAD: vnMad,
    PHYDEV: phydev,
    BRIDGE: bridge,
    ...vlansFor(vnMad, vlan),
    ...addressTemplate(draft),
  });
  return [template, objectAmong('availability_zone', mixins) ?? cluster];
}

/** Makes it: 1 call. A name that is taken already was taken by the same create. */
async function allocate(cloud: Cloud, draft: Draft<'network'>, token: string): Promise<NativeId> {
  const params = fromOcci(draft, token, cloud);
  try {
    return String(await cloud.client.call('one.vn.allocate', params, z.int()));
  } catch (error) {
    if (!(error instanceof OneRefusal)) throw error;
    const made = /NAME is already taken/i.test(error.sentence) ? await vnetOfToken(cloud, 'network', token) : undefined;
    if (!made) throw error;
    return String(made.ID);
  }
}

export const network = (cloud: Cloud): KindAdapter<'network'> => {
  const { tokens } = cloud;

  return {
    /** 1 call per page. */
    async ids(query) {
      const page = await readVnets(cloud, 'network', query);
      return { ...page, items: page.items.map(({ ID }) => String(ID)) };
    },

    async list(query) {
      const page = await readVnets(cloud, 'network', query);
      return { ...page, items: await Promise.all(page.items.map((vnet) => toNetwork(cloud, vnet))) };
    },

    get: async (id) => toNetwork(cloud, await readVnet(cloud, 'network', id)),
    finding: { by: 'number', highest: () => highestVnet(cloud, 'network') },

    async findByToken(token) {
      const vnet = await vnetOfToken(cloud, 'network', token);
      return vnet && toNetwork(cloud, vnet);
    },

    /** 2 calls. */
    async create(draft, token) {
      const { uid } = await cloud.verdict();
      const made = await tokens.createOnce(`network ${uid}`, token, async () => {
        const id = await translateErrors('network', () => allocate(cloud, draft, token));
        return `network ${id}`;
      });
      return toNetwork(cloud, await readVnet(cloud, 'network', made.slice('network '.length)));
    },

    /** 2 requests: what it is now, and all changes with what it is then. */
    async update(id, change) {
      const vnet = await readOwnVnet(cloud, 'network', id);
      requireChangeable(await toNetwork(cloud, vnet), change);
      const info: Call<Vnet> = { method: 'one.vn.info', params: [vnet.ID], shape: vnetShape };
      return toNetwork(cloud, await changeAndRead(cloud, 'network', textChanges(vnet, change), info));
    },

    /** 2 calls. */
    async remove(id) {
      const vnet = await readOwnVnet(cloud, 'network', id);
      await requireUnused(cloud, 'network', vnet);
      await translateErrors('network', () => cloud.client.call('one.vn.delete', [vnet.ID], z.int()));
      tokens.forget(`network ${id}`);
    },

    lingers: LINGER_SECONDS,
    cannotHoldValue: (name, value) => TEXTS.includes(name) && !isHeld(value),
  };
};
