/** Creates and attaches a further interface: all or nothing, and once per token. */
import * as z from 'zod';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import { isRefused } from '../api/errors.ts';
import { readAll } from '../api/pages.ts';
import { notShownYet, onceShown } from '../api/visibility.ts';
import { type Cloud, clientToken, tagsFor, tokenFilters } from '../cloud.ts';
import {
  attachedInterface,
  type Instance,
  type InstanceInterface,
  madeInterface,
  type NetworkInterface,
  networkInterfaces,
  type Subnet,
} from '../native/index.ts';
import { Recent } from '../recent.ts';
import { INTERFACE_UNSEEN, isDeletedHere, keepAttached, leaveToRetry, release, sweepAll } from './interface-cleanup.ts';
import { indexIn, primaryOf } from './interface-links.ts';
import { addressInput, nameOf, type Wishes } from './interface-request.ts';

/** The interface to create. */
interface InterfaceOrder {
  readonly instance: Instance;
  readonly subnet: Subnet;
  readonly wishes: Wishes;
  /** The token of the create. */
  readonly token: string;
}

/** Device indexes to try while concurrent requests take the free ones. No instance type has more interfaces. */
const MAX_INTERFACES = 32;

/** ClientTokens to try per create, since earlier attempts may have deleted their interfaces again. */
const MAX_TOKENS = 5;

/** When this process first failed to see an interface, in milliseconds since the epoch. */
const MISSED = new Recent<number>('networkinterface', 60 * 60_000);

/** After this time an interface that was never seen is taken for deleted. EC2 shows new things within seconds. */
const DELETED_AFTER_MS = 30_000;

/** The security groups of the instance are those of its first interface. */
function groupsOf(instance: Instance): string[] {
  const { Groups = [] } = primaryOf(instance) ?? {};
  return (Groups.length > 0 ? Groups : instance.SecurityGroups).map(({ GroupId }) => GroupId);
}

/**
 * The interface of an earlier attempt with other parameters, because the groups of the instance have changed since. 1
 * call. Prefers one that is attached to this instance to an unattached one, and ignores one attached elsewhere.
 */
async function interfaceOfEarlierAttempt(cloud: Cloud, { instance, subnet, token }: InterfaceOrder) {
  const input = { Filters: tokenFilters(cloud, token) };
  const all = await readAll(cloud, 'DescribeNetworkInterfaces', input, networkInterfaces);
  const here = all.filter(({ SubnetId }) => SubnetId === subnet.SubnetId);
  return (
    here.find(({ Attachment }) => Attachment?.InstanceId === instance.InstanceId) ??
    here.find(({ Attachment }) => Attachment?.InstanceId === undefined)
  );
}

/**
 * Creates the interface: 1 call. If addresses or interfaces are exhausted, cleans up after removed links and retries
 * once.
 */
async function createInterface(
  cloud: Cloud,
  order: InterfaceOrder,
  clientTokenSeed: string,
): Promise<NetworkInterface> {
  const { instance, subnet, wishes, token } = order;
  const groups = groupsOf(instance);
  const Tags = tagsFor(cloud, token, { attributes: {} });
  const input = {
    ClientToken: clientToken(clientTokenSeed),
    SubnetId: subnet.SubnetId,
    ...addressInput(wishes, subnet),
    ...(groups.length > 0 && { Groups: groups }),
    TagSpecifications: [{ ResourceType: 'network-interface' as const, Tags }],
  };
  const attempt = () => cloud.ec2.call('CreateNetworkInterface', input, madeInterface);
  try {
    return await attempt();
  } catch (error) {
    if (isRefused(error, /^IdempotentParameterMismatch$/)) {
      const before = await interfaceOfEarlierAttempt(cloud, order);
      if (before) return before;
    }
    if (wishes.address !== undefined && isRefused(error, /^InvalidParameterValue$/)) {
      throw new OcciError('invalid', `The address ${wishes.address} is not an address of this network.`, {
        cause: error,
      });
    }
    if (!isRefused(error, /InUse$|LimitExceeded$|^InsufficientFreeAddressesInSubnet$/)) throw error;
    await sweepAll(cloud);
    return await attempt();
  }
}

/** True if EC2 refused because the device index is taken. */
const isTaken = (error: unknown): boolean =>
  isRefused(error, /^InvalidParameter|DeviceIndex/) && /device ?index/i.test(error.sentence);

/**
 * Attaches the interface at the requested device index, else at the first free one: 1 call, 1 more for each index that
 * a concurrent request takes, and more while EC2 does not show the new interface.
 */
