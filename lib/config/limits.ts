/** Limits of requests and answers, and of what each tenant may do and have. */
import * as z from 'zod';
import { name } from './auth/grants.ts';

/** One limit of a tenant: its values, and its description. */
const VALUES = {
  requestsPerMinute: z.int().min(1),
  createsPerHour: z.int().min(0),
  compute: z.int().min(0),
  cores: z.int().min(0),
  memory: z.number().min(0),
  storage: z.number().min(0),
  addresses: z.int().min(0),
} as const satisfies Record<string, z.ZodType<number>>;

export type LimitName = keyof typeof VALUES;

const MEANINGS = {
  requestsPerMinute:
    'Requests that a tenant may send in a minute, reads included; more get 429. Containers take their shares of a ' +
    'minute in advance: if many serve one tenant, a part of a large number may go unused.',
  createsPerHour: 'Entities that a tenant may create in an hour, deleted ones included; more get 429.',
  compute: 'Computes that a tenant may have, running or not; more get 403.',
  cores: 'Cores of all computes of a tenant.',
  memory: 'Memory of all computes of a tenant, in GiB.',
  storage: 'Size of all storages of a tenant, in GiB. Disks that are part of a machine are not counted.',
  addresses: 'Reserved addresses (`ipreservation`) of a tenant.',
} as const satisfies Record<LimitName, string>;

const NONE = z.literal('none');

/** The limit of every tenant, and the one of a single tenant, which may be lifted. */
const common = (of: LimitName) => VALUES[of].optional().describe(`${MEANINGS[of]} By default any number.`);
const single = (of: LimitName) =>
  z.union([VALUES[of], NONE]).optional().describe(`In place of \`limits.perTenant.${of}\`; \`none\` lifts it.`);

const perTenant = z.strictObject({
  requestsPerMinute: common('requestsPerMinute'),
  createsPerHour: common('createsPerHour'),
  compute: common('compute'),
  cores: common('cores'),
  memory: common('memory'),
  storage: common('storage'),
  addresses: common('addresses'),
} satisfies Record<LimitName, z.ZodType>);

const ofTenant = z.strictObject({
  requestsPerMinute: single('requestsPerMinute'),
  createsPerHour: single('createsPerHour'),
  compute: single('compute'),
  cores: single('cores'),
  memory: single('memory'),
  storage: single('storage'),
  addresses: single('addresses'),
} satisfies Record<LimitName, z.ZodType>);

/** What Lambda passes on: 6 MiB of JSON, less room for headers. */
export const MAX_DEPLOYED_RESPONSE_BYTES = 6_225_920;

export const limits = z
  .strictObject({
    bodyBytes: z
      .int()
      .min(1024)
      .max(6_000_000)
      .default(1_048_576)
      .describe('Largest request body, in bytes. A larger one is refused with 413.'),
    responseHeaderBytes: z
      .int()
      .min(1024)
      .max(262_144)
      .default(10_240)
      .describe(
        'Largest sum of the names and values of response headers, in bytes. An answer in `text/occi` that does not ' +
          'fit is given without its optional parts, or refused with 406.',
      ),
    responseBytes: z
      .int()
      .min(65_536)
      .max(268_435_456)
      .optional()
      .describe(
        'Largest body of an answer, in bytes as a string of JSON. A listing that does not fit is given in pages. By ' +
          'default 6,225,920, the most that Lambda passes on; more is for `npm start` only.',
      ),
    deleteAll: z
      .boolean()
      .default(false)
      .describe(
        'Whether DELETE on a collection without filter, list of members or `all=true` deletes every member. By ' +
          'default it is refused.',
      ),
    perTenant: perTenant
      .optional()
      .describe(
        'Limits of each tenant, counted in the table. By default there are none. A cloud with quotas of its own, such ' +
          'as OpenNebula, enforces them more exactly: prefer those there.',
      ),
    tenants: z
      .record(name, ofTenant)
      .optional()
      .describe('Other limits for single tenants, by the name that the log shows as `tenant`.'),
  })
  .prefault({})
  .describe('Limits of requests, answers and tenants.');

export type Limits = z.infer<typeof limits>;
