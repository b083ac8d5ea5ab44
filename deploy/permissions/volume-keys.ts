/**
 * Rights on the keys of your own that encrypt volumes. EC2 uses them in the name of the function (Amazon EBS User Guide,
 * Requirements for Amazon EBS encryption), so the role needs these rights, and only through EC2. The key of EBS that AWS
 * manages needs none.
 */
import { arn } from '../stack/names.ts';
import type { Stack, Statement, Text } from '../stack/stack.ts';
import { ec2SettingsOf } from './ec2.ts';
import { callsFor } from './ec2-calls.ts';

/** Calls that make a volume, or give one to a machine. */
const USES_KEYS = new Set(['AttachVolume', 'CreateVolume', 'RunInstances', 'StartInstances']);

const USES = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

/** Keys, and the condition that they are known by where they are named by an alias. */
interface Keys {
  readonly Resource: readonly Text[];
  readonly condition: NonNullable<Statement['Condition']>;
}

/** A policy cannot name a key by its alias, but it can ask for the alias (AWS KMS Developer Guide, ABAC for AWS KMS). */
function keysOf(key: string, region: string): Keys {
  const [, account, alias] = /^(?:arn:[^:]+:kms:[^:]+:(\d{12}):)?(alias\/.+)$/.exec(key) ?? [];
  if (alias !== undefined) {
    return {
      Resource: [arn('kms', 'key/*', { region, ...(account !== undefined && { account }) })],
      condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': [alias] } },
    };
  }
  return { Resource: [key.startsWith('arn:') ? key : arn('kms', `key/${key}`, { region })], condition: {} };
}

/**
 * For the functions that make volumes or attach them: the key of the setting `volumeKey`, and those of the parameter
 * `volumeKeys`.
 * @throws {Error} for keys that no function uses
 */
export function volumeKeyStatements(
  name: string,
  {
    parameters: { volumeKeys },
    settings,
  }: Pick<Stack, 'settings'> & { parameters: Pick<Stack['parameters'], 'volumeKeys'> },
): readonly Statement[] {
  const { region, volumeKey, others } = ec2SettingsOf(settings);
  const isUsed = settings.adapter.name === 'ec2' && others !== 'refuse';
  if (!isUsed) {
    if (volumeKeys === undefined) return [];
    throw new Error(`volumeKeys: ${volumeKeys.join(', ')}: no function makes volumes in this account`);
  }
  if (!callsFor(name).changes.some((call) => USES_KEYS.has(call))) return [];
  const all: readonly Keys[] = [
    ...(volumeKey === undefined ? [] : [keysOf(volumeKey, region)]),
    ...(volumeKeys === undefined ? [] : [{ Resource: volumeKeys, condition: {} }]),
  ];
  const StringEquals = { 'kms:ViaService': `ec2.${region}.amazonaws.com` };
  return all.flatMap(({ Resource, condition }): Statement[] => [
    { Effect: 'Allow', Action: USES, Resource, Condition: { StringEquals, ...condition } },
    // EC2 grants itself the key for as long as the volume is attached.
    {
      Effect: 'Allow',
      Action: ['kms:CreateGrant'],
      Resource,
      Condition: { StringEquals, Bool: { 'kms:GrantIsForAWSResource': 'true' }, ...condition },
    },
  ]);
}
