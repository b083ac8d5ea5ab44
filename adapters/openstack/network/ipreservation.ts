/** Reserved addresses: floating addresses of the project, from an external network as their pool. */
import { addressOf } from '../../../lib/adapter/addresses.ts';
import type { KindAdapter, Native } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { typeId } from '../../../lib/occi/types.ts';
import { translateErrors } from '../api/errors.ts';
import { ifOffered } from '../api/if-offered.ts';
import { readPage } from '../api/pages.ts';
import { path } from '../api/path.ts';
import { isStale } from '../api/revisions.ts';
import { type Pool, readPools } from '../catalogue/pools.ts';
import type { Cloud } from '../cloud.ts';
import { areGoing, stillUsed } from '../machine/going-servers.ts';
import { readPorts } from '../machine/machine.ts';
import { poolMixinId } from '../mixins.ts';
import { type FloatingIp, floatingIpsAnswer } from '../native/port.ts';
import { reservedState } from '../network-states.ts';
import { deleteAddress, findAddress, inUse, isUsed, readAddress, reserve } from './floating-addresses.ts';
import { spelled } from './subnets.ts';

const ADDRESS = 'occi.ipreservation.address';

export function toIpreservation(floatingIp: FloatingIp, pools: readonly Pool[]): Native<'ipreservation'> {
  const { id, floating_ip_address: address, floating_network_id: network, status } = floatingIp;
  const { state, message } = reservedState(status ?? 'ACTIVE');
  const pool = pools.find((one) => one.network === network);
  return {
    kind: 'ipreservation',
    id,
    attributes: {
      [ADDRESS]: spelled(address),
      'occi.ipreservation.used': isUsed(floatingIp),
      'occi.ipreservation.state': state,
      ...(message !== undefined && { 'occi.ipreservation.state.message': message }),
    },
    mixins: pool ? [poolMixinId(pool.name)] : [],
    links: [],
  };
}

/** True if the address is on a port of a server that is being deleted, or on one that is gone already: 2 calls. */
async function isOfGoing(cloud: Cloud, { port_id: id }: FloatingIp): Promise<boolean> {
  const ports = await readPorts(cloud, { id: [id!] }).catch(() => undefined);
  if (ports === undefined || ports.some(({ device_owner: owner }) => !owner.startsWith('compute:'))) return false;
  const servers = ports.map(({ device_id: device }) => device);
  return servers.length === 0 || (await areGoing(cloud, servers));
}

export const ipreservation = (cloud: Cloud): KindAdapter<'ipreservation'> => {
  const { tokens } = cloud;

  const shown = async (one: FloatingIp) => toIpreservation(one, await readPools(cloud));

  const page = async (query: Parameters<KindAdapter['list']>[0]) => {
    const { projectId } = await cloud.session();
    const read = () =>
      readPage(
        cloud,
        {
          service: 'network',
          path: path`floatingips`,
          shape: floatingIpsAnswer,
          itemsOf: ({ floatingips }) => floatingips,
          linksOf: ({ floatingips_links: links }) => links,
          query: { project_id: projectId },
        },
        query,
      );
    // A cloud without floating addresses has none.
    return translateErrors('ipreservation', () => ifOffered(read(), { items: [] }));
  };

  return {
    /** 1 call per page. */
    async ids(query) {
      const { items, ...rest } = await page(query);
      return { ...rest, items: items.map(({ id }) => id) };
    },

    /** 1 call per page, and 1 for the pools if they are not known. */
    async list(query) {
      const [{ items, ...rest }, pools] = await Promise.all([page(query), readPools(cloud)]);
      return { ...rest, items: items.map((one) => toIpreservation(one, pools)) };
    },

    get: async (id) => shown(await readAddress(cloud, id)),
    finding: { by: 'uuid' },

    async findByToken(token) {
      const found = await findAddress(cloud, token);
      return found && shown(found);
    },

    /** 2 calls, and 1 for the pools if they are not known. */
    async create(draft, token) {
      const { projectId } = await cloud.session();
      let fresh: FloatingIp | undefined;
      const id = await tokens.createOnce(`ipreservation ${projectId}`, token, async () => {
        fresh = (await findAddress(cloud, token)) ?? (await reserve(cloud, draft, token));
        return fresh.id;
      });
      return shown(fresh ?? (await readAddress(cloud, id)));
    },

    /** 1 call. Throws `notImplemented` for another address or pool. */
    async update(id, change) {
      const present = await shown(await readAddress(cloud, id));
      const [wanted, now] = [change.set[ADDRESS], present.attributes[ADDRESS]].map((text) =>
        addressOf(text as string | undefined),
      );
      const pool = change.addMixins.find((mixin) => !present.mixins.includes(typeId(mixin)));
      const isOther = wanted !== undefined && wanted.first !== now?.first;
      if (
        isOther ||
        pool ||
        change.unset.includes(ADDRESS) ||
        change.removeMixins.some((one) => present.mixins.includes(one))
      ) {
        throw new OcciError(
          'notImplemented',
          'A reserved address cannot be exchanged for another: reserve the other one instead.',
        );
      }
      return present;
    },

    /** 2 calls; 3 if it is in use. Throws `conflict` for an address in use, also if it came into use after it was read. */
    async remove(id) {
      const present = await readAddress(cloud, id);
      if (isUsed(present)) throw (await isOfGoing(cloud, present)) ? stillUsed('ipreservation') : inUse();
      await translateErrors('ipreservation', async () => {
        try {
          await deleteAddress(cloud, present);
        } catch (error) {
          throw isStale(error) ? inUse(error) : error;
        }
      });
      tokens.forget(id);
    },

    // Neutron has no name for an address, and its description holds the token of the create.
    cannotHold: ['occi.core.title', 'occi.core.summary'],
  };
};
