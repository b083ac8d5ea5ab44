/** Settings of the adapter. No credentials: they are the function's own, or those of a role that it assumes. */
import * as z from 'zod';
import { type AuthSettings, isMap } from '../../lib/config/service.ts';
import type { CRTP_TEMPLATES } from '../../lib/occi/mixins/index.ts';

const term = z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/, 'must be lower case: a-z, 0-9, _ and -');
const title = z
  .string()
  .regex(/^[^,;"\\\p{Cc}]{1,100}$/u, 'must be one line without comma, semicolon, quote or backslash');
const url = z
  .url({ protocol: /^https?$/, error: 'must be a URL of http or https' })
  .refine((text) => !/^[^/]*\/\/[^/]*@/.test(text), 'must be without credentials');
const typeName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,29}\.[a-z0-9-]{1,30}$/, 'must be an instance type, such as t3.micro');
const idOf = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), `must be an id, such as ${prefix}-0123456789abcdef0`);

const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d$/;
const ZONE = /^[a-z0-9-]{5,40}$/;

const role = z.strictObject({
  /** The role that the function assumes for this caller: `arn:aws:iam::123456789012:role/occi`. */
  arn: z
    .string()
    .regex(
      /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/,
      'must be the ARN of a role: arn:aws:iam::<account>:role/<name>',
    ),
  /** What the role's trust policy asks for (`sts:ExternalId`). */
  externalId: z
    .string()
    .regex(/^[\w+=,.@:/-]{2,1224}$/, 'must be 2 to 1224 letters, digits and + = , . @ : / -')
    .optional(),
  /** Shown as the session in CloudTrail; made of the caller's name if it is left out. */
  sessionName: z
    .string()
    .regex(/^[\w+=,.@-]{2,64}$/, 'must be 2 to 64 letters, digits and + = , . @ -')
    .optional(),
  /** Whose entities they are: callers with the same tenant see the same. The caller's own name if it is left out. */
  tenant: z.string().min(1).max(128).optional(),
});

/** Account of a role, as its ARN says. */
export const accountIn = (arn: string): string => arn.split(':')[4] ?? '';

/** Entities of one tenant in two accounts would be taken for each other's. */
function isOneAccountEach(roles: Readonly<Record<string, z.infer<typeof role>>>): boolean {
  const accounts = new Map<string, string>();
  return Object.values(roles).every(({ arn, tenant }) => {
    if (tenant === undefined) return true;
    const known = accounts.get(tenant) ?? accountIn(arn);
    accounts.set(tenant, known);
    return known === accountIn(arn);
  });
}

/** Names of zones begin with their region's: eu-central-1a, us-west-2-lax-1a. One that is wrong itself has its own line. */
function isOfRegion(zone: unknown, region: unknown): boolean {
  if (typeof zone !== 'string' || typeof region !== 'string' || !ZONE.test(zone) || !REGION.test(region)) return true;
  return zone.startsWith(region) && /^[a-z-]/.test(zone.slice(region.length));
}

const CRTP_TYPES = {
  small: 't3.micro',
  medium: 't3.small',
  large: 't3.xlarge',
  mem_small: 't3.medium',
  mem_medium: 't3.large',
  mem_large: 'm6i.xlarge',
} as const satisfies Record<(typeof CRTP_TEMPLATES)[number]['term'], string>;

