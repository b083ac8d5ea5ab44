/** Instances that the caller may see: one, by token, or all. */

import type { Filter } from '@aws-sdk/client-ec2';
import type { KindTerm } from '../../../lib/occi/kinds/index.ts';
import { translateErrors } from '../api/errors.ts';
import { byId, readAll } from '../api/pages.ts';
import { type Cloud, fence, isOwn, noSuch, notSeen, tokenFilters } from '../cloud.ts';
import { type Address, addresses, type Instance, instances } from '../native/index.ts';
import { endingOf, isShownEnded } from './endings.ts';

/**
 * States of instances that exist. EC2 still shows a terminated one for about an hour; here it is gone, unless it ended
 * by itself.
 */
const THERE = ['pending', 'running', 'stopping', 'stopped', 'shutting-down'] as const;
const PRESENT: Filter = { Name: 'instance-state-name', Values: [...THERE] };
const PRESENT_OR_ENDED: Filter = { Name: 'instance-state-name', Values: [...THERE, 'terminated'] };

const isInstanceId = (id: string): boolean => /^i-[0-9a-f]{8,17}$/.test(id);

const isTerminated = ({ State }: Instance): boolean => State.Name === 'terminated';

const isGone = (cloud: Cloud, instance: Instance): boolean =>
  endingOf(instance) === undefined ? isTerminated(instance) : !isShownEnded(cloud, instance);

/**
 * An instance of the tenant: 1 call. Throws `notFound` for one that does not exist, is deleted, or belongs to another
 * tenant. `kind` is what the client asked for, which may be a link of the instance; one that has ended has no links.
 */
export async function readInstance(cloud: Cloud, id: string, kind: KindTerm = 'compute'): Promise<Instance> {
  if (!isInstanceId(id)) throw noSuch(kind);
  const { items } = await translateErrors('compute', () =>
    cloud.ec2.call('DescribeInstances', { InstanceIds: [id] }, instances),
  ).catch((error) => {
    throw kind !== 'compute' && error.failure === 'notFound' ? noSuch(kind) : error;
  });
  const [instance] = items;
  const isEnded = instance && endingOf(instance) !== undefined && kind !== 'compute';
  if (instance && (isEnded || isGone(cloud, instance))) throw noSuch(kind);
  if (!instance || !isOwn(cloud, instance.Tags)) throw notSeen(cloud, kind, instance);
  return instance;
}

/** All existing instances of the tenant that have not ended, as `readAllInstances`. */
export async function readInstances(cloud: Cloud, filters: readonly Filter[] = []): Promise<Instance[]> {
  const all = await readThose(cloud, PRESENT, filters);
  return all.filter((instance) => endingOf(instance) === undefined);
}

/**
 * All existing instances of the tenant, and those that ended by themselves, by launch time and then by id: one call per
 * page. `filters` narrow the listing.
 */
export const readAllInstances = (cloud: Cloud, filters: readonly Filter[] = []): Promise<Instance[]> =>
  readThose(cloud, PRESENT_OR_ENDED, filters);

async function readThose(cloud: Cloud, present: Filter, filters: readonly Filter[]): Promise<Instance[]> {
  const all = await translateErrors('compute', () =>
    readAll(cloud, 'DescribeInstances', { Filters: [present, ...fence(cloud), ...filters] }, instances),
  );
  const launch = ({ LaunchTime }: Instance) => LaunchTime?.getTime() ?? 0;
  const idOrder = byId(({ InstanceId }: Instance) => InstanceId);
  return all
    .filter((instance) => isOwn(cloud, instance.Tags) && !isGone(cloud, instance))
    .sort((one, other) => launch(one) - launch(other) || idOrder(one, other));
}

/** The instance that a create with this token made, one that has ended only if there is no other: 1 call. */
export async function findInstance(cloud: Cloud, token: string): Promise<Instance | undefined> {
  const all = await readAllInstances(cloud, tokenFilters(cloud, token));
  return all.find((instance) => endingOf(instance) === undefined) ?? all[0];
}

/** Elastic addresses by their public address. */
export type Elastic = ReadonlyMap<string, Address>;

const NONE: Elastic = new Map();

/** True if an interface has an Elastic IP; EC2's own temporary addresses belong to `amazon`. */
const hasElastic = ({ NetworkInterfaces }: Instance): boolean =>
  NetworkInterfaces.some(({ Association }) => Association && Association.IpOwnerId !== 'amazon');

/**
 * The elastic addresses of the tenant: 1 call, or no call if none of these instances has one. EC2 does not page
 * addresses.
 */
export async function elasticOf(cloud: Cloud, some: readonly Instance[]): Promise<Elastic> {
  if (!some.some(hasElastic)) return NONE;
  const all = await translateErrors('ipreservation', () =>
    cloud.ec2.call('DescribeAddresses', { Filters: fence(cloud) }, addresses),
  );
  return new Map(
    all.flatMap((one) => (one.PublicIp !== undefined && isOwn(cloud, one.Tags) ? [[one.PublicIp, one]] : [])),
  );
}
