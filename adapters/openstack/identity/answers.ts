/** Keystone's answers, limited to the fields that are read. */
import * as z from 'zod';

const named = z.object({ id: z.string().min(1), name: z.string() });

const endpoint = z.object({
  interface: z.string(),
  region: z.string().nullish(),
  region_id: z.string().nullish(),
  url: z.string(),
});
export type CatalogueEndpoint = z.infer<typeof endpoint>;

export const tokenAnswer = z.object({
  token: z.object({
    user: named,
    expires_at: z.iso.datetime({ offset: true }),
    /** Absent from an unscoped token, and from one of a domain or of the system. */
    project: named.optional(),
    roles: z.array(z.object({ name: z.string() })).default([]),
    /** Where the token is one of an application credential. */
    application_credential: z.object({ access_rules: z.array(z.unknown()).nullish() }).optional(),
    catalog: z.array(z.object({ type: z.string(), endpoints: z.array(endpoint).default([]) })).default([]),
  }),
});
export type KeystoneToken = z.infer<typeof tokenAnswer>['token'];

const project = z.object({ id: z.string().min(1), name: z.string(), enabled: z.boolean().optional() });
export type Project = z.infer<typeof project>;

export const projectsAnswer = z.object({ projects: z.array(project) });
