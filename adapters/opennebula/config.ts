/** Settings of the adapter. Credentials of users never come from here; they come with each request. */
import * as z from 'zod';
import { secret } from '../../lib/config/secret.ts';
import type { AuthSettings } from '../../lib/config/service.ts';
import { ERAS, USER_NAME } from './api/server-cipher.ts';

/**
 * The pool filters that may be chosen (XML-RPC `filter_flag`). -4 is none of them: up to 6.10.0 it shows what is not
 * permitted.
 */
export const POOL_FILTER = { own: -3, group: -1, all: -2 } as const;

const id = z.int().min(0);
const term = z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/, 'must be lower case: a-z, 0-9, _ and -');
const title = z
  .string()
  .regex(/^[^,;"\\\p{Cc}]{1,100}$/u, 'must be one line without comma, semicolon, quote or backslash');
const word = z.string().regex(/^[A-Za-z0-9_.:-]{1,64}$/, 'must be letters, digits and . _ : -');

const userName = z.string().regex(USER_NAME, 'must be 1 to 256 characters without blanks and colons');

const isEndpoint = (text: string): boolean => {
  if (!URL.canParse(text)) return true; // that has its own message
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
};

const schema = z.strictObject({
  /** Where oned answers XML-RPC: `http://one.example.org:2633/RPC2`. Without credentials: they would reach the log. */
  endpoint: z.url().refine(isEndpoint, 'must be an http or https URL without user and password'),
  /** Longest time for one native call, in seconds; the deadline of the request may end it sooner. */
  timeout: z.number().min(1).max(28).default(20),
  /** Certificates of the authorities that may sign the endpoint's, as PEM text; those of the platform if it is left out. */
  ca: z
    .string()
    .regex(/^-----BEGIN CERTIFICATE-----/m, 'must be a certificate in PEM form')
    .optional(),
  /** Entries per page of a pool. A page of one cannot be asked for (measured on 6.10). */
  page: z.int().min(2).max(10_000).default(500),
  /** What users see: their own things, those of their groups too, or all that they may use. */
  filter: z.enum(['own', 'group', 'all']).default('own'),
  /** Whose entities are one tenant's: a user's, or a primary group's. */
  tenant: z.enum(['uid', 'gid']).default('uid'),
  /**
   * Longest answer that is read, in bytes. A page of 500 machines is 4 MB, of 500 machines with forty actions each
   * 22 MB; what is longer would not fit the memory of a small function.
   */
  answerBytes: z.int().min(65_536).max(1_073_741_824).default(33_554_432),
  /** Native calls at the same time. oned takes 15 connections in all and closes each after one call. */
  inFlight: z
    .strictObject({ request: z.int().min(1).max(12).default(2), process: z.int().min(1).max(15).default(12) })
    .prefault({}),
  /** Id of the VM template for a compute without an OS template; without it such a compute is made of its own attributes. */
  defaultOsTemplate: id.optional(),
  /** Sizes beside the six of the CRTP profile; memory and ephemeral disk in GiB, `cpu` in shares of a host's core. */
  resourceTemplates: z
    .array(
      z.strictObject({
        term,
        title,
        cores: z.int().min(1),
        memory: z.number().positive(),
        ephemeral: z.number().min(0).default(0),
        cpu: z.number().positive().optional(),
      }),
    )
    .default([]),
  /**
   * GHz of one core of a host, which OpenNebula does not know: what `occi.compute.speed` is counted in. With the
   * default of 1, speed is the share of a core that each virtual core gets, as other OCCI servers have it.
   */
  coreSpeed: z.number().positive().max(100).default(1),
  /** Ids of the networks that addresses are reserved from; left out, those whose attribute FLOATING_IP_POOL is YES. */
  floatingIpPools: z.array(id).optional(),
  /** Id of the image datastore in which storage is made; without it storage cannot be created. */
  datastore: id.optional(),
  /** How networks are made, where the caller may make any. */
  network: z
    .strictObject({
      vnMad: word.optional(),
      phydev: word.optional(),
      bridge: word.optional(),
      /** Id of a cluster; -1 is oned's default. */
      cluster: z.int().min(-1).default(-1),
    })
    .prefault({}),
  /** A service account that acts for callers who bring no session of their own (certificates, OIDC). */
  serverCipher: z
    .strictObject({
      user: userName,
      /** Of the service account; a deployment says where it is kept. */
      password: secret(),
      /** How oned of this release makes key and IV. */
      era: z.enum(ERAS).default('sha256'),
      /**
       * Names of administrators (the user 0, members of the group 0) that it may act for. Danger: a caller
       * to whom the authorizer gives such a name controls the whole cloud.
       */
      administrators: z.array(userName).default([]),
    })
    .refine(({ user, administrators }) => !administrators.includes(user), {
      path: ['administrators'],
      error: 'must not hold the service account, which does not act for itself',
    })
    .optional(),
});

export type OpenNebulaSettings = z.infer<typeof schema>;

export const settings: z.ZodType<OpenNebulaSettings> = schema;

/** What AWS says of a caller that always has colons. */
const WITH_COLONS: readonly string[] = ['userArn', 'role'];

/** Why callers of these schemes would never have a session of oned; undefined when they may. */
export function accepts({ serverCipher }: OpenNebulaSettings, schemes: AuthSettings): string | undefined {
  const proved = schemes.filter((one) => one !== 'basic');
  if (proved.length > 0 && serverCipher === undefined) {
    return 'must hold basic alone, or adapter.settings needs serverCipher: it acts for callers who bring no password';
  }
  const claims = proved.flatMap((one) =>
    typeof one !== 'string' && one.gateway.from === 'iam' ? one.gateway.claim : [],
  );
  const claim = claims.find((one) => WITH_COLONS.includes(one));
  if (claim === undefined) return undefined;
  return `must not name callers by ${claim}: an ARN has colons, and no user of OpenNebula has one in his name`;
}
