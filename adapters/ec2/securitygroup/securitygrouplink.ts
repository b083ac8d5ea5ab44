/** The securitygrouplink kind: a security group on every interface of an instance. OCCI links whole computes only. */

import * as z from 'zod';
import type { Draft, KindAdapter, Native } from '../../../lib/adapter/contract.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import { translateErrors } from '../api/errors.ts';
import { type Cloud, memoryOf, noSuch } from '../cloud.ts';
import { requireLiving } from '../machine/endings.ts';
import { linkReads } from '../machine/link-reads.ts';
import { readInstance } from '../machine/reads.ts';
import type { Instance, SecurityGroup } from '../native/index.ts';
import { groupIdOf, noSuchEnd, readGroup, toSecuritygrouplink, toSecuritygrouplinks } from './reads.ts';

/** Pending changes of this process, by instance. EC2 replaces all groups of an interface at once. */
const queues = new Map<string, Promise<unknown>>();

/** Serializes changes of one instance, so that no other change comes between a read and its write. */
function inTurn<T>(instance: string, work: () => Promise<T>): Promise<T> {
  const before = queues.get(instance) ?? Promise.resolve();
  const mine = before.then(work, work);
  queues.set(instance, mine);
  const leave = () => queues.get(instance) === mine && queues.delete(instance);
  mine.then(leave, leave);
  return mine;
}

const groupsOf = ({ Groups }: Instance['NetworkInterfaces'][number]): string[] => Groups.map(({ GroupId }) => GroupId);

/**
 * Waits before each read after a write. EC2 is eventually consistent and may still show the previous groups.
 */
const PAUSES_MS: readonly number[] = [0, 100, 200, 400, 800];

/** Time to reserve for the read after the last wait. */
const READ_RESERVE_MS = 1000;

/** The groups to set, by interface, for the interfaces that need a change. */
type Plan = (instance: Instance) => ReadonlyMap<string, readonly string[]>;

const write = (cloud: Cloud, [NetworkInterfaceId, groups]: readonly [string, readonly string[]]): Promise<unknown> => {
  const input = { NetworkInterfaceId, Groups: [...groups] };
  return translateErrors('securitygrouplink', () =>
    cloud.ec2.call('ModifyNetworkInterfaceAttribute', input, z.unknown()),
  );
};

/** A fingerprint of the groups of all interfaces: equal for two reads without a write between them. */
const fingerprintOf = ({ NetworkInterfaces }: Instance): string =>
  NetworkInterfaces.map((one) => [one.NetworkInterfaceId, ...groupsOf(one).sort()].join())
    .sort()
    .join(' ');

/**
 * Reads, writes and reads again until the plan is met: 2 calls, and 1 per interface. Other processes also replace all
 * groups of an interface, so a change that they overwrite is written again. If EC2 still shows the groups from before,
 * we only read again: EC2 has accepted the write, and repeating it could undo a later write of another process. Throws
 * `unavailable` if other processes keep writing.
 */
async function settle(cloud: Cloud, id: string, read: () => Promise<Instance>, plan: Plan): Promise<Instance> {
  return inTurn(id, async () => {
    const { deadline = Number.POSITIVE_INFINITY } = cloud;
    let instance = await read();
    let previous: string | undefined;
    for (let attempt = 0; ; attempt++) {
      const all = plan(instance);
      if (all.size === 0) return instance;
      const fingerprint = fingerprintOf(instance);
      const isUnchanged = fingerprint === previous;
      const pause = PAUSES_MS[attempt];
      if (pause === undefined || (attempt > 0 && Date.now() + pause + READ_RESERVE_MS > deadline)) {
        if (isUnchanged) return instance;
        break;
      }
      if (!isUnchanged) for (const one of all) await write(cloud, one);
      if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
      previous = fingerprint;
      instance = await read();
    }
    throw new OcciError('unavailable', 'The securitygroups of the compute are being changed by others; try again.', {
      unknownOutcome: true,
      headers: { 'Retry-After': '2' },
    });
  });
}

