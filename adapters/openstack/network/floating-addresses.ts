/** Floating addresses of the project, and the pools that they come from. */
import type { Draft, NativeId } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { Mixin } from '../../../lib/occi/types.ts';
import { translateErrors } from '../api/errors.ts';
import { ifOffered } from '../api/if-offered.ts';
import { path } from '../api/path.ts';
import { readPools } from '../catalogue/pools.ts';
import { type Cloud, isUuid } from '../cloud.ts';
import { markOf } from '../mark.ts';
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

/** The address of a token: 1 call. Neutron takes no tags with a create, so the token is in the description. */
export async function findAddress(cloud: Cloud, token: string): Promise<FloatingIp | undefined> {
  const { projectId } = await cloud.session();
  const query = { description: markOf(token), project_id: projectId };
  const { floatingips } = await translateErrors('ipreservation', () =>
    ifOffered(cloud.client.read('network', path`floatingips`, floatingIpsAnswer, { query }), { floatingips: [] }),
  );
  return floatingips[0];
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

/** Reserves an address, any or a certain one: 1 call, and 1 for the pools if they are not known. */
export async function reserve(cloud: Cloud, draft: Draft<'ipreservation'>, token: string): Promise<FloatingIp> {
  const wanted = draft.attributes['occi.ipreservation.address'];
  const network = await poolFor(cloud, draft.mixins);
  const floatingip = {
    floating_network_id: network,
    description: markOf(token),
    ...(wanted !== undefined && { floating_ip_address: wanted }),
  };
  return await translateErrors('ipreservation', async () => {
    const { value } = await cloud.client.call('network', 'POST', path`floatingips`, floatingIpAnswer, {
      body: { floatingip },
    });
    return value.floatingip;
  });
}
