/** Roles fit into what IAM takes, however long the lists of the settings are. */
import { describe, expect, test } from '@jest/globals';
import { roles } from '../../deploy/permissions/roles.ts';
import { statementsFor } from '../../deploy/permissions/statements.ts';
import { functionNames, readFunctions } from '../../deploy/stack/functions.ts';
import type { Json } from './packaging.ts';
import { written } from './statements.ts';

const PREFIX = 'n'.repeat(30).concat('-', 's'.repeat(23));
const many = (count: number, prefix: string): string[] =>
  Array.from({ length: count }, (_, n) => `${prefix}${n.toString(16).padStart(17, '0')}`);
const roleArns = (count: number): string[] => many(count, `arn:aws:iam::210987654321:role/${'occi/'.repeat(10)}`);

const stackOf = (settings: object, more: object = {}): Json => ({
  prefix: PREFIX,
  parameters: { rolePath: '/occi/', kmsKey: 'arn:aws:kms:eu-central-1:123456789012:key/0', tracing: true },
  functions: readFunctions().map((one: Json) => ({ ...one, ...functionNames(one.name, PREFIX) })),
  settings: { adapter: { name: 'ec2', settings: { region: 'ap-southeast-1', ...settings } } },
  secrets: { parameters: [], secrets: [] },
  roles: [],
  table: { name: PREFIX, arn: { 'Fn::GetAtt': ['Table', 'Arn'] } },
  ...more,
});

const LONGEST: Readonly<Record<string, string>> = {
  Partition: 'aws-us-gov',
  Region: 'ap-southeast-1',
  AccountId: '123456789012',
};

/** How long a document is at most when CloudFormation has filled it in. */
const sizeOf = (document: Json): number => {
  const text = JSON.stringify(document, (_, value) =>
    value?.['Fn::Sub'] || value?.Ref || value?.['Fn::GetAtt'] ? written(value) : value,
  );
  const table = `arn:aws-us-gov:dynamodb:ap-southeast-1:123456789012:table/${PREFIX}`;
  return text.replaceAll(/\$\{AWS::(\w+)\}/g, (_, name) => LONGEST[name]!).replaceAll(`\${Table.Arn}`, table).length;
};

/** The statements of a role with those of the policies beside it, each resource by itself, as text. */
const grantsOf = (statements: readonly Json[]): string[] =>
  statements.flatMap(({ Resource, ...rest }) => [Resource].flat().map((one) => JSON.stringify([rest, one]))).sort();

const CASES: Readonly<Record<string, readonly [object, object?]>> = {
  little: [{}],
  '200 subnets': [{ published: { networks: many(200, 'subnet-') } }],
  '500 images': [{ images: { ids: many(500, 'ami-') } }],
  both: [{ published: { networks: many(200, 'subnet-') }, images: { ids: many(300, 'ami-') } }],
  // Each of its statements is short.
  'every right that there is': [
    { tenancy: 'single', vpc: 'vpc-0123456789abcdef0', volumeKey: 'alias/volumes' },
    {
      parameters: {
        rolePath: '/occi/',
        kmsKey: 'arn:aws:kms:eu-central-1:123456789012:key/0',
        volumeKeys: ['arn:aws:kms:eu-central-1:123456789012:key/1'],
        vpcSubnets: many(2, 'subnet-'),
        vpcSecurityGroups: many(5, 'sg-'),
        tracing: true,
      },
    },
  ],
  '200 roles': [{ others: 'refuse' }, { roles: roleArns(200) }],
};

describe.each(Object.keys(CASES))('with %s', (name) => {
  const stack = stackOf(...CASES[name]!);
  const resources: Record<string, Json> = roles(stack).resources;
  const beside = (role: Json): Json[] =>
    (role.Properties.ManagedPolicyArns ?? []).map(({ Ref }: Json) => resources[Ref]);

  test.each(stack.functions)('the role of $name fits, and has all that it should', (one: Json) => {
    const role = resources[`${one.logicalId}Role`];
    const inline = role.Properties.Policies.map(({ PolicyDocument }: Json) => PolicyDocument);
    expect(inline.map(sizeOf).reduce((sum: number, size: number) => sum + size, 0)).toBeLessThanOrEqual(10_240);
    const managed = beside(role);
    expect(managed.length).toBeLessThanOrEqual(10);
    for (const { Type, Properties } of managed) {
      expect([Type, Properties.Path]).toEqual(['AWS::IAM::ManagedPolicy', '/occi/']);
      expect(sizeOf(Properties.PolicyDocument)).toBeLessThanOrEqual(6_144);
    }
    const documents = [...inline, ...managed.map(({ Properties }) => Properties.PolicyDocument)];
    expect(grantsOf(documents.flatMap(({ Statement }) => Statement))).toEqual(grantsOf(statementsFor(one, stack)));
  });

  test('a role has policies beside it only where they are needed', () => {
    expect(Object.values(resources).some(({ Type }) => Type === 'AWS::IAM::ManagedPolicy')).toBe(name !== 'little');
  });
});

test('lists that are too long even so are told by their names', () => {
  const stack = stackOf({ images: { ids: many(500, 'ami-') } }, { roles: roleArns(300) });
  expect(() => roles(stack)).toThrow(
    'Make these lists shorter: adapter.settings.images.ids has 500, adapter.settings.roles has 300.',
  );
});
