/** Settings of the adapter. They hold no credentials: those are the function's own, or those of a role it assumes. */
import * as z from 'zod';
import { leaveOwnTenants } from '../../lib/config/auth/grants.ts';
import type { AuthSettings } from '../../lib/config/auth/index.ts';
import { isMap } from '../../lib/config/cross-field.ts';
import { nativeTimeout } from '../../lib/config/native-calls.ts';
import type { CRTP_TEMPLATES } from '../../lib/occi/mixins/index.ts';
import { roles } from './roles.ts';
import { isKeyOfRegion, volumeKey } from './volume-key.ts';

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

/** Zone names begin with their region: eu-central-1a, us-west-2-lax-1a. True for malformed names, which have a rule of their own. */
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

const sizeOf = (term: keyof typeof CRTP_TYPES) =>
  typeName.default(CRTP_TYPES[term]).describe(`Instance type of the size \`${term}\`.`);

const own = z.strictObject({
  region: z.string().regex(REGION, 'must be a region, such as eu-central-1').describe('Region of the endpoint.'),
  endpoint: url
    .optional()
    .describe("URL of EC2: a VPC endpoint or an emulator. By default the region's public endpoint."),
  stsEndpoint: url.optional().describe("URL of STS, which roles need. By default the region's public endpoint."),
  zone: z
    .string()
    .regex(ZONE, 'must be an availability zone, such as eu-central-1a')
    .optional()
    .describe(
      'Zone of machines and storage that name none. By default EC2 chooses the zone of a machine, and storage must ' +
        'name one.',
    ),
  tenancy: z
    .enum(['shared', 'single'])
    .default('shared')
    .describe(
      "Who uses the account of the function's own role. `shared`: all callers, each confined to what has their name in " +
        'the tag `occi:tenant`. `single`: all callers are one tenant, who sees untagged machines too.',
    ),
  roles,
  others: z
    .enum(['own', 'refuse'])
    .default('own')
    .describe("Callers without an entry in `roles`: they use the function's `own` role, or are refused with 403."),
  timeout: nativeTimeout(10),
  attempts: z
    .int()
    .min(1)
    .max(5)
    .default(3)
    .describe('Times that the SDK sends a call which fails for a transient reason, the first one included.'),
  page: z.int().min(5).max(1000).default(1000).describe('Entries per page of a native listing.'),
  images: z
    .strictObject({
      ids: z.array(idOf('ami')).max(500).default([]).describe('Images offered by id.'),
      owners: z
        .array(z.string().regex(/^(self|amazon|aws-marketplace|\d{12})$/))
        .max(20)
        .default(['self'])
        .describe('Owners whose images are offered: `self`, `amazon`, `aws-marketplace`, or the number of an account.'),
      filters: z
        .record(z.string(), z.array(z.string()).min(1).max(50))
        .default({})
        .describe(
          'EC2 filters that images of these owners must pass, such as `{ name: [debian-12-*] }`. Required with owners ' +
            'other than `self`.',
        ),
      default: idOf('ami')
        .optional()
        .describe('Image of a compute that names none; it is offered as well. By default such a compute is refused.'),
    })
    .prefault({})
    .refine(
      ({ owners, filters }) => owners.every((owner) => owner === 'self') || Object.keys(filters).length > 0,
      'needs filters beside owners other than self: they may have tens of thousands of images',
    )
    .describe('Images offered as OS templates.'),
  types: z
    .array(typeName)
    .max(100)
    .default(['t3.micro', 't3.small', 't3.medium', 't3.large', 'm6i.large', 'm6i.xlarge'])
    .describe('Instance types offered as sizes beside those of the Compute Resource Templates Profile.'),
  sizes: z
    .strictObject({
      small: sizeOf('small'),
      medium: sizeOf('medium'),
      large: sizeOf('large'),
      mem_small: sizeOf('mem_small'),
      mem_medium: sizeOf('mem_medium'),
      mem_large: sizeOf('mem_large'),
    } satisfies Record<(typeof CRTP_TEMPLATES)[number]['term'], z.ZodType>)
    .prefault({})
    .describe('Instance types of the sizes of the Compute Resource Templates Profile.'),
  defaultType: typeName
    .default('t3.micro')
    .describe('Instance type of a compute that names no size and gives neither cores nor memory.'),
  cpuCredits: z
    .enum(['standard', 'unlimited'])
    .default('standard')
    .describe(
      'CPU credits of burstable types (T2, T3, T3a, T4g). `standard`: a machine without credits is slowed down. `unlimited`: ' +
        'it is not, and AWS charges for what it uses beyond its baseline; this is what AWS does by default with T3 and later.',
    ),
  hibernation: z
    .boolean()
    .default(false)
    .describe(
      'Whether machines are launched so that they can be suspended. Types and images that do not support it are then ' +
        'refused.',
    ),
  encrypted: z.boolean().default(true).describe('Whether new volumes are encrypted, those of machines included.'),
  volumeKey,
  volumeType: z.enum(['gp3', 'gp2', 'st1', 'sc1', 'standard']).default('gp3').describe('Type of new volumes.'),
  published: z
    .strictObject({
      networks: z
        .union([z.enum(['default', 'all']), z.array(idOf('subnet')).max(200)])
        .default('default')
        .describe("Subnets: `default`, those of each zone's default; `all` that no tenant created; or ids."),
      securityGroups: z.array(idOf('sg')).max(200).default([]).describe('Security groups, by id.'),
    })
    .prefault({})
    .describe("The provider's networks and groups that every caller may use and none may change."),
  subnet: idOf('subnet')
    .optional()
    .describe('Subnet of machines that link to no network. By default the default subnet of the zone.'),
  securityGroup: idOf('sg')
    .optional()
    .describe(
      'Security group of machines in its VPC that link to none; every caller may use it. By default a group of the ' +
        "tenant's own where tenants share the account, else EC2's default group.",
    ),
  vpc: idOf('vpc')
    .optional()
    .describe(
      'VPC in which callers create networks and security groups. By default they create groups in the default VPC, and ' +
        'no networks.',
    ),
  floatingIpPools: z
    .array(
      z.strictObject({
        term: term.describe('Term of the mixin.'),
        title: title.describe('Title of the mixin.'),
        pool: z
          .string()
          .regex(/^ipv4pool-ec2-[0-9a-f]{8,17}$/)
          .describe('Id of the pool: `ipv4pool-ec2-…`.'),
      }),
    )
    .max(20)
    .default([])
    .refine(
      (pools) => new Set(['amazon', ...pools.map((one) => one.term)]).size === pools.length + 1,
      'must have terms that differ, and none of them amazon',
    )
    .describe("Pools of addresses that you brought to AWS, offered beside Amazon's own."),
});

