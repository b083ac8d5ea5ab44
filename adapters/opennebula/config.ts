/** Settings of the adapter. Credentials of users never come from here: each request carries its own. */

import * as z from 'zod';
import type { CallLimit } from '../../lib/adapter/module.ts';
import { leaveOwnTenants } from '../../lib/config/auth/grants.ts';
import { type AuthSettings, schemeNameOf, settingsOf } from '../../lib/config/auth/index.ts';
import { cloudUrl } from '../../lib/config/cloud-url.ts';
import { answerBytes, certificateAuthorities, nativeTimeout } from '../../lib/config/native-calls.ts';
import { secret } from '../../lib/config/secret.ts';
import { ERAS, USER_NAME } from './api/server-cipher.ts';
import { missingSetting } from './network/drivers.ts';

/**
 * The pool filters that an operator can choose (XML-RPC `filter_flag`). -4 is excluded: up to 6.10.0 it shows objects
 * that the caller may not see.
 */
export const POOL_FILTER = { own: -3, group: -1, all: -2 } as const;

const id = z.int().min(0);
const term = z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/, 'must be lower case: a-z, 0-9, _ and -');
const title = z
  .string()
  .regex(/^[^,;"\\\p{Cc}]{1,100}$/u, 'must be one line without comma, semicolon, quote or backslash');
const word = z.string().regex(/^[A-Za-z0-9_.:-]{1,64}$/, 'must be letters, digits and . _ : -');

const userName = z.string().regex(USER_NAME, 'must be 1 to 256 characters without blanks and colons');

const schema = z.strictObject({
  endpoint: cloudUrl().describe(
    "URL of oned's XML-RPC, such as `http://one.example.org:2633/RPC2`, or of a TLS proxy in front of it.",
  ),
  timeout: nativeTimeout(20),
  ca: certificateAuthorities("the endpoint's certificate"),
  // A page of one cannot be requested (measured on 6.10).
  page: z.int().min(2).max(10_000).default(500).describe('Entries per page of a native listing.'),
  filter: z
    .enum(['own', 'group', 'all'])
    .default('own')
    .describe(
      "Computes in a listing: the caller's `own`, those of the caller's groups too, or `all` that may be used.",
    ),
  tenant: z
    .enum(['uid', 'gid'])
    .default('uid')
    .describe('Who shares entities: `uid` makes each user a tenant, `gid` each primary group.'),
  // A page of 500 machines is 4 MB, and 22 MB where each has forty actions.
  answerBytes,
  inFlight: z
    .strictObject({
      request: z.int().min(1).max(12).default(2).describe('Native calls that one request makes at the same time.'),
      process: z.int().min(1).max(15).default(12).describe('Native calls that one process makes at the same time.'),
    })
    .prefault({})
    .describe('Concurrent native calls. oned takes 15 connections in all.'),
  defaultOsTemplate: id
    .optional()
    .describe('VM template of a compute that names none. By default such a compute is made from its own attributes.'),
  resourceTemplates: z
    .array(
      z.strictObject({
        term: term.describe('Term of the mixin.'),
        title: title.describe('Title of the mixin.'),
        cores: z.int().min(1).describe('Virtual cores.'),
        memory: z.number().positive().describe('Memory, in GiB.'),
        ephemeral: z.number().min(0).default(0).describe('Volatile disk, in GiB.'),
        cpu: z
          .number()
          .positive()
          .optional()
          .describe('Accepted and ignored: `occi.compute.speed` decides the share of a core.'),
      }),
    )
    .default([])
    .describe('Sizes offered beside the six of the Compute Resource Templates Profile.'),
  // With 1, speed is the share of a core that each virtual core gets, as in other OCCI servers.
  coreSpeed: z
    .number()
    .positive()
    .max(100)
    .default(1)
    .describe("Clock of a host's core, in GHz, which OpenNebula does not know: the unit of `occi.compute.speed`."),
  floatingIpPools: z
    .array(id)
    .optional()
    .describe('Networks that addresses are reserved from. By default those with the attribute FLOATING_IP_POOL=YES.'),
  datastore: id
    .optional()
    .describe(
      'Image datastore in which storage is created. By default the image datastore with the lowest id among those that the caller sees.',
    ),
  network: z
    .strictObject({
      vnMad: word.optional().describe('Driver of the network (`VN_MAD`). Without it no network can be created.'),
      phydev: word
        .optional()
        .describe(
          'Physical device of the network (`PHYDEV`). The drivers `802.1Q`, `vxlan` and `ovswitch_vxlan` need it.',
        ),
      bridge: word
        .optional()
        .describe('Bridge of the network (`BRIDGE`). The driver `dummy` needs it; for others oned makes one up.'),
      cluster: z.int().min(-1).default(-1).describe("Cluster of the network; -1 is oned's default."),
    })
    .superRefine((network, { addIssue }) => {
      const missing = missingSetting(network);
      if (missing) addIssue({ code: 'custom', path: [missing.setting], message: missing.error });
    })
    .prefault({})
    .describe('How networks are created, where the caller may create them.'),
  serverCipher: z
    .strictObject({
      user: userName.describe('Name of the service account.'),
      password: secret().describe('Password of the service account.'),
      era: z.enum(ERAS).default('sha256').describe('How this release of oned derives key and initialization vector.'),
      administrators: z
        .array(userName)
        .default([])
        .describe(
          'Administrators (user 0 and members of group 0) that the account may act for. Danger: a caller to whom the ' +
            'authorizer gives such a name controls the whole cloud.',
        ),
    })
    .refine(({ user, administrators }) => !administrators.includes(user), {
      path: ['administrators'],
      error: 'must not hold the service account, which does not act for itself',
    })
    .optional()
    .describe('Service account of the driver `server_cipher` that acts for callers without an OpenNebula password.'),
});

export type OpenNebulaSettings = z.infer<typeof schema>;

export const settings: z.ZodType<OpenNebulaSettings> = schema;

/** Identities from AWS that always contain colons. */
const WITH_COLONS: readonly string[] = ['userArn', 'role'];

/** Why callers of these schemes could never get a session of oned; undefined when they can. */
export function accepts({ serverCipher }: OpenNebulaSettings, schemes: AuthSettings): string | undefined {
  // Tokens and Keystone logins depend on another scheme, which authenticates the caller.
  const proved = schemes.filter((one) => !['basic', 'token', 'keystone'].includes(schemeNameOf(one)));
  if (proved.length > 0 && serverCipher === undefined) {
    return 'must hold basic alone, or adapter.settings needs serverCipher: it acts for callers who bring no password';
  }
  const claims = settingsOf(schemes, 'gateway').flatMap((one) =>
    one.from === 'iam' && leaveOwnTenants(one.require) ? one.claim : [],
  );
  const claim = claims.find((one) => WITH_COLONS.includes(one));
  if (claim !== undefined) {
    return `must not name callers by ${claim}: an ARN has colons, and no user of OpenNebula has one in his name`;
  }
  const tenants = settingsOf(schemes, 'oidc').flatMap(({ prefix = '', require: rules }) =>
    rules === undefined ? [prefix] : rules.map(({ tenant = prefix }) => tenant),
  );
  const withColon = tenants.find((tenant) => tenant.includes(':'));
  if (withColon === undefined) return undefined;
  return `must not make tenants with colons, such as ${withColon}: no user of OpenNebula has a colon in his name, so write egi- instead of egi:`;
}

/** Calls of all functions together: oned takes 15 connections, and others use it too. */
const MAX_CONCURRENT_CALLS = 14;

export const callLimit = ({ inFlight }: OpenNebulaSettings): CallLimit => ({
  atOnce: MAX_CONCURRENT_CALLS,
  perRequest: inFlight.request,
  setting: 'inFlight.request',
  reason: 'oned takes 15 in all',
});
