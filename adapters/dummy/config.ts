import * as z from 'zod';
import { FAILURES, type Failure } from '../../lib/errors.ts';
import { KIND_TERMS, type KindTerm } from '../../lib/occi/kinds/index.ts';
import { isCidr } from './addresses.ts';

/** Clients find a template by a line that begins with its term, and split titles at commas (expectations 13, 15). */
const term = z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/, 'must be lower case: a-z, 0-9, _ and -');
const title = z
  .string()
  .regex(/^[^,;"\\\p{Cc}]{1,100}$/u, 'must be one line without comma, semicolon, quote or backslash');
const cidr = z.string().refine(isCidr, 'must be an IPv4 or IPv6 network such as 10.0.0.0/16');

const named = z.strictObject({
  term: term.describe('Term of the mixin.'),
  title: title.describe('Title of the mixin.'),
});
const network = z.strictObject({
  term: term.describe('Native id of the network.'),
  title: title.describe('Title of the network.'),
  address: cidr.describe('Range of its addresses.'),
  gateway: z.union([z.ipv4(), z.ipv6()]).optional().describe('Address of its gateway.'),
  vlan: z.int().min(0).max(4095).optional().describe('VLAN id.'),
});
const rule = z.strictObject({
  type: z.enum(['inbound', 'outbound']).describe('Direction of the traffic.'),
  protocol: z.string().optional().describe('Protocol, such as `tcp`. By default all.'),
  range: cidr.optional().describe('Range of the other side. By default all.'),
  port: z.string().optional().describe('Port or range of ports. By default all.'),
});
const group = z.strictObject({
  term: term.describe('Native id of the group.'),
  title: title.describe('Title of the group.'),
  rules: z.array(rule).describe('Traffic that the group allows.'),
});

const noPrefixes = (list: readonly { readonly term: string }[]): boolean =>
  list.every((one) => list.every((other) => one === other || !other.term.startsWith(one.term)));
const several = <T extends z.ZodType<{ term: string }>>(item: T) =>
  z.array(item).refine(noPrefixes, 'no term may be the beginning of another');

/** A delay in seconds, at most one day. */
const seconds = z.number().min(0).max(86_400).default(0);

/** A quota: the maximum of something that one tenant may have. */
const most = (what: string) => z.int().min(0).optional().describe(`${what}. By default any number.`);
const mostGiB = (what: string) => z.number().min(0).optional().describe(`${what}, in GiB. By default any amount.`);

const METHODS = ['ids', 'list', 'get', 'create', 'findByToken', 'update', 'remove', 'act'] as const;
export type Method = (typeof METHODS)[number];
/** A method of a kind: `compute.create`. */
export type Spot = `${KindTerm}.${Method}`;
const SPOTS = KIND_TERMS.flatMap((kind) => METHODS.map((method): Spot => `${kind}.${method}`));

const failure = z.strictObject({
  failure: z.enum(Object.keys(FAILURES) as [Failure, ...Failure[]]).describe('The failure.'),
  message: z.string().optional().describe('Sentence for the client. By default it names the method.'),
  after: z.int().min(0).default(0).describe('Calls that succeed first.'),
  times: z.int().min(1).optional().describe('Calls that fail then. By default all of them.'),
});

const schema = z.strictObject({
  bootDelay: seconds.describe('Seconds for which a new compute is `waiting`.'),
  actionDelay: seconds.describe('Seconds for which a compute, storage or network is `waiting` after an action.'),
  boot: z
    .enum(['active', 'error'])
    .default('active')
    .describe('State that new computes reach. `error` is refused outside local runs.'),
  osTemplates: several(named)
    .default([
      { term: 'debian12', title: 'Debian 12' },
      { term: 'ubuntu2404', title: 'Ubuntu 24.04 LTS' },
      { term: 'rocky9', title: 'Rocky Linux 9' },
    ])
    .describe('Images offered as OS templates.'),
  defaultOsTemplate: term.optional().describe('OS template of a compute that names none. By default the first.'),
  resourceTemplates: several(
    named.extend({
      cores: z.int().min(1).describe('Virtual cores.'),
      memory: z.number().positive().describe('Memory, in GiB.'),
      ephemeral: z.number().min(0).describe('Ephemeral disk, in GiB.'),
    }),
  )
    .default([])
    .describe('Sizes offered beside the six of the Compute Resource Templates Profile.'),
  availabilityZones: several(named)
    .default([
      { term: 'zone-a', title: 'Zone A' },
      { term: 'zone-b', title: 'Zone B' },
    ])
    .describe('Availability zones.'),
  regions: several(named)
    .default([{ term: 'home', title: 'Home' }])
    .describe('Regions.'),
  floatingIpPools: several(named.extend({ range: cidr.describe('Range of its addresses.') }))
    .default([{ term: 'floating', title: 'Floating addresses', range: '203.0.113.0/24' }])
    .describe('Pools that addresses are reserved from.'),
  networks: several(network)
    .default([
      { term: 'public', title: 'public', address: '198.51.100.0/24', gateway: '198.51.100.1' },
      { term: 'private', title: 'private', address: '10.0.0.0/16', gateway: '10.0.0.1' },
    ])
    .describe('Networks that every caller may use and none may change.'),
  securityGroups: several(group)
    .default([
      {
        term: 'default',
        title: 'default',
        rules: [
          { type: 'outbound', protocol: 'all', range: '0.0.0.0/0' },
          { type: 'inbound', protocol: 'tcp', range: '0.0.0.0/0', port: '22' },
          { type: 'inbound', protocol: 'icmp', range: '0.0.0.0/0' },
        ],
      },
    ])
    .describe('Security groups that every caller may use and none may change.'),
  quota: z
    .strictObject({
      compute: most('Computes'),
      cores: most('Cores of all computes'),
      memory: mostGiB('Memory of all computes'),
      storage: most('Storages'),
      size: mostGiB('Size of all storages'),
      network: most('Networks'),
      ipreservation: most('Reserved addresses'),
    })
    .default({})
    .describe('The most that one tenant may have.'),
  fail: z
    .partialRecord(z.enum(SPOTS as [Spot, ...Spot[]]), failure)
    .default({})
    .describe('Failures to provoke, by kind and method, such as `compute.create`. Refused outside local runs.'),
});

export type DummySettings = z.infer<typeof schema>;

const hasDefault = ({ defaultOsTemplate, osTemplates }: DummySettings): boolean =>
  defaultOsTemplate === undefined || osTemplates.some((one) => one.term === defaultOsTemplate);

/** Settings of the embedded cloud. All have defaults; unknown keys are rejected, so that typos are reported. */
export const settings: z.ZodType<DummySettings> = schema.refine(hasDefault, {
  path: ['defaultOsTemplate'],
  message: 'must be the term of one of osTemplates',
});
