import * as z from 'zod';
import { FAILURES, type Failure } from '../../lib/errors.ts';
import { KIND_TERMS, type KindTerm } from '../../lib/occi/kinds/index.ts';
import { isCidr } from './addresses.ts';

/** Clients look for a template by a line that begins with its term, and split titles at commas (expectations 13, 15). */
const term = z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/, 'must be lower case: a-z, 0-9, _ and -');
const title = z
  .string()
  .regex(/^[^,;"\\\p{Cc}]{1,100}$/u, 'must be one line without comma, semicolon, quote or backslash');
const cidr = z.string().refine(isCidr, 'must be an IPv4 or IPv6 network such as 10.0.0.0/16');

const named = z.strictObject({ term, title });
const network = named.extend({
  address: cidr,
  gateway: z.union([z.ipv4(), z.ipv6()]).optional(),
  vlan: z.int().min(0).max(4095).optional(),
});
const rule = z.strictObject({
  type: z.enum(['inbound', 'outbound']),
  protocol: z.string().optional(),
  range: cidr.optional(),
  port: z.string().optional(),
});

const noPrefixes = (list: readonly { readonly term: string }[]): boolean =>
  list.every((one) => list.every((other) => one === other || !other.term.startsWith(one.term)));
const several = <T extends z.ZodType<{ term: string }>>(item: T) =>
  z.array(item).refine(noPrefixes, 'no term may be the beginning of another');

/** Delays in seconds, a day at most. */
const seconds = z.number().min(0).max(86_400).default(0);

const METHODS = ['ids', 'list', 'get', 'create', 'findByToken', 'update', 'remove', 'act'] as const;
export type Method = (typeof METHODS)[number];
/** A method of a kind: `compute.create`. */
export type Spot = `${KindTerm}.${Method}`;
const SPOTS = KIND_TERMS.flatMap((kind) => METHODS.map((method): Spot => `${kind}.${method}`));

const failure = z.strictObject({
  failure: z.enum(Object.keys(FAILURES) as [Failure, ...Failure[]]),
  message: z.string().optional(),
  /** Calls that go well first. */
  after: z.int().min(0).default(0),
  /** Calls that fail then; all of them if it is left out. */
  times: z.int().min(1).optional(),
});

const schema = z.strictObject({
  /** How long a new compute is `waiting`. */
  bootDelay: seconds,
  /** How long a compute, storage or network is `waiting` after an action. */
  actionDelay: seconds,
  /** `error`: new computes go to the state `error` instead of `active`. Local runs only. */
  boot: z.enum(['active', 'error']).default('active'),
  osTemplates: several(named).default([
    { term: 'debian12', title: 'Debian 12' },
    { term: 'ubuntu2404', title: 'Ubuntu 24.04 LTS' },
    { term: 'rocky9', title: 'Rocky Linux 9' },
  ]),
  /** Term of the template that a compute without one gets; the first if left out. */
  defaultOsTemplate: term.optional(),
  /** Sizes beside the six of the CRTP profile; memory and ephemeral disk in GiB. */
  resourceTemplates: several(
    named.extend({ cores: z.int().min(1), memory: z.number().positive(), ephemeral: z.number().min(0) }),
  ).default([]),
  availabilityZones: several(named).default([
    { term: 'zone-a', title: 'Zone A' },
    { term: 'zone-b', title: 'Zone B' },
  ]),
  regions: several(named).default([{ term: 'home', title: 'Home' }]),
  floatingIpPools: several(named.extend({ range: cidr })).default([
    { term: 'floating', title: 'Floating addresses', range: '203.0.113.0/24' },
  ]),
  /** Networks that everybody may use. */
  networks: several(network).default([
    { term: 'public', title: 'public', address: '198.51.100.0/24', gateway: '198.51.100.1' },
    { term: 'private', title: 'private', address: '10.0.0.0/16', gateway: '10.0.0.1' },
  ]),
  /** Security groups that everybody may use. */
  securityGroups: several(named.extend({ rules: z.array(rule) })).default([
    {
      term: 'default',
      title: 'default',
      rules: [
        { type: 'outbound', protocol: 'all', range: '0.0.0.0/0' },
        { type: 'inbound', protocol: 'tcp', range: '0.0.0.0/0', port: '22' },
        { type: 'inbound', protocol: 'icmp', range: '0.0.0.0/0' },
      ],
    },
  ]),
  /** What one tenant may have at most; memory and size in GiB. */
  quota: z
    .strictObject({
      compute: z.int().min(0).optional(),
      cores: z.int().min(0).optional(),
      memory: z.number().min(0).optional(),
      storage: z.int().min(0).optional(),
      size: z.number().min(0).optional(),
      network: z.int().min(0).optional(),
      ipreservation: z.int().min(0).optional(),
    })
    .default({}),
  /** Failures to provoke, by kind and method. Local runs only. */
  fail: z.partialRecord(z.enum(SPOTS as [Spot, ...Spot[]]), failure).default({}),
});

export type DummySettings = z.infer<typeof schema>;

const hasDefault = ({ defaultOsTemplate, osTemplates }: DummySettings): boolean =>
  defaultOsTemplate === undefined || osTemplates.some((one) => one.term === defaultOsTemplate);

/** Settings of the embedded cloud. Every one has a default; unknown keys are refused, so that a typo is told. */
export const settings: z.ZodType<DummySettings> = schema.refine(hasDefault, {
  path: ['defaultOsTemplate'],
  message: 'must be the term of one of osTemplates',
});
