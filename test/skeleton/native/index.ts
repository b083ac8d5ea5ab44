/** The answers of the cloud, limited to the fields that are read. */
import * as z from 'zod';

export const account = z.object({ account: z.string() });

export const vm = z.object({ id: z.int(), name: z.string(), status: z.string(), cpus: z.int(), megabytes: z.int() });
export type Vm = z.infer<typeof vm>;
