/**
 * Settings of the service, read once when a container starts. They come as JSON in `OCCI_CONFIG`; a wrong one stops
 * the container with every issue listed.
 */
import * as z from 'zod';

const tableSettings = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('memory') }),
  z.strictObject({ kind: z.literal('dynamodb'), name: z.string().min(3), endpoint: z.url().optional() }),
]);

const settings = z.strictObject({
  /** Which cloud. There is no default: a deployment names its cloud (decision 2). */
  adapter: z.strictObject({
    name: z.string(),
    /** Never to be changed once entities exist: OCCI ids are made from it. */
    site: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/),
    settings: z.record(z.string(), z.unknown()).default({}),
  }),
  table: tableSettings,
  /** Names of the auth schemes, in the order that they are tried. */
  auth: z.array(z.string()).min(1),
  /** Scheme and authority of the endpoint where it cannot be taken from the request (decision 12). */
  publicUrl: z
    .url()
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  /** Believe `X-Forwarded-Proto` and `X-Forwarded-Host`. */
  trustProxy: z.boolean().default(false),
  /** `standard` shows `waiting` as `inactive` with a message (decision 13). */
  states: z.enum(['extended', 'standard']).default('extended'),
  limits: z
    .strictObject({
      /** Largest request body, in bytes. */
      bodyBytes: z.int().min(1024).max(6_000_000).default(1_048_576),
      /** Names and values of all response headers together, in bytes (decision 11). */
      responseHeaderBytes: z.int().min(1024).default(10_240),
      /** Whether a DELETE on a collection may go without naming entities or a filter. */
      deleteAll: z.boolean().default(true),
    })
    .prefault({}),
  /** Set by `npm start` and tests: failures may be provoked, anonymous callers are let in. */
  local: z.boolean().default(false),
});

export type Settings = z.infer<typeof settings>;

/** The settings in `text`. Throws an `Error` that lists every wrong one. */
export function readSettings(text: string | undefined): Settings {
  if (!text) throw new Error('OCCI_CONFIG is not set: it holds the settings of the service as JSON.');
  const result = settings.safeParse(JSON.parse(text));
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) => `${issue.path.join('.') || '(top)'}: ${issue.message}`);
  throw new Error(`OCCI_CONFIG is wrong:\n  ${issues.join('\n  ')}`);
}