async function attachInterface(
  cloud: Cloud,
  { instance, wishes }: InterfaceOrder,
  { NetworkInterfaceId }: NetworkInterface,
): Promise<InstanceInterface['Attachment']> {
  const taken = new Set(instance.NetworkInterfaces.map(indexIn));
  const { InstanceId } = instance;
  const { index: wanted } = wishes;
  for (;;) {
    let index = wanted ?? 1;
    if (wanted === undefined) while (taken.has(index)) index++;
    try {
      const input = { InstanceId, NetworkInterfaceId, DeviceIndex: index };
      const { AttachmentId } = await onceShown(cloud, INTERFACE_UNSEEN, () =>
        cloud.ec2.call('AttachNetworkInterface', input, attachedInterface),
      );
      return { AttachmentId, DeviceIndex: index, Status: 'attaching' };
    } catch (error) {
      if (!isTaken(error)) throw error;
      if (wanted !== undefined || taken.size >= MAX_INTERFACES) throw nameInUse(index, error);
      taken.add(index);
    }
  }
}

export const nameInUse = (index: number, cause?: unknown): OcciError =>
  new OcciError('conflict', `The interface ${nameOf(index)} of this compute is in use.`, { cause });

/** The attachment of an interface to this instance by another attempt under the same token: 1 call. */
async function attachedAlready({ ec2 }: Cloud, { instance }: InterfaceOrder, id: string) {
  const { items } = await ec2.call('DescribeNetworkInterfaces', { NetworkInterfaceIds: [id] }, networkInterfaces);
  const { AttachmentId, InstanceId, DeviceIndex = 0, Status = 'attached' } = items[0]?.Attachment ?? {};
  return InstanceId === instance.InstanceId && AttachmentId !== undefined
    ? { AttachmentId, DeviceIndex, Status }
    : undefined;
}

/** Deletes the interface after a refusal to attach. If the outcome is unknown, it stays for the retry. */
async function takenBack(cloud: Cloud, { NetworkInterfaceId }: NetworkInterface, error: unknown): Promise<unknown> {
  if (isRefused(error, /./) || isFailure(error, 'conflict')) await release(cloud, NetworkInterfaceId).catch(() => {});
  if (!isRefused(error, /^AttachmentLimitExceeded$/)) return error;
  return new OcciError('conflict', 'A compute of this size can have no further networkinterface.', { cause: error });
}

/** An interface and its attachment. */
type Attached = Pick<NetworkInterface, 'NetworkInterfaceId' | 'Attachment'>;

/** Deletes the interface with the instance. If this call fails, the cleanup finds the interface unattached later. */
export function goesWithMachine(cloud: Cloud, { NetworkInterfaceId, Attachment }: Attached): Promise<unknown> {
  const { AttachmentId } = Attachment ?? {};
  const input = { NetworkInterfaceId, Attachment: { AttachmentId, DeleteOnTermination: true } };
  const set = () => cloud.ec2.call('ModifyNetworkInterfaceAttribute', input, z.unknown());
  return onceShown(cloud, INTERFACE_UNSEEN, set).catch(() => undefined);
}

/** True for an interface in the answer to a create that an earlier attempt has deleted, as far as this process knows. */
function isDeleted(cloud: Cloud, id: string): boolean {
  const missed = MISSED.get(cloud, id);
  return isDeletedHere(cloud, id) || (missed !== undefined && Date.now() - missed > DELETED_AFTER_MS);
}

/** EC2 has not shown the interface in time: it stays for the next attempt, and is deleted if none comes. */
function notSeen(cloud: Cloud, id: string, error: unknown): OcciError {
  if (MISSED.get(cloud, id) === undefined) MISSED.keep(cloud, id, Date.now());
  leaveToRetry(cloud, id);
  return notShownYet('network interface', error);
}

/**
 * Creates an interface and attaches it: 3 calls, more while EC2 does not show it. EC2 replays the interface first
 * created with a ClientToken, even if it has since been deleted; for one that is known to be deleted we derive the next
 * token in a fixed sequence. One that is only not visible is waited for, and never replaced. Throws as `Ec2.call`, and
 * `conflict`.
 */
export async function makeAttached(cloud: Cloud, order: InterfaceOrder): Promise<InstanceInterface> {
  let clientTokenSeed = order.token;
  for (let attempt = 1; ; attempt++) {
    const made = await createInterface(cloud, order, clientTokenSeed);
    const { NetworkInterfaceId: id } = made;
    if (attempt < MAX_TOKENS && isDeleted(cloud, id)) {
      clientTokenSeed = `${order.token} ${id}`;
      continue;
    }
    try {
      const nic = { ...made, Attachment: await attachInterface(cloud, order, made) };
      keepAttached(cloud, id);
      await goesWithMachine(cloud, nic);
      return nic;
    } catch (error) {
      if (isRefused(error, INTERFACE_UNSEEN)) throw notSeen(cloud, id, error);
      const Attachment = await attachedAlready(cloud, order, id).catch(() => undefined);
      if (Attachment) {
        await goesWithMachine(cloud, { ...made, Attachment });
        return { ...made, Attachment };
      }
      throw await takenBack(cloud, made, error);
    }
  }
}
