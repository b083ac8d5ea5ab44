/**
 * Links a machine to an external network, as in ooi: an address of the network is reserved for the link, given to an interface
 * of the machine, and given back when the link goes. The token of the link is in the description of the address.
 */
import type { Native, NativeId } from '../../../lib/adapter/contract.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import type { Mixin } from '../../../lib/occi/types.ts';
import { toOcciError } from '../api/errors.ts';
import { readPools } from '../catalogue/pools.ts';
import { type Cloud, isUuid, linkId } from '../cloud.ts';
import type { Machine } from '../machine/machine.ts';
import { markOfLink } from '../mark.ts';
import { poolAmong } from '../mixins.ts';
import type { FloatingIp } from '../native/port.ts';
import { findAddressOfLink, inUse, isUsed, reserveOf } from './floating-addresses.ts';
import { candidates, giveAddress, releaseAddress } from './give-address.ts';
import { type LinkOrder, noSuchEnd, readSource } from './interface-attach.ts';
import { ADDRESS, toNetworkinterfaces } from './interface-links.ts';

type Link = Native<'networkinterface'>;

/** Throws `invalid` if a mixin names the pool of another network than this. */
async function requirePoolOf(cloud: Cloud, network: NativeId, mixins: readonly Mixin[]): Promise<void> {
  const wanted = poolAmong(mixins);
  if (wanted === undefined) return;
  const pool = (await readPools(cloud)).find(({ name }) => name === wanted);
  if (pool?.network === network) return;
  throw new OcciError(
    'invalid',
    `The pool ${pool?.title ?? wanted} is another network than the link ends at: link the compute to the external network of the pool.`,
  );
}

/** Gives a new address to the machine, or gives it back. */
async function giveNew(cloud: Cloud, machine: Machine, address: FloatingIp, order: LinkOrder): Promise<FloatingIp> {
  try {
    return await giveAddress(cloud, address, candidates(machine, order.attributes));
  } catch (error) {
    const failure = toOcciError(error, 'networkinterface');
    if (failure.unknownOutcome) throw failure;
    const isGivenBack = await releaseAddress(cloud, address.id, undefined).then(
      () => true,
      () => false,
    );
    if (isGivenBack) throw failure;
    const { message, headers } = failure;
    throw new OcciError(failure.failure, message, { cause: failure, headers, unknownOutcome: true });
  }
}

/**
 * Links a machine to an external network: 5 calls, the first three at the same time; 1 more for each interface that no router
 * joins to the network. A repeated attempt goes on with the address that the first one has reserved.
 */
export async function attachToExternal(cloud: Cloud, order: LinkOrder, token: string): Promise<Link> {
  const { source, target, attributes, mixins } = order;
  if (!isUuid(target.id)) throw noSuchEnd('network');
  const [machine, earlier] = await Promise.all([
    readSource(cloud, source),
    findAddressOfLink(cloud, token),
    requirePoolOf(cloud, target.id, mixins),
  ]);
  const isHere = earlier !== undefined && machine.ports.some(({ id }) => id === earlier.port_id);
  if (earlier && !isHere && isUsed(earlier)) throw inUse();
  // Before an address is reserved that nothing could have.
  if (!isHere) candidates(machine, attributes);
  const wanted = { network: target.id, mark: markOfLink(token), address: attributes[ADDRESS] as string | undefined };
  const address = earlier ?? (await reserveOf(cloud, wanted).catch(noNetwork));
  const now = isHere ? address : await giveNew(cloud, machine, address, order);
  const id = linkId(machine.server.id, now.port_id!, now.id);
  return toNetworkinterfaces({ ...machine, floatingIps: [now] }).find((one) => one.id === id)!;
}

/** Neutron says that the network is not there. */
const noNetwork = (error: unknown): never => {
  throw isFailure(error, 'notFound') ? noSuchEnd('network', error) : error;
};
