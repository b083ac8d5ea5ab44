/** Floating addresses of the project, and the pools that they come from. */
import * as z from 'zod';
import type { Draft, NativeId } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { type Mixin, typeId } from '../../../lib/occi/types.ts';
import { translateErrors } from '../api/errors.ts';
import { ifOffered } from '../api/if-offered.ts';
import { path } from '../api/path.ts';
import { ifUnchanged } from '../api/revisions.ts';
import { readPools } from '../catalogue/pools.ts';
import { type Cloud, isUuid } from '../cloud.ts';
import { markOf, markOfLink } from '../mark.ts';
import { poolAmong } from '../mixins.ts';
import { type FloatingIp, floatingIpAnswer, floatingIpsAnswer } from '../native/port.ts';

export const noSuchAddress = (): OcciError => new OcciError('notFound', 'There is no such ipreservation.');

export const isUsed = ({ port_id: port }: FloatingIp): boolean => Boolean(port);

export const inUse = (cause?: unknown): OcciError =>
  new OcciError('conflict', 'The ipreservation is in use by a networkinterface.', { cause });

/** A floating address of the project: 1 call. Throws `notFound`. */
export async function readAddress(cloud: Cloud, id: NativeId): Promise<FloatingIp> {
  if (!isUuid(id)) throw noSuchAddress();
  const { projectId } = await cloud.session();
  const { floatingip } = await translateErrors('ipreservation', () =>
    cloud.client.read('network', path`floatingips/${id}`, floatingIpAnswer),
  );
  // Administrators can read those of all projects.
  if (floatingip.project_id !== projectId) throw noSuchAddress();
  return floatingip;
}

async function findMarked(cloud: Cloud, mark: string): Promise<FloatingIp | undefined> {
  const { projectId } = await cloud.session();
  const query = { description: mark, project_id: projectId };
  const { floatingips } = await translateErrors('ipreservation', () =>
    ifOffered(cloud.client.read('network', path`floatingips`, floatingIpsAnswer, { query }), { floatingips: [] }),
  );
  return floatingips[0];
}

/** The address of a token: 1 call. Neutron takes no tags with a create, so the token is in the description. */
export const findAddress = (cloud: Cloud, token: string): Promise<FloatingIp | undefined> =>
  findMarked(cloud, markOf(token));

/** The address that a link with this token has reserved: 1 call; none where Neutron has no floating addresses. */
export const findAddressOfLink = (cloud: Cloud, token: string): Promise<FloatingIp | undefined> =>
  findMarked(cloud, markOfLink(token));

/** Throws `invalid` for the mixin of a pool on a link that takes no address from one. */
export function requireNoPool(mixins: readonly Mixin[]): void {
  const pool = mixins.find((mixin) => poolAmong([mixin]) !== undefined);
  if (!pool) return;
  throw new OcciError(
    'invalid',
    `The mixin ${typeId(pool)} is for links between a compute that is there and the external network of the pool.`,
  );
}

/**
 * The external network from which an address is to come: the one of the pool, that of the settings, or the only one.
 * Throws `invalid` that names the pools.
 */
async function poolFor(cloud: Cloud, mixins: readonly Mixin[]): Promise<NativeId> {
  const wanted = poolAmong(mixins);
  if (wanted === undefined && cloud.settings.externalNetwork !== undefined) return cloud.settings.externalNetwork;
  const pools = await readPools(cloud);
  const found = wanted === undefined ? pools.length === 1 && pools[0] : pools.find(({ name }) => name === wanted);
  if (found) return found.network;
  throw new OcciError(
    'invalid',
    pools.length === 0
      ? 'This cloud has no pool of addresses to reserve one from.'
      : `An ipreservation needs the mixin of the pool that its address is to come from: ${pools.map(({ title }) => title).join(', ')}.`,
  );
}

/** An address that is to be had of an external network: any, or a certain one. */
interface Wanted {
  readonly network: NativeId;
  readonly mark: string;
  readonly address: string | undefined;
}

/** Takes an address of an external network for the project: 1 call. */
export function reserveOf(cloud: Cloud, { network, mark, address }: Wanted): Promise<FloatingIp> {
  const floatingip = {
    floating_network_id: network,
    description: mark,
    ...(address !== undefined && { floating_ip_address: address }),
  };
  return translateErrors('ipreservation', async () => {
    const { value } = await cloud.client.call('network', 'POST', path`floatingips`, floatingIpAnswer, {
      body: { floatingip },
    });
    return value.floatingip;
  });
}

/** Reserves an address, any or a certain one: 1 call, and 1 for the pools if they are not known. */
export async function reserve(cloud: Cloud, draft: Draft<'ipreservation'>, token: string): Promise<FloatingIp> {
  const address = draft.attributes['occi.ipreservation.address'];
  return reserveOf(cloud, { network: await poolFor(cloud, draft.mixins), mark: markOf(token), address });
}

/** Gives an address back to its pool, from a port that has it too, unless somebody has changed it since it was read: 1 call. */
export async function deleteAddress({ client }: Cloud, address: FloatingIp): Promise<void> {
  await client.call('network', 'DELETE', path`floatingips/${address.id}`, z.undefined(), ifUnchanged(address));
}
