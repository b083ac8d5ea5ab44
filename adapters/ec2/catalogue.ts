/** The catalogue: images that the settings offer and those that the tenant saved, sizes, zones and pools. */
import type { Filter } from '@aws-sdk/client-ec2';
import type { Catalogue } from '../../lib/adapter/contract.ts';
import { typeId } from '../../lib/occi/types.ts';
import { isRefused, translateErrors } from './api/errors.ts';
import { byId, readAll } from './api/pages.ts';
import { type Cloud, TAG, tagOf } from './cloud.ts';
import { imageMixin, imageMixinId, poolMixins, regionMixin, SCHEMES, typeMixin, zoneMixin } from './mixins.ts';
import { type Image, images, zones } from './native/index.ts';

const AVAILABLE: Filter = { Name: 'state', Values: ['available'] };

/**
 * Images by id, the default among them: 1 call, and 1 more if one of them is gone, which makes EC2 refuse all. No call
 * without ids. The provider chose them, so they are offered even if their owner has deprecated them meanwhile, as AWS
 * does with public images after two years: they can still be launched (EC2 User Guide, Deprecate an AMI).
 */
async function named(cloud: Cloud): Promise<readonly Image[]> {
  const { ids: listed, default: preset } = cloud.settings.images;
  const ids = [...new Set(preset === undefined ? listed : [...listed, preset])];
  if (ids.length === 0) return [];
  try {
    return (await cloud.ec2.call('DescribeImages', { ImageIds: ids, IncludeDeprecated: true }, images)).items;
  } catch (error) {
    if (!isRefused(error, /^InvalidAMIID\./)) throw error;
    const input = { Filters: [{ Name: 'image-id', Values: ids }], IncludeDeprecated: true };
    return readAll(cloud, 'DescribeImages', input, images);
  }
}

/** Images by owner, without those that another owner has deprecated: one call per page; none without owners, for that would be all that anybody has published. */
async function owned(cloud: Cloud): Promise<readonly Image[]> {
  const { owners, filters } = cloud.settings.images;
  if (owners.length === 0) return [];
  const configured = Object.entries(filters).map(([Name, Values]) => ({ Name, Values }));
  return readAll(cloud, 'DescribeImages', { Owners: owners, Filters: [AVAILABLE, ...configured] }, images);
}

/** Images that the tenant saved: one call per page; none where those by owner have them already. */
async function saved(cloud: Cloud): Promise<readonly Image[]> {
  const { owners, filters } = cloud.settings.images;
  if (owners.includes('self') && Object.keys(filters).length === 0) return [];
  const own: Filter = { Name: `tag:${TAG.tenant}`, Values: [cloud.account.tenant] };
  return readAll(cloud, 'DescribeImages', { Owners: ['self'], Filters: [AVAILABLE, own] }, images);
}

/** Every image once, by id. What another tenant saved is theirs, unless the settings name it. */
async function readImages(cloud: Cloud): Promise<readonly Image[]> {
  const [byIds, byOwners, own] = await Promise.all([named(cloud), owned(cloud), saved(cloud)]);
  const isAnothers = ({ Tags }: Image) => {
    const tenant = tagOf(Tags, TAG.tenant);
    return tenant !== undefined && tenant !== cloud.account.tenant;
  };
  const all = [...byIds, ...[...byOwners, ...own].filter((image) => !isAnothers(image))];
  const ready = all.filter(({ State }) => State === undefined || State === 'available');
  return [...new Map(ready.map((image) => [image.ImageId, image])).values()].sort(byId(({ ImageId }) => ImageId));
}

/** Zones that are open to the account. EC2 has no pages of them. */
async function readZones({ ec2 }: Cloud): Promise<readonly string[]> {
  const all = await ec2.call('DescribeAvailabilityZones', {}, zones);
  const open = all.filter(({ State }) => State === undefined || State === 'available');
  return open.map(({ ZoneName }) => ZoneName).sort();
}

/**
 * What the region offers to this caller. Native calls, all at once: one per page for the images of the owners, one for
 * those that are named by id, one for those that the tenant saved, one for zones, and one for types that this process
 * does not know yet. A type that the region does not have is left out.
 */
export async function readCatalogue(cloud: Cloud): Promise<Catalogue> {
  const { ec2, settings, types } = cloud;
  const [offered, open] = await translateErrors('compute', () =>
    Promise.all([
      readImages(cloud),
      readZones(cloud),
      types.read(ec2, [...settings.types, ...Object.values(settings.sizes), settings.defaultType]),
    ]),
  );
  const mixins = [
    ...offered.map(imageMixin),
    ...[...new Set(settings.types)].flatMap((type) => {
      const size = types.offered(type);
      return size ? [typeMixin(type, size)] : [];
    }),
    ...open.map(zoneMixin),
    regionMixin(settings),
    ...poolMixins(settings),
  ];
  const preset = settings.images.default === undefined ? undefined : imageMixinId(settings.images.default);
  return {
    mixins,
    schemes: Object.values(SCHEMES),
    ...(mixins.some((mixin) => typeId(mixin) === preset) && { defaultOsTemplate: preset! }),
  };
}
