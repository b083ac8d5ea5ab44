/** Reserved addresses: one address of a network that is a pool, in a virtual network of its own. */

import * as z from 'zod';
import { addressOf, addressText } from '../../../lib/adapter/addresses.ts';
import type { KindAdapter, Native } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { typeId } from '../../../lib/occi/types.ts';
import type { Call } from '../api/client.ts';
import { translateErrors } from '../api/errors.ts';
import { changeAndRead } from '../api/multicall.ts';
import { type Cloud, LINGER_SECONDS } from '../cloud.ts';
import { mixinId, objectOfMixin } from '../mixins.ts';
import { type Vnet, vnet as vnetShape } from '../native/index.ts';
import { networkState } from '../states.ts';
import { describing, ourTexts, removing, UPDATE } from '../template/descriptions.ts';
import { isHeld, uniqueNameOf } from '../template/naming.ts';
import { encodeTemplate } from '../template/write.ts';
import {
  highestVnet,
  parentOf,
  readOwnVnet,
  readVnet,
  readVnets,
  requireUnused,
  reservedRange,
  vnetOfToken,
} from './reads.ts';
import { reserve } from './reserve.ts';

const ADDRESS = 'occi.ipreservation.address';

/**
 * The pool that it is from. A reservation has the attributes that its network had, so both say whether they are of a
 * pool.
 */
function poolOf(vnet: Vnet, { settings }: Cloud): number | undefined {
  const parent = parentOf(vnet);
  if (parent === undefined) return undefined;
  const { floatingIpPools: named } = settings;
  const isPool = named ? named.includes(parent) : /^yes$/i.test(vnet.TEMPLATE.FLOATING_IP_POOL ?? '');
  return isPool ? parent : undefined;
}

export function toIpreservation(cloud: Cloud, vnet: Vnet): Native<'ipreservation'> {
  const { state, message } = networkState(vnet);
  const range = reservedRange(vnet);
  const address = addressOf(range?.IP ?? range?.IP6 ?? range?.IP6_GLOBAL);
  const pool = poolOf(vnet, cloud);
  // The reservation inherits the network's description, which does not describe the reservation.
  const { DESCRIPTION, ...others } = vnet.TEMPLATE;
  return {
    kind: 'ipreservation',
    id: String(vnet.ID),
    attributes: {
      ...ourTexts(vnet.NAME, others.OCCI_NAME === vnet.NAME ? vnet.TEMPLATE : others),
      ...(address && { [ADDRESS]: addressText(address.first, address.bits) }),
      'occi.ipreservation.used': (vnet.USED_LEASES ?? 0) > 0,
      'occi.ipreservation.state': state,
      ...(message !== undefined && { 'occi.ipreservation.state.message': message }),
    },
    mixins: pool === undefined ? [] : [mixinId('floatingippool', pool)],
    links: [],
  };
}

export const ipreservation = (cloud: Cloud): KindAdapter<'ipreservation'> => {
  const { tokens } = cloud;

  /** Several changes of one, and what it is then: 1 request. */
  const changed = async (id: number, calls: readonly Call<number>[]): Promise<Native<'ipreservation'>> => {
    const info: Call<Vnet> = { method: 'one.vn.info', params: [id], shape: vnetShape };
    return toIpreservation(cloud, await changeAndRead(cloud, 'ipreservation', calls, info));
  };

  return {
    /** 1 call per page. */
    async ids(query) {
      const page = await readVnets(cloud, 'ipreservation', query);
      return { ...page, items: page.items.map(({ ID }) => String(ID)) };
    },

    async list(query) {
      const page = await readVnets(cloud, 'ipreservation', query);
      return { ...page, items: page.items.map((vnet) => toIpreservation(cloud, vnet)) };
    },

    get: async (id) => toIpreservation(cloud, await readVnet(cloud, 'ipreservation', id)),
    finding: { by: 'number', highest: () => highestVnet(cloud, 'ipreservation') },

    async findByToken(token) {
      const vnet = await vnetOfToken(cloud, 'ipreservation', token);
      return vnet && toIpreservation(cloud, vnet);
    },

    /** 2 requests; 1 more for an address that is asked for. */
    async create(draft, token) {
      const { uid } = await cloud.verdict();
      const { name, attributes } = uniqueNameOf('ipreservation', draft.attributes['occi.core.title'], token);
      const made = await tokens.createOnce(`ipreservation ${uid}`, token, async () => {
        const id = await translateErrors('ipreservation', () => reserve(cloud, draft, name, token));
        return `ipreservation ${id}`;
      });
      const id = Number(made.slice('ipreservation '.length));
      const summary = draft.attributes['occi.core.summary'];
      const update = (template: string): Call<number> => ({
        method: 'one.vn.update',
        params: [id, template, UPDATE.append],
        shape: z.int(),
      });
      const texts = update(encodeTemplate({ ...attributes, DESCRIPTION: summary }));
      // What the network has comes with the reservation.
      return changed(id, summary === undefined ? [update(removing(['DESCRIPTION'])), texts] : [texts]);
    },

    /** 2 requests. Throws `notImplemented` for another address or pool. */
    async update(id, change) {
      const vnet = await readOwnVnet(cloud, 'ipreservation', id);
      const present = toIpreservation(cloud, vnet);
      const [wanted, now] = [addressOf(change.set[ADDRESS]), addressOf(present.attributes[ADDRESS])];
      const other = change.addMixins.find(
        (mixin) =>
          objectOfMixin('floatingippool', typeId(mixin)) !== undefined && !present.mixins.includes(typeId(mixin)),
      );
      if ((wanted && wanted.first !== now?.first) || other) {
        throw new OcciError(
          'notImplemented',
          'A reserved address cannot be changed for another; reserve that one instead.',
        );
      }
      return changed(vnet.ID, describing('vn', 'ipreservation', vnet, change));
    },

    /** 2 calls. */
    async remove(id) {
      const vnet = await readOwnVnet(cloud, 'ipreservation', id);
      await requireUnused(cloud, 'ipreservation', vnet);
      await translateErrors('ipreservation', () => cloud.client.call('one.vn.delete', [vnet.ID], z.int()));
      tokens.forget(`ipreservation ${id}`);
    },

    lingers: LINGER_SECONDS,
    cannotHoldValue: (name, value) => (name === 'occi.core.title' || name === 'occi.core.summary') && !isHeld(value),
  };
};
