/** Security groups of Neutron with their rules, limited to the fields that are read. */
import * as z from 'zod';

const links = z.array(z.object({ rel: z.string() })).default([]);
/** Neutron keeps a protocol as it was given: a name, or a number as text. */
const protocol = z.union([z.string(), z.number().transform(String)]).nullish();

export const securityGroupRule = z.object({
  id: z.string(),
  direction: z.string(),
  ethertype: z.string().nullish(),
  protocol,
  /** For ICMP the type; `port_range_max` then is the code. */
  port_range_min: z.number().nullish(),
  port_range_max: z.number().nullish(),
  remote_ip_prefix: z.string().nullish(),
  remote_group_id: z.string().nullish(),
  remote_address_group_id: z.string().nullish(),
  description: z.string().nullish(),
});
export type SecurityGroupRule = z.infer<typeof securityGroupRule>;

export const securityGroup = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullish(),
  project_id: z.string().optional(),
  tenant_id: z.string().optional(),
  /** True for one of another project that is shared with the caller's. */
  shared: z.boolean().optional(),
  tags: z.array(z.string()).default([]),
  security_group_rules: z.array(securityGroupRule).default([]),
});
export type SecurityGroup = z.infer<typeof securityGroup>;

export const securityGroupAnswer = z.object({ security_group: securityGroup });
export const securityGroupsAnswer = z.object({
  security_groups: z.array(securityGroup),
  security_groups_links: links,
});
const groupOwner = securityGroup.pick({ id: true, project_id: true, tenant_id: true, shared: true });
export type GroupOwner = z.infer<typeof groupOwner>;
/** The query of a short listing asks for these fields. */
export const GROUP_OWNER_FIELDS = Object.keys(groupOwner.shape);
export const securityGroupIdsAnswer = z.object({ security_groups: z.array(groupOwner), security_groups_links: links });

/** Ports as the groups on them are changed. */
export const guardedPort = z.object({
  id: z.string(),
  device_id: z.string(),
  security_groups: z.array(z.string()).default([]),
  fixed_ips: z.array(z.unknown()).default([]),
  port_security_enabled: z.boolean().default(true),
  revision_number: z.number().optional(),
});
export type GuardedPort = z.infer<typeof guardedPort>;
export const guardedPortsAnswer = z.object({ ports: z.array(guardedPort) });
/** The machines that have a group. */
export const groupUsersAnswer = z.object({
  ports: z.array(
    guardedPort.pick({ device_id: true, security_groups: true }).extend({ project_id: z.string().default('') }),
  ),
});
