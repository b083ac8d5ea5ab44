import { randomBytes } from 'node:crypto';
import type { ServiceAnswer, ServiceRequest, TokenOwner } from '../../service.ts';
import { parsed } from '../body.ts';
import type { Microversion } from '../microversion.ts';
import { checkQuota } from '../quotas.ts';
import { bad, forbidden, mustWrite, refused } from '../refusals.ts';
import { linksOf } from '../render.ts';
import { Server } from '../server.ts';
import type { Flavor, NovaState } from '../state.ts';
import { build } from './build.ts';
import { devicesOf } from './disks.ts';
import { networksOf } from './networks.ts';
import { type ServerWish, wishOf } from './wish.ts';

const flavorOf = (state: NovaState, ref: string): Flavor => {
  const id = ref.split('/').at(-1)!;
  const found = state.flavors.get(id);
  if (!found) throw bad(`Flavor ${id} could not be found.`);
  return found;
};

/** Throws unless the image may be booted with the flavor. */
function checkImage(state: NovaState, projectId: string, imageId: string, flavor: Flavor): void {
  const image = state.site.between.images.image(projectId, imageId);
  if (!image) throw bad('Can not find requested image');
  if (image.status !== 'active') throw bad(`Image ${imageId} is not active.`);
  if (image.minRamMib > flavor.ramMib) throw bad("Flavor's memory is too small for requested image.");
  if (flavor.diskGib > 0 && image.minDiskGib > flavor.diskGib) {
    const [has, needs] = [flavor.diskGib, image.minDiskGib].map((gib) => gib * 1024 ** 3);
    throw bad(
      `Flavor's disk is smaller than the minimum size specified in image metadata. Flavor disk is ${has} bytes, minimum size is ${needs} bytes.`,
    );
  }
}

function checkGroups(state: NovaState, projectId: string, wish: ServerWish): readonly string[] {
  return (wish.security_groups ?? [{ name: 'default' }]).map(({ name }) => {
    const found = state.site.between.ports.groups(projectId, name);
    if (found.length === 0) throw bad(`Unable to find security_group with name or id '${name}'`);
    if (found.length > 1)
      throw refused(409, `Multiple security groups found matching '${name}'. Use an ID to be more specific.`);
    return found[0]!.id;
  });
}

const countsOf = ({ min_count = 1, max_count }: ServerWish): number => {
  const [min, max] = [Number(min_count), Number(max_count ?? min_count)];
  if (min > max) throw bad('min_count must be <= max_count');
  return max;
};

/** POST `/servers`. */
export function createServer(
  state: NovaState,
  request: ServiceRequest,
  version: Microversion,
  owner: TokenOwner,
): ServiceAnswer {
  const wish = wishOf(parsed(request), version);
  mustWrite(owner, 'os_compute_api:servers:create');
  if (wish.host !== undefined && !owner.roles.includes('admin'))
    throw forbidden('compute:servers:create:requested_destination');
  const { site } = state;
  const projectId = owner.projectId!;
  const count = countsOf(wish);
  if (wish.availability_zone && !state.zones.includes(wish.availability_zone.split(':')[0]!))
    throw bad('The requested availability zone is not available');
  const devices = devicesOf(state, projectId, wish);
  const bootsFromVolume = devices.some(({ isRoot }) => isRoot);
  const imageId = wish.imageRef ?? '';
  if (imageId === '' && !bootsFromVolume) throw bad('Missing imageRef attribute');
  const flavor = flavorOf(state, wish.flavorRef);
  if (imageId !== '') checkImage(state, projectId, imageId, flavor);
  if (flavor.diskGib === 0 && !bootsFromVolume)
    throw refused(403, 'Only volume-backed servers are allowed for flavors with zero disk.');
  const metadata = wish.metadata ?? {};
  if (Object.keys(metadata).length > state.quotaOf(projectId).metadata_items)
    throw refused(403, `Maximum number of metadata items exceeds ${state.quotaOf(projectId).metadata_items}`);
  if (wish.key_name !== undefined && !state.keyPairs.has(`${owner.userId} ${wish.key_name}`))
    throw bad('Invalid key_name provided.');
  const groupIds = checkGroups(state, projectId, wish);
  const networks = networksOf(state, projectId, wish, count);
  checkQuota(state, projectId, { cores: flavor.vcpus * count, ram: flavor.ramMib * count, instances: count });

  const reservationId = `r-${randomBytes(5).toString('hex').slice(0, 8)}`;
  const made = Array.from({ length: count }, (_, index) => {
    const name = count === 1 ? wish.name : `${wish.name}-${index + 1}`;
    const now = site.now();
    const boots = bootsFromVolume && imageId === '' ? '' : imageId;
    const server = new Server({
      id: site.ids.uuid(),
      name,
      projectId,
      userId: owner.userId,
      flavor,
      imageId: bootsFromVolume ? '' : boots,
      created: now,
    });
    server.keyName = wish.key_name ?? null;
    server.metadata = { ...metadata };
    server.tags = [...(wish.tags ?? [])];
    // Before 2.19 the description is the name that was asked for.
    server.description = version.has('2.19') ? (wish.description ?? null) : wish.name;
    server.hostname = wish.hostname ?? server.hostname;
    server.userData = wish.user_data ?? null;
    server.wishedZone = wish.availability_zone?.split(':')[0] ?? '';
    server.reservationId = reservationId;
    state.add(server);
    build(state, server, { networks, devices, groupIds });
    return server;
  });
  if (wish.return_reservation_id) return { status: 202, body: { reservation_id: reservationId } };
  const { id } = made[0]!;
  return {
    status: 202,
    headers: { location: `${request.origin}/v2.1/servers/${id}` },
    body: {
      server: {
        id,
        links: linksOf(request.origin, id),
        'OS-DCF:diskConfig': 'MANUAL',
        security_groups: (wish.security_groups ?? [{ name: 'default' }]).map(({ name }) => ({ name })),
        adminPass: randomBytes(9).toString('base64url'),
      },
    },
  };
}
