/** Networks, subnets and routers of Neutron, limited to the fields that are read. */
import * as z from 'zod';

/** `networks_links` and the like: `next` is there while more follow. */
const links = z.array(z.object({ rel: z.string() })).default([]);

export const network = z.object({
  id: z.string(),
  name: z.string().nullish(),
  description: z.string().nullish(),
  project_id: z.string(),
  status: z.string(),
  admin_state_up: z.boolean(),
  /** Also true where another project shares it with the caller's alone (RBAC). */
  shared: z.boolean().default(false),
  'router:external': z.boolean().default(false),
  subnets: z.array(z.string()).default([]),
  revision_number: z.number().optional(),
  /** These are shown to administrators only. */
  'provider:network_type': z.string().nullish(),
  'provider:segmentation_id': z.number().nullish(),
});
export type Network = z.infer<typeof network>;
export const networkAnswer = z.object({ network });
export const networksAnswer = z.object({ networks: z.array(network), networks_links: links });

const networkName = network.pick({ id: true, project_id: true, shared: true, 'router:external': true });
export type NetworkName = z.infer<typeof networkName>;
/** The query of a short listing asks for these fields. */
export const NETWORK_NAME_FIELDS = Object.keys(networkName.shape);
export const networkNamesAnswer = z.object({ networks: z.array(networkName), networks_links: links });

export const subnet = z.object({
  id: z.string(),
  network_id: z.string(),
  ip_version: z.union([z.literal(4), z.literal(6)]),
  cidr: z.string(),
  gateway_ip: z.string().nullish(),
  enable_dhcp: z.boolean(),
  created_at: z.string().default(''),
});
export type Subnet = z.infer<typeof subnet>;
export const subnetAnswer = z.object({ subnet });
export const SUBNET_FIELDS = Object.keys(subnet.shape);
export const subnetsAnswer = z.object({ subnets: z.array(subnet) });

export const router = z.object({ id: z.string(), name: z.string().nullish() });
export type Router = z.infer<typeof router>;
export const routerAnswer = z.object({ router });
export const routersAnswer = z.object({ routers: z.array(router) });
