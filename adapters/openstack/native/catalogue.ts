/** Images, flavors, zones and external networks, limited to the fields that are read. */
import * as z from 'zod';

export const image = z.object({
  id: z.string(),
  name: z.string().nullish(),
  status: z.string(),
  os_hidden: z.boolean().nullish(),
  /** Id of its project. */
  owner: z.string().nullish(),
  /** `public`, `private`, `shared`, `community`. */
  visibility: z.string().default('private'),
  /** MiB and GiB. */
  min_ram: z.number().nullish(),
  min_disk: z.number().nullish(),
  hw_architecture: z.string().nullish(),
  architecture: z.string().nullish(),
});
export type Image = z.infer<typeof image>;
export const imagesAnswer = z.object({ images: z.array(image), next: z.string().optional() });

/** Nova writes no swap as an empty text. */
const amount = z.union([z.number(), z.literal('').transform(() => 0)]);

const flavor = z
  .object({
    id: z.string(),
    name: z.string(),
    vcpus: z.number(),
    ram: z.number(),
    disk: z.number(),
    swap: amount.default(0),
    'OS-FLV-EXT-DATA:ephemeral': amount.default(0),
    'OS-FLV-DISABLED:disabled': z.boolean().default(false),
  })
  .transform(({ id, name, vcpus, ram, disk, swap, ...rest }) => ({
    id,
    name,
    vcpus,
    /** MiB. */
    ram,
    /** GiB; 0 for a flavor whose servers boot from a volume, or have the disk of their image. */
    disk,
    /** MiB. */
    swap,
    /** GiB. */
    ephemeral: rest['OS-FLV-EXT-DATA:ephemeral'],
    isDisabled: rest['OS-FLV-DISABLED:disabled'],
  }));
export type Flavor = z.infer<typeof flavor>;
export const flavorsAnswer = z.object({
  flavors: z.array(flavor),
  flavors_links: z.array(z.object({ rel: z.string() })).default([]),
});

export const zonesAnswer = z.object({
  availabilityZoneInfo: z.array(
    z.object({ zoneName: z.string(), zoneState: z.object({ available: z.boolean() }).nullish() }),
  ),
});

const externalNetwork = z.object({ id: z.string(), name: z.string().nullish() });
export type ExternalNetwork = z.infer<typeof externalNetwork>;
export const externalNetworksAnswer = z.object({
  networks: z.array(externalNetwork),
  networks_links: z.array(z.object({ rel: z.string() })).default([]),
});
