/** How a further interface is made and attached: all of it or nothing, and once for a token. */
import * as z from 'zod';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import { isRefused } from '../api/errors.ts';
import { readAll } from '../api/pages.ts';
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
import { release, sweepAll } from './interface-cleanup.ts';
import { indexIn, primaryOf } from './interface-links.ts';
import { addressInput, nameOf, type Wishes } from './interface-request.ts';

/** What is to be made. */
export interface InterfaceOrder {
  readonly instance: Instance;
  readonly subnet: Subnet;
  readonly wishes: Wishes;
  /** The token of the create. */
  readonly token: string;
}

/** Numbers that are tried when others take them at the same time; no machine has more interfaces. */
const MOST = 32;

/** Interfaces that are made for one token where the first was of an attempt that was taken back. */
const ATTEMPTS = 2;

/** A new interface may be unknown to EC2 for a moment. What was made stays for a retry, and is deleted if there is none. */
const notSeenYet = (cause: unknown): OcciError =>
  new OcciError('unavailable', 'The cloud does not show the new network interface yet; try again.', {
    cause,
    unknownOutcome: true,
    headers: { 'Retry-After': '5' },
  });

/** The groups of the machine: those of its first interface. */
function groupsOf(instance: Instance): string[] {
  const { Groups = [] } = primaryOf(instance) ?? {};
  return (Groups.length > 0 ? Groups : instance.SecurityGroups).map(({ GroupId }) => GroupId);
}

/**
 * What an earlier attempt made, whose input was another: the groups of the machine have changed since. 1 call. Attached
 * to this machine before attached to none; one that something else has is not it.
 */
async function madeBefore(cloud: Cloud, { instance, subnet, token }: InterfaceOrder) {
  const input = { Filters: tokenFilters(cloud, token) };
  const all = await readAll(cloud, 'DescribeNetworkInterfaces', input, networkInterfaces);
  const here = all.filter(({ SubnetId }) => SubnetId === subnet.SubnetId);
  return (
    here.find(({ Attachment }) => Attachment?.InstanceId === instance.InstanceId) ??
    here.find(({ Attachment }) => Attachment?.InstanceId === undefined)
  );
}

/** Makes the interface: 1 call. Where addresses or interfaces are short, once more when what removed links left is gone. */
async function make(cloud: Cloud, order: InterfaceOrder, native: string): Promise<NetworkInterface> {
  const { instance, subnet, wishes, token } = order;
  const groups = groupsOf(instance);
  const Tags = tagsFor(cloud, token, { attributes: {} });
  const input = {
    ClientToken: clientToken(native),
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
      const before = await madeBefore(cloud, order);
      if (before) return before;
    }
    if (wishes.address !== undefined && isRefused(error, /^InvalidParameterValue$/)) {
      throw new OcciError('invalid', `The address ${wishes.address} is none that the network gives out.`, {
        cause: error,
      });
    }
    if (!isRefused(error, /InUse$|LimitExceeded$|^InsufficientFreeAddressesInSubnet$/)) throw error;
    await sweepAll(cloud);
    return await attempt();
  }
}

/** True where the number in the machine is what EC2 refuses. */
const isTaken = (error: unknown): boolean =>
  isRefused(error, /^InvalidParameter|DeviceIndex/) && /device ?index/i.test(error.sentence);

/**
 * Attaches it at the number that is asked for, else at the first free one: 1 call, 1 more for each that somebody takes
 * meanwhile.
 */
async function attach(
  { ec2 }: Cloud,
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
      const { AttachmentId } = await ec2.call('AttachNetworkInterface', input, attachedInterface);
      return { AttachmentId, DeviceIndex: index, Status: 'attaching' };
    } catch (error) {
      if (!isTaken(error)) throw error;
      if (wanted !== undefined || taken.size >= MOST) throw nameInUse(index, error);
      taken.add(index);
    }
  }
}

export const nameInUse = (index: number, cause?: unknown): OcciError =>
  new OcciError('conflict', `The interface ${nameOf(index)} of this compute is in use.`, { cause });

/** The attachment of an interface to this machine, which another attempt under the same token made: 1 call. */
async function attachedAlready({ ec2 }: Cloud, { instance }: InterfaceOrder, id: string) {
  const { items } = await ec2.call('DescribeNetworkInterfaces', { NetworkInterfaceIds: [id] }, networkInterfaces);
  const { AttachmentId, InstanceId, DeviceIndex = 0, Status = 'attached' } = items[0]?.Attachment ?? {};
  return InstanceId === instance.InstanceId && AttachmentId !== undefined
    ? { AttachmentId, DeviceIndex, Status }
    : undefined;
}

/** After a refusal to attach nothing is left of the interface; where the outcome is not known, a retry finds it. */
async function takenBack(cloud: Cloud, { NetworkInterfaceId }: NetworkInterface, error: unknown): Promise<unknown> {
  if (isRefused(error, /./) || isFailure(error, 'conflict')) await release(cloud, NetworkInterfaceId).catch(() => {});
  if (!isRefused(error, /^AttachmentLimitExceeded$/)) return error;
  return new OcciError('conflict', 'A compute of this size can have no further networkinterface.', { cause: error });
}

/** An interface and what attaches it. */
type Attached = Pick<NetworkInterface, 'NetworkInterfaceId' | 'Attachment'>;

/** It goes with the machine. Where this fails it is found later, attached to nothing. */
export const goesWithMachine = ({ ec2 }: Cloud, { NetworkInterfaceId, Attachment }: Attached): Promise<unknown> =>
  ec2
    .call(
      'ModifyNetworkInterfaceAttribute',
      { NetworkInterfaceId, Attachment: { AttachmentId: Attachment?.AttachmentId, DeleteOnTermination: true } },
      z.unknown(),
    )
    .catch(() => undefined);

/**
 * Makes an interface and attaches it: 3 calls. EC2 gives a token again what it made for it, even when that was taken
 * back since: then the next of a row of tokens that follows from this one is tried. Throws as `Ec2.call`, and
 * `conflict`.
 */
export async function makeAttached(cloud: Cloud, order: InterfaceOrder): Promise<InstanceInterface> {
  let native = order.token;
  for (let attempt = 1; ; attempt++) {
    const made = await make(cloud, order, native);
    const { NetworkInterfaceId: id } = made;
    try {
      const nic = { ...made, Attachment: await attach(cloud, order, made) };
      await goesWithMachine(cloud, nic);
      return nic;
    } catch (error) {
      if (isRefused(error, /^InvalidNetworkInterfaceID\.NotFound$/)) {
        if (attempt === ATTEMPTS) throw notSeenYet(error);
        native = `${order.token} ${id}`;
        continue;
      }
      const Attachment = await attachedAlready(cloud, order, id).catch(() => undefined);
      if (Attachment) {
        await goesWithMachine(cloud, { ...made, Attachment });
        return { ...made, Attachment };
      }
      throw await takenBack(cloud, made, error);
    }
  }
}
