/** Keystone's answers, limited to the fields that are read. */
import * as z from 'zod';

const named = z.object({ id: z.string(), name: z.string() });

const endpoint = z.object({
  interface: z.string(),
  region: z.string().nullish(),
  region_id: z.string().nullish(),
  url: z.string(),
});

export const tokenAnswer = z.object({
  token: z.object({
    user: named,
    expires_at: z.string(),
    project: named.optional(),
    roles: z.array(named).default([]),
    catalog: z.array(z.object({ type: z.string(), endpoints: z.array(endpoint) })).default([]),
  }),
});
export type KeystoneToken = z.infer<typeof tokenAnswer>['token'];

export const projectsAnswer = z.object({ projects: z.array(named) });
