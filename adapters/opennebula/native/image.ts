import * as z from 'zod';
import type { PoolShape } from '../api/shape.ts';
import { attributes, ids, integer, looseNumber, pool, root, text, vector } from './fields.ts';

const imageElement = z.object({
  ID: integer,
  UID: integer,
  GID: integer,
  NAME: text,
  /** 0 OS, 1 CDROM, 2 DATABLOCK, 3 KERNEL, 4 RAMDISK, 5 CONTEXT, 6 BACKUP, 7 FILESYSTEM (7.4). */
  TYPE: integer,
  /** 1 if the image keeps a machine's changes, so that only one machine may use it. */
  PERSISTENT: integer,
  /** MB. */
  SIZE: integer,
  STATE: integer,
  RUNNING_VMS: integer,
  DATASTORE_ID: integer,
  LOCK: vector({ LOCKED: looseNumber }),
  /** Ids of the machines that use the image. */
  VMS: ids,
  /** Description, device prefix, our own attributes, ERROR by oned. */
  TEMPLATE: attributes,
});

export type Image = z.infer<typeof imageElement>;

/** Answer to one.image.info. */
export const image: z.ZodType<Image> = root('IMAGE', imageElement);
/** Answer to one.imagepool.info. */
export const imagePool: PoolShape<Image> = pool('IMAGE_POOL', 'IMAGE', imageElement);
