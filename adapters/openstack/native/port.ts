/** Ports and floating addresses of Neutron, limited to the fields that are read. */
import * as z from 'zod';

export const port = z.object({
  id: z.string(),
  network_id: z.string(),
  mac_address: z.string(),
  status: z.string(),
  admin_state_up: z.boolean().default(true),
  device_id: z.string(),
  /** `compute:` and the zone for a port of a server; empty for one that nothing uses. */
  device_owner: z.string(),
  fixed_ips: z.array(z.object({ subnet_id: z.string(), ip_address: z.string() })),
  security_groups: z.array(z.string()).default([]),
  name: z.string().nullish(),
  description: z.string().nullish(),
  tags: z.array(z.string()).default([]),
  project_id: z.string().optional(),
  created_at: z.string().default(''),
  updated_at: z.string().default(''),
  revision_number: z.number().optional(),
});
export type Port = z.infer<typeof port>;
export const portAnswer = z.object({ port });
export const portsAnswer = z.object({ ports: z.array(port) });

export const floatingIp = z.object({
  id: z.string(),
  floating_ip_address: z.string(),
  floating_network_id: z.string(),
  fixed_ip_address: z.string().nullish(),
  port_id: z.string().nullish(),
  status: z.string().nullish(),
  description: z.string().nullish(),
  tags: z.array(z.string()).default([]),
  project_id: z.string().optional(),
  revision_number: z.number().optional(),
});
export type FloatingIp = z.infer<typeof floatingIp>;
export const floatingIpAnswer = z.object({ floatingip: floatingIp });
export const floatingIpsAnswer = z.object({
  floatingips: z.array(floatingIp),
  floatingips_links: z.array(z.object({ rel: z.string() })).default([]),
});
