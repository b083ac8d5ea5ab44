/**
 * The settings of the service: those in a deployment's file, and those that only a function's environment knows. The
 * description of a field is its documentation: tables, error messages and `npm start -- --help` show it.
 */
import * as z from 'zod';
import { auth } from './auth/index.ts';
import { clients } from './clients.ts';
import { cors } from './cors.ts';
import { isMap } from './cross-field.ts';
import { limits } from './limits.ts';

const isPublicUrl = (text: string): boolean => {
  if (!URL.canParse(text)) return true; // that has its own message
  const { protocol, username, password, pathname, search, hash } = new URL(text);
  const isBare = [username, password, search, hash].every((part) => part === '') && /^\/*$/.test(pathname);
  return /^https?:$/.test(protocol) && isBare;
};

const inFile = {
  /** There is no default: a deployment names its cloud (ADR-2). */
  adapter: z
    .strictObject({
      name: z
        .string({ error: 'must be the name of an adapter' })
        .describe('The cloud behind the endpoint: the name of an adapter. `none` can be packaged but not deployed.'),
      site: z
        .string()
        .regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 letters, digits and . _ -')
        .describe(
          'Name of this site. The ids of all entities are derived from it: never change it once entities exist.',
        ),
      settings: z
        .record(z.string(), z.unknown())
        .default({})
        .describe("The adapter's own settings. Secrets are references to where they are kept."),
    })
    .describe('The adapter and its settings.'),
  auth,
  discovery: z
    .enum(['callers', 'everybody'])
    .default('callers')
    .describe(
      'Who may read the query interface, `/-/`. For `everybody`, a GET without credentials shows kinds, actions and ' +
        'mixins, but no templates and nothing of any tenant. Behind `gateway`, the route `/-/` then has no authorizer ' +
        'and shows that to callers too; `/.well-known/org/ogf/occi/-/` still shows them everything.',
    ),
  publicUrl: z
    .url()
    .refine(isPublicUrl, 'must be an http or https URL without user, password, path, query and fragment')
    .transform((url) => url.replace(/\/+$/, ''))
    .optional()
    // No path: links are paths (ADR-12).
    .describe(
      'Scheme and host of the endpoint, where clients use another name than the gateway sees. By default they are ' +
        'taken from the request.',
    ),
  trustProxy: z
    .boolean()
    .default(false)
    .describe(
      'Whether to believe `X-Forwarded-Proto` and `X-Forwarded-Host`. Enable it only behind a proxy that sets them.',
    ),
  states: z
    .enum(['extended', 'standard'])
    .default('extended')
    .describe(
      'States shown to clients. OCCI 1.2 has no `waiting`: `standard` shows it as `inactive` with a message, ' +
        '`extended` as it is.',
    ),
  limits,
  clients,
  cors: cors.optional().describe('Web pages of other origins that may use the endpoint. By default none may.'),
};

const tableName = z
  .string()
  .regex(
    /^([A-Za-z0-9_.-]{3,255}|arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:\d{12}:table\/[A-Za-z0-9_.-]{3,255})$/,
    'must be the name or the ARN of a DynamoDB table',
  );

const KIND = 'Where the table is: in the memory of the process, or in DynamoDB.';

const table = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('memory').describe(KIND) }),
  z.strictObject({
    kind: z.literal('dynamodb').describe(KIND),
    name: tableName.describe('Table in which the service keeps its records.'),
    endpoint: z.url().optional().describe("URL of DynamoDB. By default the region's own."),
  }),
]);

const namesCallers = ({ auth: schemes, local }: { auth?: unknown; local?: unknown }): boolean =>
  local === true || !Array.isArray(schemes) || !schemes.includes('anonymous');

const ANONYMOUS = {
  path: ['auth'],
  error: 'must not hold anonymous, which is for npm start: anyone could use the cloud',
  when: isMap,
};

/** The settings in a deployment's file. */
export const fileSettings = () => z.strictObject(inFile).refine(namesCallers, ANONYMOUS);

/** All settings of a function: those of the file, its table, and whether this is a local run. */
export const serviceSettings = z
  .strictObject({
    ...inFile,
    table: table.describe('The table of the service.'),
    authorizerParameters: z
      .array(z.string().min(1))
      .optional()
      .describe('Query parameters in which an authorizer of the gateway finds credentials.'),
    local: z
      .boolean()
      .default(false)
      .describe('Set by `npm start` and tests: failures may be provoked, and anonymous callers are let in.'),
    https: z.boolean().optional().describe('Set by `npm start -- --tls-cert`: its own URLs begin with https.'),
  })
  .refine(namesCallers, ANONYMOUS);

export type Settings = z.infer<typeof serviceSettings>;

/** Settings that a file must not hold, and why. */
export const NOT_IN_FILE = {
  table: 'must not stand in the file: the deployment knows the name of its table',
  authorizerParameters: 'must not stand in the file: the deployment knows what its authorizer reads',
  local: 'must not stand in the file: it is for npm start and tests',
  https: 'must not stand in the file: it is for npm start',
} as const satisfies Record<Exclude<keyof Settings, keyof typeof inFile>, string>;
