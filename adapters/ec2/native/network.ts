/** Subnets, interfaces and elastic addresses. */
import * as z from 'zod';
import { listOf, tags } from './tags.ts';

export const subnet = z.object({
  SubnetId: z.string(),
  VpcId: z.string(),
  AvailabilityZone: z.string(),
  State: z.string(),
  CidrBlock: z.string().optional(),
  Ipv6CidrBlockAssociationSet: listOf(
    z.object({ Ipv6CidrBlock: z.string(), Ipv6CidrBlockState: z.object({ State: z.string() }).optional() }),
  ),
  /** True for a subnet that has no IPv4. */
  Ipv6Native: z.boolean().default(false),
  DefaultForAz: z.boolean().default(false),
  Tags: tags,
});
export type Subnet = z.infer<typeof subnet>;

export const subnets = z
  .object({ Subnets: listOf(subnet), NextToken: z.string().optional() })
  .transform(({ Subnets, NextToken }) => ({ items: Subnets, ...(NextToken && { next: NextToken }) }));

export const networkInterface = z.object({
  NetworkInterfaceId: z.string(),
  SubnetId: z.string().optional(),
  MacAddress: z.string().optional(),
  PrivateIpAddress: z.string().optional(),
  Ipv6Addresses: listOf(z.object({ Ipv6Address: z.string() })),
  Status: z.string().optional(),
  Groups: listOf(z.object({ GroupId: z.string(), GroupName: z.string().optional() })),
  Attachment: z
    .object({
      AttachmentId: z.string().optional(),
      InstanceId: z.string().optional(),
      DeviceIndex: z.int().optional(),
      Status: z.string().optional(),
      DeleteOnTermination: z.boolean().optional(),
    })
    .optional(),
  TagSet: tags,
});
export type NetworkInterface = z.infer<typeof networkInterface>;

export const networkInterfaces = z
  .object({ NetworkInterfaces: listOf(networkInterface), NextToken: z.string().optional() })
  .transform(({ NetworkInterfaces, NextToken }) => ({
    items: NetworkInterfaces,
    ...(NextToken && { next: NextToken }),
  }));

/** An elastic address: allocated once, associated with one interface at a time. */
export const address = z.object({
  AllocationId: z.string(),
  PublicIp: z.string().optional(),
  AssociationId: z.string().optional(),
  InstanceId: z.string().optional(),
  NetworkInterfaceId: z.string().optional(),
  PublicIpv4Pool: z.string().optional(),
  Tags: tags,
});
export type Address = z.infer<typeof address>;

/** EC2 has no pages of addresses. */
export const addresses = z.object({ Addresses: listOf(address) }).transform(({ Addresses }) => Addresses);

export const madeSubnet = z.object({ Subnet: subnet }).transform(({ Subnet }) => Subnet);

export const madeInterface = z
  .object({ NetworkInterface: networkInterface })
  .transform(({ NetworkInterface }) => NetworkInterface);

export const attachedInterface = z.object({ AttachmentId: z.string() });
