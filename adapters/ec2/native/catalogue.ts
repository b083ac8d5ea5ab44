/** Images, instance types and zones. */
import * as z from 'zod';
import { listOf, tags } from './tags.ts';

export const image = z.object({
  ImageId: z.string(),
  Name: z.string().optional(),
  State: z.string().optional(),
  Architecture: z.string().optional(),
  Tags: tags,
});
export type Image = z.infer<typeof image>;

export const images = z
  .object({ Images: listOf(image), NextToken: z.string().optional() })
  .transform(({ Images, NextToken }) => ({ items: Images, ...(NextToken && { next: NextToken }) }));

export const instanceType = z.object({
  InstanceType: z.string(),
  VCpuInfo: z.object({ DefaultVCpus: z.int() }),
  MemoryInfo: z.object({ SizeInMiB: z.int() }),
  InstanceStorageInfo: z.object({ TotalSizeInGB: z.number() }).optional(),
  ProcessorInfo: z.object({ SupportedArchitectures: listOf(z.string()) }).optional(),
  BurstablePerformanceSupported: z.boolean().default(false),
});
export type InstanceTypeAnswer = z.infer<typeof instanceType>;

export const instanceTypes = z
  .object({ InstanceTypes: listOf(instanceType), NextToken: z.string().optional() })
  .transform(({ InstanceTypes, NextToken }) => ({ items: InstanceTypes, ...(NextToken && { next: NextToken }) }));

export const zones = z
  .object({ AvailabilityZones: listOf(z.object({ ZoneName: z.string(), State: z.string().optional() })) })
  .transform(({ AvailabilityZones }) => AvailabilityZones);