const schema = own
  .refine(({ region, zone }) => isOfRegion(zone, region), {
    path: ['zone'],
    error: 'must be a zone of the region',
    when: isMap,
  })
  .refine(({ region, volumeKey: key }) => isKeyOfRegion(key, region), {
    path: ['volumeKey'],
    error: 'must be a key of the region',
    when: isMap,
  })
  .refine(({ encrypted, volumeKey: key }) => encrypted !== false || key === undefined, {
    path: ['volumeKey'],
    error: 'must be left out where encrypted is false: no volume would be encrypted with it',
    when: isMap,
  })
  .refine(({ others, roles }) => others !== 'refuse' || Object.keys(roles ?? {}).length > 0, {
    path: ['others'],
    error: 'must be own where there are no roles: every caller would be refused',
    when: isMap,
  });

/** The group that machines get by default is published, so that callers can read it and link to it. */
export const settings = schema.transform((read) => {
  const { securityGroup, published } = read;
  if (securityGroup === undefined || published.securityGroups.includes(securityGroup)) return read;
  return { ...read, published: { ...published, securityGroups: [...published.securityGroups, securityGroup] } };
});
export type Ec2Settings = z.infer<typeof schema>;

/** Why callers of these schemes could never get an account; undefined when they can. */
export function accepts({ others, roles }: Ec2Settings, schemes: AuthSettings): string | undefined {
  const byArn = schemes.every((one) => {
    const gateway = typeof one === 'string' ? undefined : one.gateway;
    return gateway?.from === 'iam' && /^(userArn|role)$/.test(gateway.claim) && leaveOwnTenants(gateway.require);
  });
  if (others !== 'refuse' || !byArn || Object.keys(roles).some((name) => name.startsWith('arn:'))) return undefined;
  return 'must not name callers by ARN alone: adapter.settings.roles has no ARN for a name, and others are refused';
}
