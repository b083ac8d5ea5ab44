/**
 * `save`: an image of the machine. It is an OS template from the answer on; the catalogue shows it when EC2 has copied
 * the disks.
 */

import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { Attributes, Mixin } from '../../../lib/occi/types.ts';
import { savesRunning } from '../actions.ts';
import { translateErrors } from '../api/errors.ts';
import { type Cloud, TAG, tagOf } from '../cloud.ts';
import { imageMixin } from '../mixins.ts';
import type { Instance } from '../native/index.ts';

/** Longest name of an image (EC2 API, CreateImage), less what makes it unique. */
const LONGEST = 110;

/** A name that an account has once: clients save under one name again and again. The title is in a tag. */
function nameOf(title: string): string {
  const cleaned = title
    .replace(/[^A-Za-z0-9()[\] ./'@_-]+/g, '-')
    .slice(0, LONGEST)
    .trim();
  return `${cleaned || 'saved'} ${randomBytes(6).toString('hex')}`;
}

const made = z.object({ ImageId: z.string() });

/** Volumes that are linked to a machine are entities of their own, and no part of what is made of its disks. */
const withoutStorages = ({ BlockDeviceMappings, RootDeviceName }: Instance) =>
  BlockDeviceMappings.filter(
    ({ DeviceName, Ebs }) =>
      Ebs && !Ebs.DeleteOnTermination && Ebs.Status !== 'detached' && DeviceName !== RootDeviceName,
  ).map(({ DeviceName }) => ({ DeviceName, NoDevice: '' }));

/** Makes an image of a machine and answers it as the catalogue will show it: 1 call. Its storages are not in it. */
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
    Name: nameOf(title),
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
