/**
 * Networks are subnets. Users create them in the VPC that the settings name, if they name one. A subnet in EC2 cannot
 * be switched `up` or `down`, and EC2 assigns its addresses itself.
 */
import * as z from 'zod';
import { requireNoOther } from '../../../lib/adapter/changes.ts';
import { canonicalCidr, isIpv6 } from '../../../lib/adapter/cidr.ts';
import type { Draft, KindAdapter, NativeId } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { isRefused, orGone, translateErrors } from '../api/errors.ts';
import { LOST_ANSWER_MS, readMade, shown } from '../api/visibility.ts';
import { type Cloud, cannotTitle, isOwn, memoryOf, mustBeOwn, TAG, tagOf, tagsFor } from '../cloud.ts';
import { zoneAmong } from '../mixins.ts';
import { madeSubnet, type Subnet } from '../native/index.ts';
import { retitle } from '../titles.ts';
import { roomIn } from './free-block.ts';
import { sweep, usersOf } from './interface-cleanup.ts';
import { ADDRESS, ALLOCATION, findSubnet, GATEWAY, readSubnet, readSubnets, routerOf, toNetwork } from './reads.ts';
import { earlierAt } from './taken-block.ts';

/** Prefix lengths of the largest and the smallest IPv4 subnet (VPC User Guide, Subnet sizing). */
const LENGTHS = { least: 16, most: 28 } as const;

/**
 * The CIDR block of a new subnet; undefined if the client does not ask for one. Throws `invalid` for what EC2 never
 * grants.
 */
function blockOf({ attributes }: Pick<Draft<'network'>, 'attributes'>) {
  const { [ADDRESS]: address, [GATEWAY]: gateway, [ALLOCATION]: allocation } = attributes as Record<string, string>;
  if (allocation === 'static') {
    throw new OcciError('invalid', `This cloud gives out addresses itself: ${ALLOCATION} can only be dynamic.`);
  }
  if (address === undefined && gateway === undefined) return undefined;
  if (address === undefined) {
    throw new OcciError('invalid', `A network with a gateway (${GATEWAY}) needs its address too (${ADDRESS}).`);
  }
  if (isIpv6(address)) {
    if (gateway === undefined) return { Ipv6CidrBlock: canonicalCidr(address), Ipv6Native: true };
    throw new OcciError('invalid', `The gateway of an IPv6 network announces itself: ${GATEWAY} cannot be chosen.`);
  }
  const CidrBlock = canonicalCidr(address);
  const length = Number(CidrBlock?.split('/')[1]);
  if (!(length >= LENGTHS.least && length <= LENGTHS.most)) {
    throw new OcciError(
      'invalid',
      `The network ${address} (${ADDRESS}) must be of a size from /${LENGTHS.least} to /${LENGTHS.most} in this cloud.`,
    );
  }
  const router = routerOf(address);
  if (gateway === undefined || gateway === router) return { CidrBlock };
  throw new OcciError(
    'invalid',
    `The gateway of ${address} is ${router}, its first address, and ${GATEWAY} cannot be another.`,
  );
}

/** Attempts to find a free block while concurrent requests take them. */
const MAX_ATTEMPTS = 4;

/** Parameters of CreateSubnet other than the CIDR block. */
const inputOf = (cloud: Cloud, vpc: string, draft: Draft<'network'>, token: string) => {
  const AvailabilityZone = zoneAmong(draft.mixins) ?? cloud.settings.zone;
  return {
    VpcId: vpc,
    ...(AvailabilityZone !== undefined && { AvailabilityZone }),
    TagSpecifications: [{ ResourceType: 'subnet' as const, Tags: tagsFor(cloud, token, draft) }],
  };
};

const isTaken = (error: unknown): boolean => isRefused(error, /^InvalidSubnet\.Conflict$/);

/**
 * Creates a subnet with the requested addresses: 1 call. CreateSubnet has no ClientToken, but no two subnets share
 * addresses. If they are taken, an earlier attempt may have taken them, which its token tag shows (`earlierAt`).
 */
async function makeAt(cloud: Cloud, vpc: string, draft: Draft<'network'>, token: string): Promise<Subnet> {
  const block = blockOf(draft);
  const input = { ...inputOf(cloud, vpc, draft, token), ...block };
  try {
    return await cloud.ec2.call('CreateSubnet', input, madeSubnet);
  } catch (error) {
    if (!isTaken(error)) throw error;
    const { CidrBlock } = { CidrBlock: undefined, ...block };
    const earlier = await (CidrBlock === undefined
      ? findSubnet(cloud, token)
      : earlierAt(cloud, vpc, CidrBlock, token));
    if (earlier) return earlier;
    throw new OcciError('conflict', `Another network has addresses of ${draft.attributes[ADDRESS]} already.`, {
      cause: error,
    });
  }
}

