/** Client certificates, which the TLS end of the endpoint has verified: the scheme `x509`. */
import * as z from 'zod';
import { name, role, tenant } from './grants.ts';

export const x509 = z.strictObject({
  users: z
    .record(
      z
        .string()
        .regex(/^(\/[A-Za-z.0-9]+=.+|[A-Za-z.0-9]+=.+)$/, 'must be a subject: CN=Alice,O=Grid or /O=Grid/CN=Alice'),
      z.strictObject({
        name: name.optional().describe('Name of the caller. By default the subject in the form of RFC 2253.'),
        tenant,
        role,
      }),
    )
    .refine((all) => Object.keys(all).length > 0, 'must name a subject')
    .describe('Callers by the subject of their certificate, as RFC 2253 or with slashes.'),
});

export type X509Settings = z.infer<typeof x509>;
