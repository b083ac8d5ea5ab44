/**
 * The parameters of serverless.yml, checked before anything is made of them. What comes by `--param` is text, so a list
 * is also `a,b`, a map `key=value,key=value`, a number its digits. Lists and maps may be in JSON, too.
 */
import * as z from 'zod';
import { AUTHORIZERS } from './authorizers.ts';

const text = (pattern: RegExp, says: string) => z.string().regex(pattern, `must be ${says}`);

/** The ARN of something in a service; `resource` is the pattern of its last part. */
const arnOf = (service: string, resource: string, example: string, region = '[a-z0-9-]+') =>
  text(new RegExp(`^arn:aws[a-z-]*:${service}:${region}:\\d{12}:${resource}$`), `an ARN: ${example}`);

/** The list or map that a text holds in JSON; undefined for other texts. */
const inJson = (text: string): unknown => {
  if (!/^[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const list = <T extends z.ZodType<string>>(item: T, maxItems: number) =>
  z.preprocess(
    (value) => (typeof value === 'string' ? (inJson(value) ?? value.split(',').map((part) => part.trim())) : value),
    z.array(item).min(1).max(maxItems),
  );
const count = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const flag = z.preprocess(
  (value) => (value === 'true' ? true : value === 'false' ? false : value),
  z.boolean('must be true or false'),
);

/** `key=value,key=value`; a key may itself hold `=` only as text of YAML. Text with a part that is no pair stays as it is. */
const pairs = (value: unknown): unknown => {
  if (typeof value !== 'string') return value;
  const map = inJson(value);
  if (map !== undefined) return map;
  const parts = value.split(',').map((pair) => pair.trim());
  if (!parts.every((part) => part.includes('='))) return value;
  return Object.fromEntries(parts.map((part) => part.split(/=(.*)/s).slice(0, 2)));
};

const limits = text(/^[1-9]\d{0,5}\/[1-9]\d{0,5}$/, 'requests per second and burst, each at least 1: 50/100').transform(
  (value) => {
    const [rate = 0, burst = 0] = value.split('/').map(Number);
    return { rate, burst };
  },
);

export type Limits = z.output<typeof limits>;

/** The retention times of CloudWatch Logs, in days. */
const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const keyOf = arnOf('kms', 'key/[\\w-]+', 'arn:aws:kms:eu-central-1:123456789012:key/…');
const tagValue = z
  .union([z.string(), z.number(), z.boolean()], 'must be the value of a tag: text')
  .transform(String)
  .pipe(z.string().max(256));

/** By name; what may be left out has no default in serverless.yml. */
export const PARAMETERS = z.strictObject({
  name: text(/^[a-z][a-z0-9-]{0,29}$/, 'lower case letters, digits and -, 30 at most, a letter first'),
  region: text(/^[a-z]{2,4}(-[a-z]+)+-\d$/, 'a region: eu-central-1'),
  logRetention: z.coerce
    .number()
    .refine((days) => RETENTIONS.includes(days), `must be one of the days that there are: ${RETENTIONS.join(', ')}`),
  logLevel: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']),
  tracing: flag,
  concurrency: z.preprocess(
    pairs,
    z.union(
      [z.enum(['auto', 'none']), z.record(z.string(), count(0, 10_000))],
      'must be auto, none, or a number by function: compute=20,links=10',
    ),
  ),
  throttling: z.preprocess(pairs, z.looseObject({ default: limits }).catchall(limits)),
  table: text(
    /^([\w.-]{3,255}|arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:\d{12}:table\/[\w.-]{3,255})$/,
    'a name, or the ARN of a table',
  ).optional(),
  vpcSubnets: list(text(/^subnet-[0-9a-f]{8,17}$/, 'ids of subnets: subnet-0123456789abcdef0'), 16).optional(),
  vpcSecurityGroups: list(text(/^sg-[0-9a-f]{8,17}$/, 'ids of security groups: sg-0123456789abcdef0'), 5).optional(),
  vpcEndpoints: text(/^vpc-[0-9a-f]{8,17}$/, 'the id of a VPC: vpc-0123456789abcdef0').optional(),
  vpcRouteTables: list(text(/^rtb-[0-9a-f]{8,17}$/, 'ids of route tables: rtb-0123456789abcdef0'), 20).optional(),
  permissionsBoundary: text(
    /^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/.+$/,
    'an ARN: arn:aws:iam::123456789012:policy/boundary',
  ).optional(),
  rolePath: text(/^\/([\w+=,.@-]+\/)*$/, 'a path: /occi/'),
  kmsKey: keyOf.optional(),
  secretKeys: list(keyOf, 20).optional(),
  volumeKeys: list(keyOf, 20).optional(),
  domain: text(/^([a-z0-9-]{1,63}\.)+[a-z]{2,63}$/, 'the name of a host: occi.example.org').optional(),
  certificate: arnOf('acm', 'certificate/[\\w-]+', 'arn:aws:acm:eu-central-1:123456789012:certificate/…').optional(),
  truststore: text(
    /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/[\w!.*'()/-]{1,900}$/,
    'the S3 URL of a file in PEM: s3://bucket/client-authorities.pem',
  ).optional(),
  truststoreVersion: text(/^[\w.-]{1,1024}$/, 'the version of an object in S3').optional(),
  authorizer: z.enum(AUTHORIZERS),
  jwtIssuer: z.url({ protocol: /^https$/, error: 'must be a URL of https: https://idp.example.org' }).optional(),
  jwtAudience: list(z.string().min(1), 50).optional(),
  authorizerFunction: arnOf(
    'lambda',
    'function:[\\w-]{1,64}(:[\\w$-]{1,128})?',
    'arn:aws:lambda:eu-central-1:123456789012:function:authorizer',
  ).optional(),
  authorizerIdentity: list(
    text(
      /^\$(request\.(header|querystring)|context|stageVariables)\.[\w.-]+$/,
      'identity sources: $request.header.Authorization',
    ),
    10,
  ),
  authorizerTtl: count(0, 3600),
  logDestination: text(
    /^arn:aws[a-z-]*:(kinesis:[\w-]+:\d{12}:stream\/|firehose:[\w-]+:\d{12}:deliverystream\/|lambda:[\w-]+:\d{12}:function:|logs:[\w-]+:\d{12}:destination:)[\w.:$-]+$/,
    'the ARN of a Kinesis stream, a Firehose stream, a function, or a destination of CloudWatch Logs',
  ).optional(),
  tags: z
    .preprocess(
      pairs,
      z.record(text(/^(?!aws:)[\w./=+:\-@ ]{1,128}$/, 'the name of a tag'), tagValue, {
        error: ({ code }) => (code === 'invalid_type' ? 'must be tags: team=cloud,cost-centre=4711' : undefined),
      }),
    )
    .optional(),
  deploymentBucket: text(/^[a-z0-9][a-z0-9.-]{2,62}$/, 'the name of a bucket').optional(),
  alarms: flag,
  alarmTopic: arnOf('sns', '[\\w-]{1,256}', 'arn:aws:sns:eu-central-1:123456789012:operators').optional(),
  alarmLatency: count(100, 29_000),
  dashboard: flag,
});

/** The parameters, checked. */
export type Parameters = z.output<typeof PARAMETERS>;
export type ParameterName = keyof Parameters;

export const NAMES = Object.keys(PARAMETERS.shape) as readonly ParameterName[];
