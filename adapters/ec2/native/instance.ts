/** Instances, as DescribeInstances and RunInstances answer them. */
import * as z from 'zod';
import { listOf, tags } from './tags.ts';

const blockDevice = z.object({
  DeviceName: z.string(),
  Ebs: z
    .object({
      VolumeId: z.string(),
      Status: z.string().default('attached'),
      AttachTime: z.date().optional(),
      DeleteOnTermination: z.boolean().default(false),
    })
    .optional(),
});

const networkInterface = z.object({
  NetworkInterfaceId: z.string(),
  MacAddress: z.string().optional(),
  SubnetId: z.string().optional(),
  VpcId: z.string().optional(),
  PrivateIpAddress: z.string().optional(),
  Ipv6Addresses: listOf(z.object({ Ipv6Address: z.string() })),
  Groups: listOf(z.object({ GroupId: z.string(), GroupName: z.string().optional() })),
  Association: z.object({ PublicIp: z.string().optional(), IpOwnerId: z.string().optional() }).optional(),
  Attachment: z
    .object({
      AttachmentId: z.string().optional(),
      DeviceIndex: z.int().default(0),
      Status: z.string().default('attached'),
      AttachTime: z.date().optional(),
    })
    .optional(),
});

export const instance = z.object({
  InstanceId: z.string(),
  ImageId: z.string().optional(),
  InstanceType: z.string(),
  State: z.object({ Name: z.string() }),
  StateReason: z.object({ Code: z.string().optional(), Message: z.string().optional() }).optional(),
  StateTransitionReason: z.string().optional(),
  LaunchTime: z.date().optional(),
  Architecture: z.string().optional(),
  KeyName: z.string().optional(),
  CpuOptions: z.object({ CoreCount: z.int(), ThreadsPerCore: z.int().default(1) }).optional(),
  Placement: z.object({ AvailabilityZone: z.string().optional() }).optional(),
  VpcId: z.string().optional(),
  RootDeviceName: z.string().optional(),
  HibernationOptions: z.object({ Configured: z.boolean().default(false) }).optional(),
  BlockDeviceMappings: listOf(blockDevice),
  NetworkInterfaces: listOf(networkInterface),
  SecurityGroups: listOf(z.object({ GroupId: z.string(), GroupName: z.string().optional() })),
  Tags: tags,
});

export type Instance = z.infer<typeof instance>;
export type BlockDevice = z.infer<typeof blockDevice>;
export type InstanceInterface = z.infer<typeof networkInterface>;

/** Reservations group the instances of one launch. We only need the instances. */
export const instances = z
  .object({ Reservations: listOf(z.object({ Instances: listOf(instance) })), NextToken: z.string().optional() })
  .transform(({ Reservations, NextToken }) => ({
    items: Reservations.flatMap(({ Instances }) => Instances),
    ...(NextToken && { next: NextToken }),
  }));

export const launched = z
  .object({ Instances: z.array(instance).length(1) })
  .transform(({ Instances }) => Instances[0]!);
