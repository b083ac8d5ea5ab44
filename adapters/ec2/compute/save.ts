/**
 * The `save` action creates an image of the instance. The response already names it as an OS template; the catalogue
 * lists it once EC2 has copied the disks.
 */

import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { Attributes, Mixin } from '../../../lib/occi/types.ts';
import { savesRunning } from '../actions.ts';
import { translateErrors } from '../api/errors.ts';
import { type Cloud, TAG, tagOf } from '../cloud.ts';
import { imageMixin } from '../mixins.ts';
import type { Instance } from '../native/index.ts';

/** Maximum length of an image name (EC2 API, CreateImage), less the unique suffix. */
const MAX_NAME_CHARS = 110;

/** A unique image name, because clients reuse names and EC2 refuses duplicates. The title is in a tag. */
function uniqueName(title: string): string {
  const cleaned = title
    .replace(/[^A-Za-z0-9()[\] ./'@_-]+/g, '-')
    .slice(0, MAX_NAME_CHARS)
    .trim();
  return `${cleaned || 'saved'} ${randomBytes(6).toString('hex')}`;
}

const made = z.object({ ImageId: z.string() });

/** Mappings that exclude linked volumes from the image, because they are entities of their own. */
const withoutStorages = ({ BlockDeviceMappings, RootDeviceName }: Instance) =>
  BlockDeviceMappings.filter(
    ({ DeviceName, Ebs }) =>
      Ebs && !Ebs.DeleteOnTermination && Ebs.Status !== 'detached' && DeviceName !== RootDeviceName,
  ).map(({ DeviceName }) => ({ DeviceName, NoDevice: '' }));

/** Creates an image without the linked storages, and returns it as the catalogue will show it: 1 call. */
export async function saveCompute(cloud: Cloud, instance: Instance, { name, method }: Attributes): Promise<Mixin> {
  const wanted = typeof name === 'string' ? name.trim() : '';
  const title = wanted || tagOf(instance.Tags, TAG.title)?.trim() || 'Saved compute';
  const Tags = [
    { Key: TAG.tenant, Value: cloud.account.tenant },
    { Key: TAG.title, Value: title },
  ];
  const left = withoutStorages(instance);
  const input = {
    InstanceId: instance.InstanceId,
    Name: uniqueName(title),
    NoReboot: savesRunning(method),
    ...(left.length > 0 && { BlockDeviceMappings: left }),
    TagSpecifications: [
      { ResourceType: 'image' as const, Tags },
      { ResourceType: 'snapshot' as const, Tags },
    ],
  };
  const { ImageId } = await translateErrors('compute', () => cloud.ec2.call('CreateImage', input, made));
  return imageMixin({ ImageId, Name: input.Name, Tags });
}
