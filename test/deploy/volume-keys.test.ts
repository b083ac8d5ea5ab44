/** Rights on the keys that encrypt volumes. */
import { describe, expect, test } from '@jest/globals';
import { SERVES } from '../../deploy/permissions/ec2-calls.ts';
import { volumeKeyStatements } from '../../deploy/permissions/volume-keys.ts';
import { written } from './statements.ts';

const ID = '01234567-89ab-cdef-0123-456789abcdef';
const ARN = `arn:aws:kms:eu-central-1:210987654321:key/${ID}`;

const statements = (name: string, settings: object, volumeKeys?: readonly string[]) =>
  volumeKeyStatements(name, {
    parameters: { volumeKeys: volumeKeys && [...volumeKeys] },
    settings: { adapter: { name: 'ec2', site: 's', settings: { region: 'eu-central-1', ...settings } } },
  });

const keysIn = (all: ReturnType<typeof statements>) => [
  ...new Set(all.flatMap(({ Resource }) => [Resource].flat().map(written))),
];

describe('A key of volumes', () => {
  test.each<[string, string]>([
    [ARN, ARN],
    [ID, `arn:\${AWS::Partition}:kms:eu-central-1:\${AWS::AccountId}:key/${ID}`],
    ['alias/volumes', `arn:\${AWS::Partition}:kms:eu-central-1:\${AWS::AccountId}:key/*`],
    [
      'arn:aws:kms:eu-central-1:210987654321:alias/volumes',
      `arn:\${AWS::Partition}:kms:eu-central-1:210987654321:key/*`,
    ],
  ])('may be %s: the rights are on %s', (volumeKey, resource) => {
    expect(keysIn(statements('compute', { volumeKey }))).toEqual([resource]);
    for (const { Condition } of statements('compute', { volumeKey })) {
      expect(Condition).toHaveProperty('StringEquals', { 'kms:ViaService': 'ec2.eu-central-1.amazonaws.com' });
      const alias = volumeKey.includes('alias/') ? { 'kms:ResourceAliases': ['alias/volumes'] } : undefined;
      expect(Condition?.['ForAnyValue:StringEquals']).toEqual(alias);
    }
  });

  test('is used through EC2 only, and granted to AWS only', () => {
    const StringEquals = { 'kms:ViaService': 'ec2.eu-central-1.amazonaws.com' };
    expect(statements('storage', { volumeKey: ARN })).toEqual([
      {
        Effect: 'Allow',
        Action: [
          'kms:Decrypt',
          'kms:DescribeKey',
          'kms:GenerateDataKeyWithoutPlaintext',
          'kms:ReEncryptFrom',
          'kms:ReEncryptTo',
        ],
        Resource: [ARN],
        Condition: { StringEquals },
      },
      {
        Effect: 'Allow',
        Action: ['kms:CreateGrant'],
        Resource: [ARN],
        Condition: { StringEquals, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
      },
    ]);
  });

  test('is for the functions that make or attach volumes', () => {
    const users = Object.keys(SERVES).filter((name) => statements(name, { volumeKey: ARN }).length > 0);
    expect(users).toEqual(['compute', 'storage', 'links', 'paths']);
  });

  test('that AWS manages needs no rights, nor does one of tenants’ own accounts', () => {
    for (const name of Object.keys(SERVES)) {
      expect(statements(name, {})).toEqual([]);
      expect(statements(name, { volumeKey: ARN, others: 'refuse' })).toEqual([]);
    }
  });

  test('is refused where no function uses it', () => {
    const says = `volumeKeys: ${ARN}: no function makes volumes in this account`;
    expect(() => statements('discovery', { others: 'refuse' }, [ARN])).toThrow(says);
    const settings = { adapter: { name: 'opennebula', site: 's', settings: {} } };
    expect(() => volumeKeyStatements('compute', { parameters: { volumeKeys: [ARN] }, settings })).toThrow(says);
  });

  test('may be several: the account’s default, and those of images', () => {
    const other = ARN.replace('0123', '4567');
    expect(keysIn(statements('links', {}, [ARN, other]))).toEqual([ARN, other]);
  });
});
