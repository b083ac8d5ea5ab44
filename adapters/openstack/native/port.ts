/** Ports and floating addresses of Neutron. */
import * as z from 'zod';

export const port = z.object({
  id: z.string(),
  network_id: z.string(),
  mac_address: z.string(),
  status: z.string(),
  device_id: z.string(),
  device_owner: z.string(),
  fixed_ips: z.array(z.object({ subnet_id: z.string(), ip_address: z.string() })),
  security_groups: z.array(z.string()).default([]),
  name: z.string().nullish(),
  description: z.string().nullish(),
  tags: z.array(z.string()).default([]),
});
export type Port = z.infer<typeof port>;
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
});
export type FloatingIp = z.infer<typeof floatingIp>;
export const floatingIpsAnswer = z.object({ floatingips: z.array(floatingIp) });
