/** Servers of Nova, at any microversion from 2.1 on: what older ones lack is optional. */
import * as z from 'zod';

const address = z.object({
  version: z.number(),
  addr: z.string(),
  'OS-EXT-IPS:type': z.string().optional(),
  'OS-EXT-IPS-MAC:mac_addr': z.string().optional(),
});

/** From 2.98 on. */
const imageProperties = z.object({ hw_architecture: z.string().nullish(), architecture: z.string().nullish() });

export const server = z.object({
  id: z.string(),
  /** This, the size and the time are absent where Nova cannot reach the server's part of the cloud (from 2.69 on). */
  name: z.string().default(''),
  status: z.string(),
  /** Id of its project. */
  tenant_id: z.string().default(''),
  user_id: z.string().nullish(),
  description: z.string().nullish(),
  tags: z.array(z.string()).optional(),
  /** Empty until a host has the server. */
  hostId: z.string().nullish(),
  /** From 2.9 on. */
  locked: z.boolean().optional(),
  metadata: z.record(z.string(), z.string()).default({}),
  created: z.string(),
  updated: z.string().default(''),
  key_name: z.string().nullish(),
  /** Empty for a server that was booted from a volume. */
  image: z.union([z.object({ id: z.string(), properties: imageProperties.optional() }), z.literal('')]).nullish(),
  /** From 2.47 on whole and without its id. */
  flavor: z
    .object({
      id: z.string().optional(),
      original_name: z.string().optional(),
      vcpus: z.number().optional(),
      /** MiB. */
      ram: z.number().optional(),
      /** GiB. */
      disk: z.number().optional(),
      ephemeral: z.number().optional(),
    })
    .default({}),
  addresses: z.record(z.string(), z.array(address)).default({}),
  fault: z.object({ code: z.number().optional(), message: z.string().default('') }).optional(),
  'OS-EXT-AZ:availability_zone': z.string().nullish(),
  'OS-EXT-SRV-ATTR:hostname': z.string().nullish(),
  'OS-EXT-STS:vm_state': z.string().nullish(),
  'OS-EXT-STS:task_state': z.string().nullish(),
  'OS-EXT-STS:power_state': z.number().nullish(),
  'OS-SRV-USG:launched_at': z.string().nullish(),
  'os-extended-volumes:volumes_attached': z.array(z.object({ id: z.string() })).default([]),
});
export type Server = z.infer<typeof server>;

export const serverAnswer = z.object({ server });

const links = z.array(z.object({ rel: z.string() })).default([]);
/** A page; `servers_links` has a `next` while more follow. */
export const serversAnswer = z.object({ servers: z.array(server), servers_links: links });
export const serverIdsAnswer = z.object({ servers: z.array(z.object({ id: z.string() })), servers_links: links });
