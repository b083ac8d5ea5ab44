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
  tags: z.array(z.string()).default([]),
  security_group_rules: z.array(securityGroupRule).default([]),
});
export type SecurityGroup = z.infer<typeof securityGroup>;

export const securityGroupAnswer = z.object({ security_group: securityGroup });
export const securityGroupsAnswer = z.object({
  security_groups: z.array(securityGroup),
  security_groups_links: links,
});
export const securityGroupIdsAnswer = z.object({
  security_groups: z.array(z.object({ id: z.string() })),
  security_groups_links: links,
});

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
  ports: z.array(guardedPort.pick({ device_id: true, security_groups: true })),
});