/** Throws `conflict` for an instance without interfaces, or in another VPC than the group. */
function requireLinkable(instance: Instance, group: SecurityGroup): void {
  requireLiving(instance);
  const { NetworkInterfaces, VpcId } = instance;
  if (NetworkInterfaces.length === 0) {
    throw new OcciError('conflict', 'The compute has no networkinterface yet, and without one no securitygroup.');
  }
  const isElsewhere = (vpc: string | undefined) =>
    vpc !== undefined && group.VpcId !== undefined && vpc !== group.VpcId;
  if (isElsewhere(VpcId) || NetworkInterfaces.some((one) => isElsewhere(one.VpcId))) {
    throw new OcciError('conflict', 'The securitygroup belongs to other networks (another VPC) than the compute.');
  }
}

/** Adds a group to all interfaces: 2 calls if they have it already, else 3 and 1 per interface. */
async function addGroup(
  cloud: Cloud,
  { source, target }: Draft<'securitygrouplink'>,
): Promise<Native<'securitygrouplink'>> {
  if (source?.kind !== 'compute' || !target) {
    throw new OcciError('invalid', 'A securitygrouplink starts at a compute and ends at a securitygroup.');
  }
  const orNoEnd = (kind: 'compute' | 'securitygroup') => (error: unknown) => {
    throw isFailure(error, 'notFound') ? noSuchEnd(kind, { cause: error, unseen: error.unseen }) : error;
  };
  const group = await readGroup(cloud, groupIdOf(target)).catch(orNoEnd('securitygroup'));
  const read = () => readInstance(cloud, source.id).catch(orNoEnd('compute'));
  const instance = await settle(cloud, source.id, read, (present) => {
    requireLinkable(present, group);
    const without = present.NetworkInterfaces.filter((one) => !groupsOf(one).includes(group.GroupId));
    return new Map(without.map((one) => [one.NetworkInterfaceId, [...groupsOf(one), group.GroupId]]));
  });
  return toSecuritygrouplink(instance, group.GroupId);
}

/** Removes a group from all interfaces. Throws `conflict` for the last group, since EC2 requires one per interface. */
const planWithout =
  (group: string): Plan =>
  ({ NetworkInterfaces }) => {
    const having = NetworkInterfaces.filter((one) => groupsOf(one).includes(group));
    if (having.some((one) => groupsOf(one).length === 1)) {
      throw new OcciError(
        'conflict',
        'A compute has at least one securitygroup: link another one before this is removed.',
      );
    }
    return new Map(having.map((one) => [one.NetworkInterfaceId, groupsOf(one).filter((id) => id !== group)]));
  };

export const securitygrouplink = (cloud: Cloud): KindAdapter<'securitygrouplink'> => {
  const memory = memoryOf(cloud, 'securitygrouplink');
  const { list, ids, get } = linkReads(cloud, 'securitygrouplink', toSecuritygrouplinks, false);

  return {
    /** One call per page of instances. */
    list,
    ids,
    /** 1 call. */
    get,

    /**
     * Knows the creates of this process only. After one of another process, a create finds the group and changes
     * nothing.
     */
    async findByToken(token) {
      const id = await cloud.tokens.known(memory, token);
      if (id === undefined) return undefined;
      return get(id).catch((error) => {
        if (isFailure(error, 'notFound')) return undefined;
        throw error;
      });
    },

    /** 3 calls, and 1 per interface. Idempotent under any token, because an instance has a group only once. */
    async create(draft, token) {
      let fresh: Native<'securitygrouplink'> | undefined;
      const id = await cloud.tokens.createOnce(memory, token, async () => {
        fresh = await addGroup(cloud, draft);
        return fresh.id;
      });
      return fresh ?? get(id);
    },

    /** 2 calls, and 1 per interface. */
    async remove(id) {
      const [source = '', group = ''] = id.split(':');
      let isSeen = false;
      await settle(
        cloud,
        source,
        () => readInstance(cloud, source, 'securitygrouplink'),
        (instance) => {
          isSeen ||= toSecuritygrouplinks(cloud, instance).some((link) => link.id === id);
          if (!isSeen) throw noSuch('securitygrouplink');
          return planWithout(group)(instance);
        },
      );
      cloud.tokens.forget(id);
    },

    cannotHold: ['occi.core.title', 'occi.core.summary'],
  };
};
