/**
 * Networks are subnets. Users make them in the VPC that the settings name, if they do. EC2 knows no `up` and `down` of
 * them, and gives out their addresses itself.
 */
import * as z from 'zod';
import type { Draft, KindAdapter, NativeId } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { isRefused, orGone, translateErrors } from '../api/errors.ts';
import { type Cloud, cannotTitle, isOwn, memoryOf, mustBeOwn, TAG, tagOf, tagsFor } from '../cloud.ts';
import { requireNoOther } from '../immutable.ts';
import { zoneAmong } from '../mixins.ts';
import { madeSubnet, type Subnet } from '../native/index.ts';
import { retitle } from '../titles.ts';
import { canonicalCidr, isIpv6 } from './cidr.ts';
import { roomIn } from './free-block.ts';
import { sweep, usersOf } from './interface-cleanup.ts';
import { ADDRESS, ALLOCATION, findSubnet, GATEWAY, readSubnet, readSubnets, routerOf, toNetwork } from './reads.ts';

/** Bits of the largest and of the smallest IPv4 subnet (VPC User Guide, Subnet sizing). */
const LENGTHS = { least: 16, most: 28 } as const;

/** The addresses of a new subnet; undefined where none are asked for. Throws `invalid` for what EC2 never gives one. */
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

/** Attempts to find room while others take it. */
const ATTEMPTS = 4;

/** What CreateSubnet is told beside the addresses. */
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
 * Makes it with the addresses that it asks for: 1 call. CreateSubnet has no ClientToken, but no two subnets have the
 * same addresses: that they are taken may be by an earlier attempt, which its tag tells (1 call more).
 */
async function makeAt(cloud: Cloud, vpc: string, draft: Draft<'network'>, token: string): Promise<Subnet> {
  const input = { ...inputOf(cloud, vpc, draft, token), ...blockOf(draft) };
  try {
    return await cloud.ec2.call('CreateSubnet', input, madeSubnet);
  } catch (error) {
    if (!isTaken(error)) throw error;
    const earlier = await findSubnet(cloud, token);
    if (earlier) return earlier;
    throw new OcciError('conflict', `Another network has addresses of ${draft.attributes[ADDRESS]} already.`, {
      cause: error,
    });
  }
}

/** Makes it with addresses that nobody has: 3 calls, and as many again each time that somebody takes them first. */
async function makeAnywhere(cloud: Cloud, vpc: string, draft: Draft<'network'>, token: string): Promise<Subnet> {
  for (let attempt = 1; ; attempt++) {
    const room = await roomIn(cloud, vpc);
    const earlier = room.subnets.find(({ Tags }) => isOwn(cloud, Tags) && tagOf(Tags, TAG.token) === token);
    if (earlier) return earlier;
    const input = { ...inputOf(cloud, vpc, draft, token), CidrBlock: room.choose() };
    try {
      return await cloud.ec2.call('CreateSubnet', input, madeSubnet);
    } catch (error) {
      if (!isTaken(error) || attempt === ATTEMPTS) throw error;
    }
  }
}

const makeSubnet = (cloud: Cloud, vpc: string, draft: Draft<'network'>, token: string): Promise<Subnet> =>
  translateErrors('network', () => (blockOf(draft) ? makeAt : makeAnywhere)(cloud, vpc, draft, token));

const deleteSubnet = ({ ec2 }: Cloud, id: NativeId): Promise<unknown> =>
  ec2.call('DeleteSubnet', { SubnetId: id }, z.unknown()).catch(orGone(/^InvalidSubnet(ID)?\.NotFound$/));

/**
 * Deletes a subnet that EC2 says is in use: 1 call, and more if only what is left of removed links uses it. Throws
 * `conflict`.
 */
async function deleteUsed(cloud: Cloud, id: NativeId, cause: unknown): Promise<void> {
  const left = await sweep(cloud, [{ Name: 'subnet-id', Values: [id] }]);
  if (left.length === 0) await deleteSubnet(cloud, id);
  else throw new OcciError('conflict', `The network is in use by ${usersOf(left)}.`, { cause });
}

export const network = (cloud: Cloud): KindAdapter<'network'> => {
  const { settings, tokens } = cloud;

  /** One that the caller may change, and as it is shown: 1 call. Throws `forbidden` for what is published. */
  const readOwn = async (id: NativeId) => {
    const subnet = await readSubnet(cloud, id);
    const native = toNetwork(cloud, subnet);
    mustBeOwn(native);
    return { subnet, native };
  };

  return {
    /** 1 call per page of EC2's. */
    list: async () => ({ items: (await readSubnets(cloud)).map((subnet) => toNetwork(cloud, subnet)) }),
    ids: async () => ({ items: (await readSubnets(cloud)).map(({ SubnetId }) => SubnetId) }),
    get: async (id) => toNetwork(cloud, await readSubnet(cloud, id)),

    async findByToken(token) {
      const subnet = await findSubnet(cloud, token);
      return subnet && toNetwork(cloud, subnet);
    },

    /** 1 call, 3 for one that asks for no addresses. Throws `notImplemented` where the provider has named no VPC for it. */
    async create(draft, token) {
      const { vpc } = settings;
      if (vpc === undefined) throw new OcciError('notImplemented', 'The provider lets nobody make networks here.');
      let fresh: Subnet | undefined;
      const id = await tokens.createOnce(memoryOf(cloud, 'network'), token, async () => {
        fresh = await makeSubnet(cloud, vpc, draft, token);
        return fresh.SubnetId;
      });
      return toNetwork(cloud, fresh ?? (await readSubnet(cloud, id)));
    },

    /** 2 calls. */
    async update(id, change) {
      const { subnet, native } = await readOwn(id);
      requireNoOther(native, change, ['occi.core.title']);
      return toNetwork(cloud, { ...subnet, Tags: await retitle(cloud, 'network', { id, tags: subnet.Tags }, change) });
    },

    /** 2 calls; more for one that EC2 says is in use. Throws `conflict` with what uses it. */
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
