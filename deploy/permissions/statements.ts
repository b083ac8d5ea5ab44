/**
 * What each function may do. Every function answers any path, since a route key cannot tell what a path leads to; its
 * rights are those that the answers on its own routes need. `paths` has the routes that may lead anywhere (`/`, mixins'
 * collections, paths that clients chose), and so the rights of all.
 */

import { limitsAnybody } from '../../lib/quota/limits.ts';
import { PUT_ID } from '../../lib/table/row-size.ts';
import { arn } from '../stack/names.ts';
import type { DeployedFunction, Stack, Statement } from '../stack/stack.ts';
import { ec2Statements } from './ec2.ts';
import { keyStatements, secretStatements } from './secrets.ts';
import { volumeKeyStatements } from './volume-keys.ts';
import { vpcStatements } from './vpc.ts';

const READS = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'];
const WRITES = ['dynamodb:PutItem', 'dynamodb:DeleteItem'];

/**
 * By function: true if it writes whatever a request makes it write, false if it only keeps the catalogue, or the kinds of
 * partitions (lib/table/partition-keys.ts) that it writes.
 */
export const WRITERS: Readonly<Record<string, boolean | readonly string[]>> = {
  discovery: false,
  compute: true,
  storage: true,
  network: true,
  links: true,
  account: ['tokens', 'ledger', 'rate'],
  identity: ['tokens', 'rate'],
  paths: true,
};

/**
 * The attributes of a catalogue's rows (lib/mapping/tenant-model.ts), the two keys among them, and the one that a conditional
 * put adds: that of the claim to read a catalogue again (lib/mapping/renewal.ts).
 */
export const CATALOGUE_ATTRIBUTES = [
  'pk',
  'sk',
  'expires',
  'mixins',
  'rows',
  'rest',
  'asked',
  'stamp',
  'saved',
  PUT_ID,
];

/** What the partition keys of a site begin with (`prefixOf` of lib/table/partition-keys.ts): others may be in the table. */
export const ownKeys = ({ settings: { adapter } }: Pick<Stack, 'settings'>) => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${adapter.name}/${adapter.site}/*`] },
});

/**
 * Discovery keeps the catalogue that it has read. IAM can restrict partition keys, which are tenants, but not sort keys,
 * so the policy restricts the attributes of the row instead. The row of an entity, a path, a user's mixin or a request
 * has other attributes; only a row that looks like a catalogue can be written.
 */
const catalogueOnly = ({ table, ...stack }: Stack): Statement => ({
  Effect: 'Allow',
  Action: ['dynamodb:PutItem'],
  Resource: [table.arn],
  Condition: {
    ...ownKeys(stack),
    'ForAllValues:StringEquals': { 'dynamodb:Attributes': CATALOGUE_ATTRIBUTES },
    'ForAnyValue:StringEquals': { 'dynamodb:Attributes': ['mixins'] },
  },
});

/** Discovery counts requests, where they are limited: they have partitions of their own. */
export const rateOnly = ({ table, settings }: Pick<Stack, 'table' | 'settings'>): readonly Statement[] => {
  if (!limitsAnybody(settings.limits ?? {})) return [];
  const { name, site } = settings.adapter;
  const Condition = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${name}/${site}/rate/*`] } };
  return [{ Effect: 'Allow', Action: ['dynamodb:PutItem'], Resource: [table.arn], Condition }];
};

/** Writes into some kinds of partitions. Nothing is deleted there: rows expire. */
const only = (kinds: readonly string[], { table, settings: { adapter } }: Stack): Statement => {
  const keys = kinds.map((kind) => `${adapter.name}/${adapter.site}/${kind}/*`);
  const Condition = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } };
  return { Effect: 'Allow', Action: ['dynamodb:PutItem'], Resource: [table.arn], Condition };
};

/** The table has no indexes, and nothing is granted on any. */
const tableStatements = ({ name }: DeployedFunction, stack: Stack): readonly Statement[] => {
  const own: Omit<Statement, 'Action'> = { Effect: 'Allow', Resource: [stack.table.arn], Condition: ownKeys(stack) };
  const writes = WRITERS[name];
  if (writes === true) return [{ ...own, Action: [...READS, ...WRITES] }];
  const reads: Statement = { ...own, Action: READS };
  return Array.isArray(writes) ? [reads, only(writes, stack)] : [reads, catalogueOnly(stack), ...rateOnly(stack)];
};

/** The stack makes the log group, so that it ends when it should; a function only writes to its own. */
const logStatement = ({ functionName }: DeployedFunction): Statement => ({
  Effect: 'Allow',
  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: [arn('logs', `log-group:/aws/lambda/${functionName}:*`)],
});

const tracingStatements = ({ parameters: { tracing } }: Stack): readonly Statement[] =>
  tracing ? [{ Effect: 'Allow', Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], Resource: '*' }] : [];

/** Callers with a role of their own: what may be done in their accounts is for these to say. */
const roleStatements = ({ roles }: Stack): readonly Statement[] =>
  roles.length > 0 ? [{ Effect: 'Allow', Action: ['sts:AssumeRole'], Resource: roles }] : [];

/** Statements of a function's role. */
export const statementsFor = (one: DeployedFunction, stack: Stack): readonly Statement[] => {
  const inEc2 = ec2Statements(one.name, stack.settings);
  return [
    logStatement(one),
    ...tableStatements(one, stack),
    ...secretStatements(stack),
    ...keyStatements(stack),
    ...tracingStatements(stack),
    ...vpcStatements(one, stack, inEc2),
    ...inEc2,
    ...volumeKeyStatements(one.name, stack),
    ...roleStatements(stack),
  ];
};
