/** Reserved addresses are Elastic IPs. The tenant keeps them until they are released, with or without an instance. */
import { isIPv4 } from 'node:net';
import * as z from 'zod';
import { requireNoOther } from '../../../lib/adapter/changes.ts';
import type { Draft, KindAdapter, Native } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { isRefused, orGone, translateErrors } from '../api/errors.ts';
import { LOST_ANSWER_MS, readMade, shown } from '../api/visibility.ts';
import { type Cloud, cannotTitle, memoryOf, tagsFor, titleOf } from '../cloud.ts';
import { poolAmong, poolMixinId, regionMixinId } from '../mixins.ts';
import { type Address, address as addressShape } from '../native/index.ts';
import { retitle } from '../titles.ts';
import { findAddress, isUsed, readAddress, readAddresses } from './elastic-addresses.ts';

const ADDRESS = 'occi.ipreservation.address';

function toIpreservation({ settings }: Cloud, address: Address): Native<'ipreservation'> {
  const { AllocationId, PublicIp, PublicIpv4Pool, Tags } = address;
  return {
    kind: 'ipreservation',
    id: AllocationId,
    attributes: {
      ...titleOf(Tags),
      ...(PublicIp && { [ADDRESS]: PublicIp }),
      'occi.ipreservation.used': isUsed(address),
      'occi.ipreservation.state': 'active',
    },
    mixins: [poolMixinId(settings, PublicIpv4Pool), regionMixinId(settings)],
    links: [],
  };
}

/** Reserves an address: 1 call. EC2 grants a specific address only from a pool, or shortly after its release. */
async function allocate(cloud: Cloud, draft: Draft<'ipreservation'>, token: string): Promise<Address> {
  const { settings, ec2 } = cloud;
  const wanted = draft.attributes[ADDRESS];
  if (wanted !== undefined && !isIPv4(wanted)) {
    throw new OcciError('invalid', `Only IPv4 addresses are reserved in this cloud (${ADDRESS}).`);
  }
  const pool = poolAmong(settings, draft.mixins)?.pool;
  const Tags = tagsFor(cloud, token, draft);
  const input = {
    Domain: 'vpc' as const,
    ...(pool !== undefined && { PublicIpv4Pool: pool }),
    ...(wanted !== undefined && { Address: wanted }),
    TagSpecifications: [{ ResourceType: 'elastic-ip' as const, Tags }],
  };
  try {
    return { ...(await ec2.call('AllocateAddress', input, addressShape)), Tags };
  } catch (error) {
    if (wanted === undefined || !isRefused(error, /^(InvalidAddress\w*\.\w+|InvalidParameterValue|AuthFailure)$/)) {
      throw error;
    }
    throw new OcciError('invalid', `The address ${wanted} (${ADDRESS}) cannot be reserved.`, { cause: error });
  }
}

export const ipreservation = (cloud: Cloud): KindAdapter<'ipreservation'> => {
  const { tokens } = cloud;

  return {
    /** 1 call. */
    list: async () => ({ items: (await readAddresses(cloud)).map((one) => toIpreservation(cloud, one)) }),
    ids: async () => ({ items: (await readAddresses(cloud)).map(({ AllocationId }) => AllocationId) }),
    get: async (id) => toIpreservation(cloud, await readAddress(cloud, id)),

    /** 1 call if it finds it; else more for some seconds, because a create is not idempotent by itself. */
    async findByToken(token) {
      const address = await shown(cloud, () => findAddress(cloud, token), { longestMs: LOST_ANSWER_MS });
      return address && toIpreservation(cloud, address);
    },

    /** 2 calls: AllocateAddress has no ClientToken, so we first look for the address of an earlier attempt. */
    async create(draft, token) {
      let fresh: Address | undefined;
      const id = await tokens.createOnce(memoryOf(cloud, 'ipreservation'), token, async () => {
        fresh =
          (await findAddress(cloud, token)) ??
          (await translateErrors('ipreservation', () => allocate(cloud, draft, token)));
        return fresh.AllocationId;
      });
      return toIpreservation(cloud, fresh ?? (await readMade(cloud, 'ipreservation', () => readAddress(cloud, id))));
    },

    /** 2 calls. */
    async update(id, change) {
      const address = await readAddress(cloud, id);
      requireNoOther(toIpreservation(cloud, address), change, ['occi.core.title']);
      const Tags = await retitle(cloud, 'ipreservation', { id, tags: address.Tags }, change);
      return toIpreservation(cloud, { ...address, Tags });
    },

    /** 2 calls. Throws `conflict` for an address in use. */
    async remove(id) {
      const address = await readAddress(cloud, id);
      if (isUsed(address)) throw new OcciError('conflict', 'The ipreservation is in use by a networkinterface.');
      const release = () => cloud.ec2.call('ReleaseAddress', { AllocationId: id }, z.unknown());
      await translateErrors('ipreservation', () => release().catch(orGone(/^InvalidAllocationID\.NotFound$/)));
      tokens.forget(id);
    },

    lingers: 3600,
    appearsWithin: 300,
    givesAnyway: ['occi.ipreservation.address'],
    cannotHold: ['occi.core.summary'],
    cannotHoldValue: cannotTitle,
  };
};
