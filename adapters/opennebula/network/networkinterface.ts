/** Network interfaces: NICs and their aliases, attached and detached while the machine runs or is powered off. */
import * as z from 'zod';
import type { KindAdapter, Native } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { type Cloud, LINGER_SECONDS } from '../cloud.ts';
import { inTurn } from '../machine/hotplug.ts';
import { linkReads } from '../machine/link-reads.ts';
import { suffixOf } from '../template/naming.ts';
import { attachNic, refused } from './interface-attach.ts';
import { isLink, MAC, nicsOf, toNetworkinterface, toNetworkinterfaces } from './interface-links.ts';

export { nicOf, toNetworkinterfaces } from './interface-links.ts';

const LINK_ID = /^(\d+):nic(\d+):net(\d+)(?::[0-9a-f]{12})?$/;

export const networkinterface = (cloud: Cloud): KindAdapter<'networkinterface'> => {
  const { tokens } = cloud;
  const { list, ids, get, readOwn, find } = linkReads(cloud, 'networkinterface', toNetworkinterfaces);

  return {
    list,
    ids,
    get,

    findByToken(token) {
      const own = suffixOf(token);
      return find((vm) => {
        const nic = nicsOf(vm).find(({ OCCI_TOKEN }) => OCCI_TOKEN === own);
        return nic && isLink(vm, nic) ? toNetworkinterface(vm, nic) : undefined;
      });
    },

    /** 1 request, of 2 calls; as many again while another link of the machine is on its way. */
    async create(draft, token) {
      const { uid } = await cloud.verdict();
      let fresh: Native<'networkinterface'> | undefined;
      const made = await tokens.createOnce(`networkinterface ${uid}`, token, async () => {
        fresh = await attachNic(cloud, draft, token);
        return `networkinterface ${fresh.id}`;
      });
      return fresh ?? get(made.slice('networkinterface '.length));
    },

    /** 1 call. A NIC stays what it was when it was attached; the title of a link is in the store. */
    async update(id, { set, unset }) {
      const { link } = await readOwn(id);
      const other =
        Object.keys(set).find((name) => set[name] !== link.attributes[name]) ??
        unset.find((name) => link.attributes[name] !== undefined);
      if (other === undefined) return link;
      throw new OcciError(
        'notImplemented',
        `The attribute ${other} of a networkinterface cannot be changed in this cloud: delete the link and make another.`,
      );
    },

    /** 2 calls; accepted, not done: until then its address is in use. */
    async remove(id) {
      const { vm } = await readOwn(id);
      const nic = Number(LINK_ID.exec(id)![2]);
      try {
        await inTurn(() => cloud.client.call('one.vm.detachnic', [vm.ID, nic], z.int()));
      } catch (error) {
        throw refused(error);
      }
      tokens.forget(`networkinterface ${id}`);
    },

    lingers: LINGER_SECONDS,
    givesAnyway: [MAC],
    cannotHold: ['occi.core.title'],
  };
};
