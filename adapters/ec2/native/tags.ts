import * as z from 'zod';

/** EC2 leaves out empty lists. */
export const listOf = <T extends z.ZodType>(shape: T) => z.array(shape).default([]);

export const tag = z.object({ Key: z.string(), Value: z.string().default('') });
export type Tag = z.infer<typeof tag>;
export const tags = listOf(tag);
