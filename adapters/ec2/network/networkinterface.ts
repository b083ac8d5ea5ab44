/** Network interfaces: an instance in a subnet, or a reserved address on one of its interfaces. */
import * as z from 'zod';
import { requireNoOther } from '../../../lib/adapter/changes.ts';
import type { KindAdapter, Native, NativeId } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { orGone, translateErrors } from '../api/errors.ts';
import { readAll } from '../api/pages.ts';
import { type Cloud, memoryOf, noSuch, tokenFilters } from '../cloud.ts';
import { linkReads } from '../machine/link-reads.ts';
import { elasticOf } from '../machine/reads.ts';
import { type Instance, networkInterfaces } from '../native/index.ts';
import { readAddress } from './elastic-addresses.ts';
import { attachToAddress, attachToNetwork } from './interface-attach.ts';
import { release, sweepAll, sweepRecent } from './interface-cleanup.ts';
import { goesWithMachine } from './interface-create.ts';
import { indexIn, toNetworkinterfaces } from './interface-links.ts';
import { cannotHoldOfInterface, GATEWAY } from './interface-request.ts';
import { dropTagged, settleAddresses, taggedAddresses } from './pending-addresses.ts';

type Link = Native<'networkinterface'>;

/** True for the id of a link to an ipreservation. */
const isAddressLink = (id: NativeId): boolean => id.includes(':eipalloc-');

/** Detaches a further interface and deletes it: 2 calls, or 3. EC2 accepts the detach and completes it later. */
async function detach(cloud: Cloud, { NetworkInterfaces }: Instance, { id }: Link): Promise<void> {
  const [, attachment, nicId] = id.split(':');
  const nic = NetworkInterfaces.find(({ NetworkInterfaceId }) => NetworkInterfaceId === nicId);
  if (!nic || attachment === undefined) throw noSuch('networkinterface');
  if (indexIn(nic) === 0) {
    throw new OcciError('conflict', 'The first interface of a compute cannot be taken away: it goes with the compute.');
  }
  if (nic.Attachment?.Status !== 'detaching') {
    await cloud.ec2.call('DetachNetworkInterface', { AttachmentId: attachment }, z.unknown());
  }
  await release(cloud, nic.NetworkInterfaceId).catch(() => {});
}

/** Takes a reserved address from an instance (2 calls), or cancels one that is still pending (1 call). */
async function takeAddress(cloud: Cloud, instance: Instance, { target }: Link): Promise<void> {
  const allocation = target!.id;
  if (taggedAddresses(instance).some(({ allocationId }) => allocationId === allocation)) {
    await dropTagged(cloud, instance, allocation);
  }
  const { AssociationId, NetworkInterfaceId } = await readAddress(cloud, allocation);
  const isHere = instance.NetworkInterfaces.some((nic) => nic.NetworkInterfaceId === NetworkInterfaceId);
  if (!isHere) return;
  const disassociate = cloud.ec2.call('DisassociateAddress', { AssociationId }, z.unknown());
  await disassociate.catch(orGone(/^InvalidAssociationID\.NotFound$/));
}

export const networkinterface = (cloud: Cloud): KindAdapter<'networkinterface'> => {
  const { tokens } = cloud;
  const { list, ids, read } = linkReads(cloud, 'networkinterface', (_, instance, elastic) =>
    toNetworkinterfaces(instance, elastic),
  );

  /**
   * 1 call, 2 with an elastic address. The first read after a start associates pending addresses. Cleans up after
   * earlier removes in parallel.
   */
  const get = async (id: NativeId): Promise<Link> => {
    const [{ instance, link }] = await Promise.all([read(id), sweepRecent(cloud)]);
    if (!isAddressLink(id)) return link;
    const settled = await settleAddresses(cloud, instance);
    if (settled === instance) return link;
    const links = toNetworkinterfaces(settled, await elasticOf(cloud, [settled]));
    return links.find((one) => one.id === id) ?? link;
  };

  return {
    /** 1 call per page of instances, and 1 more for elastic addresses if there are any. */
    list: async (query) => (await Promise.all([list(query), sweepRecent(cloud)]))[0],
    ids,
    get,

    /**
     * 2 calls, or 1 if it finds nothing: the tag is on the interface, the link comes from the instance. 1 more for an
     * interface that is not yet deleted with its instance. An address is found by its association.
     */
    async findByToken(token) {
      const input = { Filters: tokenFilters(cloud, token) };
      const found = await translateErrors('networkinterface', () =>
        readAll(cloud, 'DescribeNetworkInterfaces', input, networkInterfaces),
      );
      const nic = found.find((one) => one.Attachment?.InstanceId !== undefined);
      const { NetworkInterfaceId, Attachment } = nic ?? {};
      if (!nic || Attachment?.AttachmentId === undefined) return undefined;
      // The create died before it could set this.
      if (Attachment.DeleteOnTermination === false) await goesWithMachine(cloud, nic);
      return get(`${Attachment.InstanceId}:${Attachment.AttachmentId}:${NetworkInterfaceId}`);
    },

    /** 5 calls for a network, 3 for an ipreservation. */
    async create(draft, token) {
      const { source, target } = draft;
      if (source?.kind !== 'compute' || !target) {
        throw new OcciError('invalid', 'A networkinterface starts at a compute and ends at a network.');
      }
      let fresh: Link | undefined;
      const made = await tokens.createOnce(memoryOf(cloud, 'networkinterface'), token, async () => {
        fresh =
          target.kind === 'ipreservation'
            ? await attachToAddress(cloud, { ...draft, source, target })
            : await attachToNetwork(cloud, { ...draft, source, target }, token);
        return fresh.id;
      });
      return fresh ?? get(made);
    },

    /** 1 call, 2 with an elastic address. An interface stays what it was when it was attached. */
    async update(id, change) {
      const { link } = await read(id);
      requireNoOther(link, change);
      return link;
    },

    /**
     * 4 calls for a network, 1 more while EC2 is detaching; 4 for an ipreservation too. Also deletes what earlier
     * removes left. Throws `conflict` for the first interface of a compute.
     */
    async remove(id: NativeId) {
      const [{ instance, link }] = await Promise.all([read(id), isAddressLink(id) ? undefined : sweepAll(cloud)]);
      await translateErrors('networkinterface', () =>
        (isAddressLink(id) ? takeAddress : detach)(cloud, instance, link),
      );
      tokens.forget(id);
    },

    // A detach is accepted, not completed: a guest may hold on to its interface, and the link then shows up again.
    lingers: 60,
    givesAnyway: ['occi.networkinterface.mac'],
    cannotHold: ['occi.core.title', GATEWAY],
    cannotHoldValue: cannotHoldOfInterface,
  };
};