const own = z.strictObject({
  region: z.string().regex(REGION, 'must be a region, such as eu-central-1'),
  /** Where EC2 answers, if not at the region's public endpoint: a VPC endpoint, or an emulator. */
  endpoint: url.optional(),
  /** Where STS answers, for roles, if not at the region's public endpoint. */
  stsEndpoint: url.optional(),
  /** Zone of machines and storage that name none; without one EC2 chooses for machines, and storage must name it. */
  zone: z.string().regex(ZONE, 'must be an availability zone, such as eu-central-1a').optional(),
  /**
   * Who has the account of the function's own role: `shared` by all callers, each fenced by the tag `occi:tenant`, or
   * `single`, one tenant that all callers are, who then sees untagged machines too.
   */
  tenancy: z.enum(['shared', 'single']).default('shared'),
  /** Callers with an account or a role of their own, by name. */
  roles: z
    .record(z.string().min(1), role)
    .default({})
    .refine(isOneAccountEach, 'must have one account for all roles of one tenant'),
  /** What callers without one get: the function's own role, or a refusal. */
  others: z.enum(['own', 'refuse']).default('own'),
  /** Longest time for one native call, in seconds; the deadline of the request may end it sooner. */
  timeout: z.number().min(1).max(28).default(10),
  /** How often the SDK sends a call that failed for a passing reason, the first time included. */
  attempts: z.int().min(1).max(5).default(3),
  /** Entries per page of a listing. */
  page: z.int().min(5).max(1000).default(1000),
  /** Which images are OS templates: these ids, and those of these owners that pass the filters. */
  images: z
    .strictObject({
      ids: z.array(idOf('ami')).max(500).default([]),
      owners: z
        .array(z.string().regex(/^(self|amazon|aws-marketplace|\d{12})$/))
        .max(20)
        .default(['self']),
      /** EC2 filters such as `{ "name": ["debian-12-*"] }`. Required beside owners other than `self`. */
      filters: z.record(z.string(), z.array(z.string()).min(1).max(50)).default({}),
      /** The image of a compute that names none. */
      default: idOf('ami').optional(),
    })
    .prefault({})
    .refine(
      ({ owners, filters }) => owners.every((owner) => owner === 'self') || Object.keys(filters).length > 0,
      'needs filters beside owners other than self: they may have ten thousands of images',
    ),
  /** Instance types that are offered as sizes, beside those of the profile. */
  types: z
    .array(typeName)
    .max(100)
    .default(['t3.micro', 't3.small', 't3.medium', 't3.large', 'm6i.large', 'm6i.xlarge']),
  /** The instance type of each size of the Compute Resource Templates Profile. */
  sizes: z
    .strictObject({
      small: typeName.default(CRTP_TYPES.small),
      medium: typeName.default(CRTP_TYPES.medium),
      large: typeName.default(CRTP_TYPES.large),
      mem_small: typeName.default(CRTP_TYPES.mem_small),
      mem_medium: typeName.default(CRTP_TYPES.mem_medium),
      mem_large: typeName.default(CRTP_TYPES.mem_large),
    } satisfies Record<(typeof CRTP_TEMPLATES)[number]['term'], z.ZodType>)
    .prefault({}),
  /** The instance type of a compute that names no size and gives neither cores nor memory. */
  defaultType: typeName.default('t3.micro'),
  /** Launch machines so that they can be suspended; needs an encrypted root volume and a type that supports it. */
  hibernation: z.boolean().default(false),
  /** New volumes, those of machines included, are encrypted. */
  encrypted: z.boolean().default(true),
  volumeType: z.enum(['gp3', 'gp2', 'st1', 'sc1', 'standard']).default('gp3'),
  /** What belongs to the provider and is there for everybody, read only. */
  published: z
    .strictObject({
      /** Subnets by id, those that are the default of their zone, or all that no tenant made. */
      networks: z.union([z.enum(['default', 'all']), z.array(idOf('subnet')).max(200)]).default('default'),
      /** Security groups by id. */
      securityGroups: z.array(idOf('sg')).max(200).default([]),
    })
    .prefault({}),
  /** Subnet of machines that link to no network; without one the default of the zone. */
  subnet: idOf('subnet').optional(),
  /**
   * Security group of machines that link to none and are in its VPC; everybody may link to it. Without one, EC2's
   * default is given where one tenant has the account, and where several share it a group of the tenant's own.
   */
  securityGroup: idOf('sg').optional(),
  /**
   * VPC of the networks and security groups that users make. Without it they make no networks, and groups in the
   * default VPC.
   */
  vpc: idOf('vpc').optional(),
  /** Pools that addresses are reserved from beside Amazon's own: addresses that were brought (`ipv4pool-ec2-…`). */
  floatingIpPools: z
    .array(z.strictObject({ term, title, pool: z.string().regex(/^ipv4pool-ec2-[0-9a-f]{8,17}$/) }))
    .max(20)
    .default([])
    .refine(
      (pools) => new Set(['amazon', ...pools.map((one) => one.term)]).size === pools.length + 1,
      'must have terms that differ, and none of them amazon',
    ),
});

const schema = own
  .refine(({ region, zone }) => isOfRegion(zone, region), {
    path: ['zone'],
    error: 'must be a zone of the region',
    when: isMap,
  })
  .refine(({ others, roles }) => others !== 'refuse' || Object.keys(roles ?? {}).length > 0, {
    path: ['others'],
    error: 'must be own where there are no roles: nobody could come in',
    when: isMap,
  });

/** What every machine may get is there for everybody. */
export const settings = schema.transform((read) => {
  const { securityGroup, published } = read;
  if (securityGroup === undefined || published.securityGroups.includes(securityGroup)) return read;
  return { ...read, published: { ...published, securityGroups: [...published.securityGroups, securityGroup] } };
});
export type Ec2Settings = z.infer<typeof schema>;

/** Why callers of these schemes would never have an account; undefined when they may. */
export function accepts({ others, roles }: Ec2Settings, schemes: AuthSettings): string | undefined {
  if (schemes.includes('basic')) {
    return 'must not hold basic: EC2 cannot check passwords; an authorizer can, { gateway: { from: jwt } }';
  }
  const byArn = schemes.every(
    (one) => typeof one !== 'string' && one.gateway.from === 'iam' && /^(userArn|role)$/.test(one.gateway.claim),
  );
  if (others !== 'refuse' || !byArn || Object.keys(roles).some((name) => name.startsWith('arn:'))) return undefined;
  return 'must not name callers by ARN alone: adapter.settings.roles has no ARN for a name, and others are refused';
}
