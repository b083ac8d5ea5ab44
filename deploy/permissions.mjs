/**
 * What each function may do. Every function answers any path, since a route key cannot tell what a path leads to; its rights are
 * those that the answers on its own routes need. `paths` has the routes that may lead anywhere (`/`, mixins' collections, paths
 * that clients chose), and so the rights of all.
 */
import { ec2Statements } from './ec2-permissions.mjs';
import { arn, REGION, sub } from './names.mjs';

const READS = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'];
const WRITES = ['dynamodb:PutItem', 'dynamodb:DeleteItem'];

/** By function: true if it writes whatever a request makes it write, and false if it only keeps the catalogue. */
export const WRITERS = { discovery: false, compute: true, storage: true, network: true, links: true, paths: true };

/** The attributes of a catalogue's rows (lib/mapping/tenant-model.ts), the two keys among them. */
export const CATALOGUE_ATTRIBUTES = ['pk', 'sk', 'expires', 'mixins', 'rows', 'rest'];

/**
 * Discovery keeps the catalogue that it has read. IAM knows partition keys, which are tenants, but no sort keys, so it cannot
 * be told which row is put: it is told what the row may consist of. An entity's row, a path, a user's mixin or a record of a
 * request has other attributes; only a row that looks like a catalogue can be written.
 */
const catalogueOnly = (table) => ({
  Effect: 'Allow',
  Action: ['dynamodb:PutItem'],
  Resource: [table.arn],
  Condition: {
    'ForAllValues:StringEquals': { 'dynamodb:Attributes': CATALOGUE_ATTRIBUTES },
    'ForAnyValue:StringEquals': { 'dynamodb:Attributes': ['mixins'] },
  },
});

/** The table has no indexes, and nothing is granted on any. */
const tableStatements = ({ name }, { table }) =>
  WRITERS[name]
    ? [{ Effect: 'Allow', Action: [...READS, ...WRITES], Resource: [table.arn] }]
    : [{ Effect: 'Allow', Action: READS, Resource: [table.arn] }, catalogueOnly(table)];

/** The stack makes the log group, so that it ends when it should; a function only writes to its own. */
const logStatement = ({ functionName }) => ({
  Effect: 'Allow',
  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: [arn('logs', `log-group:/aws/lambda/${functionName}:*`)],
});

const secretStatements = ({ secrets: { parameters, secrets } }) => {
  const names = parameters.map((name) => arn('ssm', `parameter/${name.replace(/^\//, '')}`));
  return [
    ...(names.length > 0 ? [{ Effect: 'Allow', Action: ['ssm:GetParameter'], Resource: names }] : []),
    ...(secrets.length > 0 ? [{ Effect: 'Allow', Action: ['secretsmanager:GetSecretValue'], Resource: secrets }] : []),
  ];
};

const KEY_READS = ['kms:Decrypt', 'kms:DescribeKey'];
const KEY_WRITES = ['kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'];

/** A key of one's own is used through the services that it is for; the function's environment is encrypted with it too. */
const keyStatements = ({ parameters: { kmsKey }, secrets: { parameters, secrets } }) => {
  if (kmsKey === undefined) return [];
  const via = (...services) => ({
    StringEquals: {
      'kms:ViaService': services.map((service) => sub(`${service}.${REGION}.amazonaws.com`)),
    },
  });
  const readers = [
    'lambda',
    ...(parameters.length > 0 ? ['ssm'] : []),
    ...(secrets.length > 0 ? ['secretsmanager'] : []),
  ];
  return [
    { Effect: 'Allow', Action: [...KEY_READS, ...KEY_WRITES], Resource: [kmsKey], Condition: via('dynamodb') },
    { Effect: 'Allow', Action: ['kms:Decrypt'], Resource: [kmsKey], Condition: via(...readers) },
  ];
};

const tracingStatements = ({ parameters: { tracing } }) =>
  tracing ? [{ Effect: 'Allow', Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], Resource: '*' }] : [];

/**
 * Lambda itself makes the interfaces that lead into the VPC, with the role of the function; the function's own code is kept from
 * doing so (AWS Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC"). Where the code has rights
 * in EC2 by itself, it keeps those on what has a tenant's tag.
 */
const vpcStatements = ({ functionName }, { parameters: { vpcSubnets, vpcSecurityGroups }, settings }) => {
  if (!vpcSubnets) return [];
  const interfaces = arn('ec2', 'network-interface/*');
  const named = [
    ...vpcSubnets.map((id) => arn('ec2', `subnet/${id}`)),
    ...vpcSecurityGroups.map((id) => arn('ec2', `security-group/${id}`)),
  ];
  const fromCode = { ArnEquals: { 'lambda:SourceFunctionArn': arn('lambda', `function:${functionName}`) } };
  const deny = (Action, Resource, Condition) => ({
    Effect: 'Deny',
    Action,
    Resource,
    Condition: { ...fromCode, ...Condition },
  });
  const untagged = (key) => ({ Null: { [key]: 'true' } });
  return [
    { Effect: 'Allow', Action: ['ec2:CreateNetworkInterface'], Resource: [interfaces, ...named] },
    // Lambda asks for the right on more than the interface (the same guide): a narrower ARN leaves the function outside.
    { Effect: 'Allow', Action: ['ec2:DeleteNetworkInterface'], Resource: [arn('ec2', '*/*')] },
    { Effect: 'Allow', Action: ['ec2:DescribeNetworkInterfaces'], Resource: '*' },
    ...(settings.adapter.name === 'ec2'
      ? [
          deny(['ec2:CreateNetworkInterface'], [interfaces], untagged('aws:RequestTag/occi:tenant')),
          deny(['ec2:DeleteNetworkInterface'], [interfaces], untagged('aws:ResourceTag/occi:tenant')),
        ]
      : [deny(['ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces'], '*', {})]),
  ];
};

/** Callers with a role of their own: what may be done in their accounts is for these to say. */
const roleStatements = ({ roles }) =>
  roles.length > 0 ? [{ Effect: 'Allow', Action: ['sts:AssumeRole'], Resource: roles }] : [];

/** Statements of a function's role. */
export const statementsFor = (one, stack) => [
  logStatement(one),
  ...tableStatements(one, stack),
  ...secretStatements(stack),
  ...keyStatements(stack),
  ...tracingStatements(stack),
  ...vpcStatements(one, stack),
  ...ec2Statements(one.name, stack.settings),
  ...roleStatements(stack),
];