/** Creates a subnet with free addresses: 3 calls, and 4 more each time that a concurrent request takes them first. */
async function makeAnywhere(cloud: Cloud, vpc: string, draft: Draft<'network'>, token: string): Promise<Subnet> {
  for (let attempt = 1; ; attempt++) {
    const room = await roomIn(cloud, vpc);
    const earlier = room.subnets.find(({ Tags }) => isOwn(cloud, Tags) && tagOf(Tags, TAG.token) === token);
    if (earlier) return earlier;
    const CidrBlock = room.choose();
    const input = { ...inputOf(cloud, vpc, draft, token), CidrBlock };
    try {
      return await cloud.ec2.call('CreateSubnet', input, madeSubnet);
    } catch (error) {
      if (!isTaken(error) || attempt === MAX_ATTEMPTS) throw error;
      // The call may have been sent twice, because the answer to the first was lost.
      const sentTwice = await earlierAt(cloud, vpc, CidrBlock, token);
      if (sentTwice) return sentTwice;
    }
  }
}

const makeSubnet = (cloud: Cloud, vpc: string, draft: Draft<'network'>, token: string): Promise<Subnet> =>
  translateErrors('network', () => (blockOf(draft) ? makeAt : makeAnywhere)(cloud, vpc, draft, token));

const deleteSubnet = ({ ec2 }: Cloud, id: NativeId): Promise<unknown> =>
  ec2.call('DeleteSubnet', { SubnetId: id }, z.unknown()).catch(orGone(/^InvalidSubnet(ID)?\.NotFound$/));

/**
 * Deletes a subnet that EC2 reports as in use: 1 call, and more if only interfaces of removed links use it. Throws
 * `conflict`.
 */
async function deleteUsed(cloud: Cloud, id: NativeId, cause: unknown): Promise<void> {
  const left = await sweep(cloud, [{ Name: 'subnet-id', Values: [id] }]);
  if (left.length === 0) await deleteSubnet(cloud, id);
  else throw new OcciError('conflict', `The network is in use by ${usersOf(left)}.`, { cause });
}

export const network = (cloud: Cloud): KindAdapter<'network'> => {
  const { settings, tokens } = cloud;

  /** A subnet that the caller may change, and its network: 1 call. Throws `forbidden` for a published one. */
  const readOwn = async (id: NativeId) => {
    const subnet = await readSubnet(cloud, id);
    const native = toNetwork(cloud, subnet);
    mustBeOwn(native);
    return { subnet, native };
  };

  return {
    /** 1 call per page of EC2. */
    list: async () => ({ items: (await readSubnets(cloud)).map((subnet) => toNetwork(cloud, subnet)) }),
    ids: async () => ({ items: (await readSubnets(cloud)).map(({ SubnetId }) => SubnetId) }),
    get: async (id) => toNetwork(cloud, await readSubnet(cloud, id)),

    /** 1 call if it finds it; else more for some seconds, because a create is not idempotent by itself. */
    async findByToken(token) {
      const subnet = await shown(cloud, () => findSubnet(cloud, token), { longestMs: LOST_ANSWER_MS });
      return subnet && toNetwork(cloud, subnet);
    },

    /**
     * 1 call, or 3 if the client asks for no addresses. Throws `notImplemented` if the provider has not named a VPC.
     */
    async create(draft, token) {
      const { vpc } = settings;
      if (vpc === undefined) {
        throw new OcciError(
          'notImplemented',
          'Networks cannot be created here: the provider has configured no VPC for them.',
        );
      }
      let fresh: Subnet | undefined;
      const id = await tokens.createOnce(memoryOf(cloud, 'network'), token, async () => {
        fresh = await makeSubnet(cloud, vpc, draft, token);
        return fresh.SubnetId;
      });
      return toNetwork(cloud, fresh ?? (await readMade(cloud, 'network', () => readSubnet(cloud, id))));
    },

    /** 2 calls. */
    async update(id, change) {
      const { subnet, native } = await readOwn(id);
      requireNoOther(native, change, ['occi.core.title']);
      return toNetwork(cloud, { ...subnet, Tags: await retitle(cloud, 'network', { id, tags: subnet.Tags }, change) });
    },

    /** 2 calls, more for a network that EC2 reports as in use. Throws `conflict` naming what uses it. */
    async remove(id) {
      await readOwn(id);
      await translateErrors('network', () =>
        deleteSubnet(cloud, id).catch((error) => {
          if (isRefused(error, /^DependencyViolation$/)) return deleteUsed(cloud, id, error);
          throw error;
        }),
      );
      tokens.forget(id);
    },

    lingers: 3600,
    appearsWithin: 300,
    cannotHold: ['occi.core.summary', 'occi.network.vlan', 'occi.network.label'],
    cannotHoldValue: cannotTitle,
  };
};
