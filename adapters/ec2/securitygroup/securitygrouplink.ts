/** A security group on a machine: on every interface of it, for OCCI knows no other place. */

import * as z from 'zod';
import type { Draft, KindAdapter, Native } from '../../../lib/adapter/contract.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import { translateErrors } from '../api/errors.ts';
import { type Cloud, memoryOf, noSuch } from '../cloud.ts';
import { linkReads } from '../machine/link-reads.ts';
import { readInstance } from '../machine/reads.ts';
import type { Instance, SecurityGroup } from '../native/index.ts';
import { groupIdOf, noSuchEnd, readGroup, toSecuritygrouplink, toSecuritygrouplinks } from './reads.ts';

/** What is being changed in this process, by instance. EC2 takes the groups of an interface only all together. */
const turns = new Map<string, Promise<unknown>>();

/** One after the other: what one has read, another must not have changed before it is written. */
function inTurn<T>(instance: string, work: () => Promise<T>): Promise<T> {
  const before = turns.get(instance) ?? Promise.resolve();
  const mine = before.then(work, work);
  turns.set(instance, mine);
  const leave = () => turns.get(instance) === mine && turns.delete(instance);
  mine.then(leave, leave);
  return mine;
}

const groupsOf = ({ Groups }: Instance['NetworkInterfaces'][number]): string[] => Groups.map(({ GroupId }) => GroupId);

/**
 * Waits before what was written is looked at, the first time and after, in milliseconds: EC2 may go on to show what was
 * before.
 */
const PAUSES: readonly number[] = [0, 100, 200, 400, 800];

/** Time that is left for the look after the last wait, in milliseconds. */
const FOR_THE_LOOK = 1000;

/** Groups by interface, of those interfaces where they have to change; none when all is as it must be. */
type Plan = (instance: Instance) => ReadonlyMap<string, readonly string[]>;

const write = (cloud: Cloud, [NetworkInterfaceId, groups]: readonly [string, readonly string[]]): Promise<unknown> => {
  const input = { NetworkInterfaceId, Groups: [...groups] };
  return translateErrors('securitygrouplink', () =>
    cloud.ec2.call('ModifyNetworkInterfaceAttribute', input, z.unknown()),
  );
};

/** The same for two readings between which nobody wrote. */
const pictureOf = ({ NetworkInterfaces }: Instance): string =>
  NetworkInterfaces.map((one) => [one.NetworkInterfaceId, ...groupsOf(one).sort()].join())
    .sort()
    .join(' ');

/**
 * Reads, writes and reads again: 2 calls, and 1 per interface. Other processes write too, all groups of an interface
 * together: what they have written over is written again. What EC2 shows as before is only looked at again: what it has
 * accepted is believed in the end, and to write it again would undo what others have written since. Throws
 * `unavailable` when others write all the time.
 */
async function settle(cloud: Cloud, id: string, read: () => Promise<Instance>, plan: Plan): Promise<Instance> {
  return inTurn(id, async () => {
    const { deadline = Number.POSITIVE_INFINITY } = cloud;
    let instance = await read();
    let before: string | undefined;
    for (let look = 0; ; look++) {
      const all = plan(instance);
      if (all.size === 0) return instance;
      const picture = pictureOf(instance);
      const isOld = picture === before;
      const pause = PAUSES[look];
      if (pause === undefined || (look > 0 && Date.now() + pause + FOR_THE_LOOK > deadline)) {
        if (isOld) return instance;
        break;
      }
      if (!isOld) for (const one of all) await write(cloud, one);
      if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
      before = picture;
      instance = await read();
    }
    throw new OcciError('unavailable', 'The securitygroups of the compute are being changed by others; try again.', {
      unknownOutcome: true,
      headers: { 'Retry-After': '2' },
    });
  });
}

/** Throws `conflict` for a machine that cannot have the group. */
function checkPlace({ NetworkInterfaces, VpcId }: Instance, group: SecurityGroup): void {
  if (NetworkInterfaces.length === 0) {
    throw new OcciError('conflict', 'The compute has no networkinterface yet, and without one no securitygroup.');
  }
  const isElsewhere = (vpc: string | undefined) =>
    vpc !== undefined && group.VpcId !== undefined && vpc !== group.VpcId;
  if (isElsewhere(VpcId) || NetworkInterfaces.some((one) => isElsewhere(one.VpcId))) {
    throw new OcciError('conflict', 'The securitygroup belongs to other networks (another VPC) than the compute.');
  }
}

/** A group that all interfaces have is on the machine already: then 2 calls, else 3 and 1 per interface. */
async function attach(
  cloud: Cloud,
  { source, target }: Draft<'securitygrouplink'>,
): Promise<Native<'securitygrouplink'>> {
  if (source?.kind !== 'compute' || !target) {
    throw new OcciError('invalid', 'A securitygrouplink starts at a compute and ends at a securitygroup.');
  }
  const orNoEnd = (kind: 'compute' | 'securitygroup') => (error: unknown) => {
    throw isFailure(error, 'notFound') ? noSuchEnd(kind, error) : error;
  };
  const group = await readGroup(cloud, groupIdOf(target)).catch(orNoEnd('securitygroup'));
  const read = () => readInstance(cloud, source.id).catch(orNoEnd('compute'));
  const instance = await settle(cloud, source.id, read, (present) => {
    checkPlace(present, group);
    const without = present.NetworkInterfaces.filter((one) => !groupsOf(one).includes(group.GroupId));
    return new Map(without.map((one) => [one.NetworkInterfaceId, [...groupsOf(one), group.GroupId]]));
  });
  return toSecuritygrouplink(instance, group.GroupId);
}

/** The groups of a machine without one. Throws `conflict` where it is the last: EC2 has no interface without any. */
const without =
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
    /** One call per page of machines. */
    list,
    ids,
    /** 1 call. */
    get,

    /** Asked of this process only: where it was another, a create finds the group on the machine and makes nothing. */
    async findByToken(token) {
      const id = await cloud.tokens.known(memory, token);
      if (id === undefined) return undefined;
      return get(id).catch((error) => {
        if (isFailure(error, 'notFound')) return undefined;
        throw error;
      });
    },

    /** 3 calls, and 1 per interface. Made again it is the same link, whatever the token: a machine has a group once. */
    async create(draft, token) {
      let fresh: Native<'securitygrouplink'> | undefined;
      const id = await cloud.tokens.createOnce(memory, token, async () => {
        fresh = await attach(cloud, draft);
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
          return without(group)(instance);
        },
      );
      cloud.tokens.forget(id);
    },

    cannotHold: ['occi.core.title', 'occi.core.summary'],
  };
};
