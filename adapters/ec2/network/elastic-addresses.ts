/** Elastic addresses: reserved for the tenant, and given to one interface at a time. */
import type { Filter } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import type { NativeId } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { isRefused, translateErrors } from '../api/errors.ts';
import { byId } from '../api/pages.ts';
import { type Cloud, fence, isOwn, noSuch, notSeen, tokenFilters } from '../cloud.ts';
import { type Address, addresses, type Instance, type InstanceInterface } from '../native/index.ts';
import { nameOf, type Wishes } from './interface-request.ts';

export const isAllocationId = (id: string): boolean => /^eipalloc-[0-9a-f]{8,17}$/.test(id);

const inUse = (cause?: unknown): OcciError =>
  new OcciError('conflict', 'The ipreservation is in use by another networkinterface.', { cause });

/** True for an address that is associated with an interface or an instance. */
export const isUsed = ({ AssociationId, InstanceId, NetworkInterfaceId }: Address): boolean =>
  Boolean(AssociationId || InstanceId || NetworkInterfaceId);

/** The tenant's addresses that pass the filters, sorted by id: 1 call. EC2 does not page addresses. */
export async function readAddresses(cloud: Cloud, filters: readonly Filter[] = []): Promise<Address[]> {
  const Filters = [...fence(cloud), ...filters];
  const all = await translateErrors('ipreservation', () => cloud.ec2.call('DescribeAddresses', { Filters }, addresses));
  return all.filter(({ Tags }) => isOwn(cloud, Tags)).sort(byId(({ AllocationId }: Address) => AllocationId));
}

/** An address of the tenant: 1 call. Throws `notFound`. */
export async function readAddress(cloud: Cloud, id: NativeId): Promise<Address> {
  if (!isAllocationId(id)) throw noSuch('ipreservation');
  const [found] = await translateErrors('ipreservation', () =>
    cloud.ec2.call('DescribeAddresses', { AllocationIds: [id] }, addresses),
  );
  if (!found || !isOwn(cloud, found.Tags)) throw notSeen(cloud, 'ipreservation', found);
  return found;
}

/** Those of the given addresses that belong to the tenant, by id: 1 call, or no call without ids. */
export async function addressesById(cloud: Cloud, ids: readonly NativeId[]): Promise<ReadonlyMap<NativeId, Address>> {
  const Values = [...new Set(ids)].filter(isAllocationId);
  if (Values.length === 0) return new Map();
  const found = await readAddresses(cloud, [{ Name: 'allocation-id', Values }]);
  return new Map(found.map((one) => [one.AllocationId, one]));
}

/** The address that a create with this token reserved: 1 call. */
export async function findAddress(cloud: Cloud, token: string): Promise<Address | undefined> {
  const [found] = await readAddresses(cloud, tokenFilters(cloud, token));
  return found;
}

/** Throws `conflict` for an address in use, `invalid` if the client asked for another address than the reserved one. */
export function requireUsable(address: Address, wishes: Wishes): void {
  requireSame(address, wishes);
  if (isUsed(address)) throw inUse();
}

/** Throws `invalid` if the client asked for another address than the reserved one. */
export function requireSame({ PublicIp }: Address, { address }: Wishes): void {
  if (address === undefined || address === PublicIp) return;
  throw new OcciError('invalid', `The address ${address} is not that of the ipreservation.`);
}

/** The interface of an instance at this device index. Throws `invalid`. */
export function interfaceAt({ NetworkInterfaces }: Instance, index = 0): InstanceInterface {
  const found = NetworkInterfaces.find(({ Attachment }) => (Attachment?.DeviceIndex ?? 0) === index);
  if (found) return found;
  throw new OcciError('invalid', `The compute has no interface ${nameOf(index)}.`);
}

/**
 * Associates an address with an interface of an instance: 1 call. Has no effect if the interface already has the
 * address. Never takes an address from another interface. Throws `conflict` if the address or the interface is taken.
 */
export async function associate(cloud: Cloud, instance: Instance, id: NativeId, index?: number): Promise<void> {
  const { NetworkInterfaceId } = interfaceAt(instance, index);
  const input = { AllocationId: id, NetworkInterfaceId, AllowReassociation: false };
  await translateErrors('networkinterface', async () => {
    try {
      await cloud.ec2.call('AssociateAddress', input, z.unknown());
    } catch (error) {
      if (!isRefused(error, /^Resource\.AlreadyAssociated$/)) throw error;
      const now = await readAddress(cloud, id);
      if (now.NetworkInterfaceId === NetworkInterfaceId) return;
      throw isUsed(now)
        ? inUse(error)
        : new OcciError('conflict', `The interface ${nameOf(index ?? 0)} has another reserved address.`, {
            cause: error,
          });
    }
  });
}
