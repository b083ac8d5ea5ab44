/** Every resource that a role leaves open, with the reason why it cannot be narrower. */
import type { Variant } from './variants.ts';

interface Wildcard {
  readonly action: RegExp;
  readonly resource: RegExp;
  /** What its condition must ask, as JSON; `NOTHING` where the statement has none. */
  readonly asks: RegExp;
  /** The deployments in which the reason holds; all of them if it is left out. */
  readonly only?: readonly Variant[];
  readonly reason: string;
}

/** ARNs of EC2, whatever CloudFormation fills in. */
const FILLED_IN = '\\$\\{AWS::\\w+\\}';
const EC2 = `arn:${FILLED_IN}:ec2:(${FILLED_IN}|[a-z0-9-]+):(${FILLED_IN})?`;

const NOTHING = /^\{\}$/;
const MADE = /"Null":\{"aws:RequestTag\/occi:tenant":"false"\}/;
const CREATING = /^\{"StringEquals":\{"ec2:CreateAction":\[/;
/** By whose the account is: what may be changed. */
const TENANTS = /"Null":\{"aws:ResourceTag\/occi:tenant":"false"/;
const NO_STACKS = /"Null":\{"aws:ResourceTag\/aws:cloudformation:stack-name":"true"/;

const TAGGED = 'instance|volume|network-interface|elastic-ip|subnet|security-group';
const CHANGED = 'instance|volume|network-interface|key-pair|snapshot|elastic-ip|subnet|security-group';

export const WILDCARDS: readonly Wildcard[] = [
  {
    action: /^logs:(CreateLogStream|PutLogEvents)$/,
    resource: /:log-group:\/aws\/lambda\/[a-z-]+:\*$/,
    asks: NOTHING,
    reason: 'Lambda names the streams of a log group, one for each container.',
  },
  {
    action: /^ec2:Describe\w+$/,
    resource: /^\*$/,
    asks: /^\{"StringEquals":\{"ec2:Region":"[a-z0-9-]+"\}\}$/,
    only: ['shared', 'single'],
    reason:
      'Describe calls of EC2 take neither resources nor tags; the condition names the region, and the adapter filters.',
  },
  {
    action: /^ec2:Describe(NetworkInterfaces|Subnets)$/,
    resource: /^\*$/,
    asks: NOTHING,
    only: ['single', 'private', 'openstack'],
    reason: 'Describe calls of EC2 take no resources; Lambda looks at the interfaces that lead into the VPC.',
  },
  {
    action: /^kms:(CreateGrant|Decrypt|DescribeKey|GenerateDataKeyWithoutPlaintext|ReEncrypt(From|To))$/,
    resource: /:kms:.+:key\/\*$/,
    asks: /^\{"StringEquals":\{"kms:ViaService":"ec2\.[a-z0-9-]+\.amazonaws\.com"\}.*"kms:ResourceAliases":\["alias\/volumes"\]\}\}$/,
    only: ['single'],
    reason: 'A policy cannot name the key of an alias; the condition asks for the alias, and for EC2 as the caller.',
  },
  {
    action: /^xray:Put(TraceSegments|TelemetryRecords)$/,
    resource: /^\*$/,
    asks: NOTHING,
    only: ['private'],
    reason: 'X-Ray has no resources for what is sent to it.',
  },
  {
    action: /^ec2:DeleteNetworkInterface$/,
    resource: new RegExp(`^${EC2}:\\*/\\*$`),
    asks: NOTHING,
    only: ['single', 'private', 'openstack'],
    reason:
      'Lambda asks for it on more than the interface when a function leaves a VPC; the code of the function is denied it, or has it by itself.',
  },
  {
    action: /^ec2:(CreateNetworkInterface|(Una|A)ssignPrivateIpAddresses)$/,
    resource: new RegExp(`^${EC2}:network-interface/\\*$`),
    asks: NOTHING,
    only: ['single', 'private', 'openstack'],
    reason: 'Lambda makes the interfaces that lead into the VPC, with ids that nobody knows before.',
  },
  {
    action: /^ec2:(?!Describe)\w+$/,
    resource: new RegExp(`^${EC2}:(image|${CHANGED})/\\*$`),
    asks: MADE,
    only: ['shared', 'single'],
    reason: 'What is made has no id yet; the condition asks for the tag of a tenant.',
  },
  {
    action: /^ec2:CreateTags$/,
    resource: new RegExp(`^${EC2}:(image|${CHANGED})/\\*$`),
    asks: CREATING,
    only: ['shared', 'single'],
    reason: 'What is made has no id yet; the condition names the calls that make it.',
  },
  {
    action: /^ec2:(?!Describe|(Create|Delete)Tags)\w+$/,
    resource: new RegExp(`^${EC2}:(${CHANGED})/\\*$`),
    asks: TENANTS,
    only: ['shared'],
    reason: 'Users make these, so that nobody knows their ids before; the condition asks for the tag of a tenant.',
  },
  {
    action: /^ec2:(Create|Delete)Tags$/,
    resource: new RegExp(`^${EC2}:(${TAGGED})/\\*$`),
    asks: new RegExp(`${TENANTS.source}.*"ForAllValues:StringLike":\\{"aws:TagKeys":`),
    only: ['shared'],
    reason: 'The same, and the condition names the tags.',
  },
  {
    action: /^ec2:(?!Describe|(Create|Delete)Tags)\w+$/,
    resource: new RegExp(`^${EC2}:(${CHANGED})/\\*$`),
    asks: NO_STACKS,
    only: ['single'],
    reason:
      'The one tenant has the account, and what is there without a tag; but not what is of a stack of CloudFormation.',
  },
  {
    action: /^ec2:(Create|Delete)Tags$/,
    resource: new RegExp(`^${EC2}:(${TAGGED})/\\*$`),
    asks: new RegExp(`${NO_STACKS.source}.*"ForAllValues:StringLike":\\{"aws:TagKeys":`),
    only: ['single'],
    reason: 'The same, and the condition names the tags.',
  },
  {
    action: /^ec2:RunInstances$/,
    resource: new RegExp(`^${EC2}:image/\\*$`),
    asks: /^\{"StringEquals":\{"ec2:Owner":\[/,
    only: ['shared', 'single'],
    reason: 'Images come and go; the condition asks for their owner.',
  },
  {
    action: /^ec2:(RunInstances|CreateNetworkInterface)$/,
    resource: new RegExp(`^${EC2}:subnet/\\*$`),
    asks: NOTHING,
    only: ['single'],
    reason:
      'By default machines go to the default subnet of their zone, which the settings do not name; it is not changed.',
  },
  {
    action: /^ec2:(RunInstances|CreateNetworkInterface|ModifyNetworkInterfaceAttribute)$/,
    resource: new RegExp(`^${EC2}:security-group/\\*$`),
    asks: NOTHING,
    only: ['shared', 'single'],
    reason: 'What names no group gets the one that its VPC began with, which has no tag; it is not changed.',
  },
  {
    action: /^ec2:CreateSecurityGroup$/,
    resource: new RegExp(`^${EC2}:vpc/\\*$`),
    asks: NOTHING,
    only: ['single'],
    reason: 'Without a VPC in the settings groups are made in the default one, whose id is not known before.',
  },
];

const holds = (one: Wildcard, variant: Variant, action: string, resource: string, condition: string): boolean =>
  (one.only?.includes(variant) ?? true) &&
  one.action.test(action) &&
  one.resource.test(resource) &&
  one.asks.test(condition);

/** True where one of the reasons is that of an open resource; `condition` is that of its statement, as JSON. */
export const isReasoned = (variant: Variant, action: string, resource: string, condition: string): boolean =>
  WILDCARDS.some((one) => holds(one, variant, action, resource, condition));

/** The rows that are the reason of nothing. */
export const idle = (open: readonly (readonly [Variant, string, string, string])[]): readonly Wildcard[] =>
  WILDCARDS.filter((row) => {
    const variants = row.only ?? [...new Set(open.map(([variant]) => variant))];
    return !variants.every((variant) => open.some((one) => one[0] === variant && holds(row, ...one)));
  });
