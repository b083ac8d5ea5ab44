/** Volumes and snapshots of Cinder, limited to the fields that are read; the same from 3.0 on. */
import * as z from 'zod';

const links = z.array(z.object({ rel: z.string() })).default([]);

export const volume = z.object({
  id: z.string(),
  name: z.string().nullish(),
  description: z.string().nullish(),
  status: z.string(),
  /** GiB. */
  size: z.number(),
  availability_zone: z.string().nullish(),
  /** Id of its project; Cinder shows it to owners and administrators. */
  'os-vol-tenant-attr:tenant_id': z.string().nullish(),
  metadata: z.record(z.string(), z.string()).default({}),
  /** One that is still being attached may be missing. */
  attachments: z.array(z.object({ server_id: z.string(), device: z.string().nullish() })).default([]),
});
export type Volume = z.infer<typeof volume>;

export const volumeAnswer = z.object({ volume });
export const volumesAnswer = z.object({ volumes: z.array(volume), volumes_links: links });
/** The short listing. */
export const volumeIdsAnswer = z.object({ volumes: z.array(z.object({ id: z.string() })), volumes_links: links });

export const snapshotsAnswer = z.object({ snapshots: z.array(z.object({ volume_id: z.string() })) });
