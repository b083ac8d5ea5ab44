/** What a launch needs to know about its image. The facts never change, so a process reads each image once. */

import * as z from 'zod';
import { BoundedCache } from '../../../lib/adapter/cache.ts';
import { OcciError } from '../../../lib/errors.ts';
import { translateErrors } from '../api/errors.ts';
import type { Cloud } from '../cloud.ts';
import { listOf } from '../native/index.ts';

/** The facts of an image. */
export interface ImageFacts {
  /** EC2's word: `x86_64`, `i386`, `arm64`. */
  readonly architecture?: string;
  /** Device of its root volume; absent if the root is an instance store. */
  readonly root?: string;
  /** Size of its root volume, in GiB. */
  readonly size?: number;
  /** Devices of its disks, including the root. */
  readonly devices: readonly string[];
  /** The volumes besides the root, with their sizes in GiB. */
  readonly data: readonly { readonly device: string; readonly size?: number }[];
}

const shape = z.object({
  Images: listOf(
    z.object({
      Architecture: z.string().optional(),
      RootDeviceName: z.string().optional(),
      RootDeviceType: z.string().optional(),
      BlockDeviceMappings: listOf(
        z.object({
          DeviceName: z.string().optional(),
          Ebs: z.object({ VolumeSize: z.number().optional() }).optional(),
        }),
      ),
    }),
  ),
});

/** Shared by all tenants: the ids of images are unique across accounts. */
const known = new BoundedCache<ImageFacts>({ maxEntries: 1000 });

/** The facts of an image: 1 call, or no call if cached. Throws `invalid` for an image that does not exist. */
export async function imageFacts({ ec2 }: Cloud, id: string): Promise<ImageFacts> {
  const found = known.get(id);
  if (found) return found;
  const { Images } = await translateErrors('compute', () => ec2.call('DescribeImages', { ImageIds: [id] }, shape));
  const [image] = Images;
  if (!image) throw new OcciError('invalid', 'There is no such OS template any more.');
  const root = image.RootDeviceType === 'instance-store' ? undefined : image.RootDeviceName;
  const mapped = image.BlockDeviceMappings.flatMap(({ DeviceName: device, Ebs }) => (device ? [{ device, Ebs }] : []));
  const size = mapped.find(({ device }) => device === root)?.Ebs?.VolumeSize;
  const facts: ImageFacts = {
    devices: [...new Set([...(root === undefined ? [] : [root]), ...mapped.map(({ device }) => device)])],
    data: mapped.flatMap(({ device, Ebs }) => {
      if (!Ebs || device === root) return [];
      return [{ device, ...(Ebs.VolumeSize !== undefined && { size: Ebs.VolumeSize }) }];
    }),
    ...(image.Architecture !== undefined && { architecture: image.Architecture }),
    ...(root !== undefined && { root }),
    ...(size !== undefined && { size }),
  };
  return known.set(id, facts);
}
