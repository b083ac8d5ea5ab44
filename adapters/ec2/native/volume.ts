/** Volumes, as DescribeVolumes and CreateVolume answer them. */
import * as z from 'zod';
import { listOf, tags } from './tags.ts';

export const volume = z.object({
  VolumeId: z.string(),
  Size: z.int(),
  State: z.string(),
  AvailabilityZone: z.string(),
  Attachments: listOf(
    z.object({
      InstanceId: z.string().optional(),
      Device: z.string().optional(),
      State: z.string().optional(),
      DeleteOnTermination: z.boolean().optional(),
    }),
  ),
  Tags: tags,
});
export type Volume = z.infer<typeof volume>;

export const volumes = z
  .object({ Volumes: listOf(volume), NextToken: z.string().optional() })
  .transform(({ Volumes, NextToken }) => ({ items: Volumes, ...(NextToken && { next: NextToken }) }));
