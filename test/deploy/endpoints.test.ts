/** VPC endpoints: those that the settings need, and no others. */
import { expect, test } from '@jest/globals';
import { endpoints } from '../../deploy/resources/endpoints.ts';
import type { Json } from './packaging.ts';

const region = 'eu-central-1';
const ec2 = (settings: object = {}) => ({ adapter: { name: 'ec2', site: 's', settings: { region, ...settings } } });
const opennebula = { adapter: { name: 'opennebula', site: 's', settings: {} } };
const openstack = { adapter: { name: 'openstack', site: 's', settings: { endpoint: 'https://keystone.example.org' } } };
const secret = (of: string) => `arn:aws:secretsmanager:${of}:123456789012:secret:occi/one-a1B2c3`;

const made = (more: Json = {}, parameters: Json = {}): Readonly<Record<string, Json>> =>
  endpoints({
    prefix: 'occi-test',
    settings: opennebula,
    secrets: { parameters: [], secrets: [] },
    roles: [],
    ...more,
    parameters: {
      region,
      vpcSubnets: ['subnet-0'],
      vpcSecurityGroups: ['sg-0', 'sg-1'],
      vpcEndpoints: 'vpc-0',
      vpcRouteTables: ['rtb-0'],
      ...parameters,
    },
  } as Json).resources ?? {};

const roles = ['arn:aws:iam::123456789012:role/occi'];

test.each<[string, Json, readonly string[]]>([
  ['OpenNebula without secrets', {}, []],
  ['OpenStack, whose callers bring their own credentials', { settings: openstack }, []],
  ['EC2 with the role of the function', { settings: ec2() }, ['Ec2Endpoint']],
  ['EC2 with roles of callers', { settings: ec2({ others: 'refuse' }), roles }, ['Ec2Endpoint', 'StsEndpoint']],
  ['EC2 of another region, which no endpoint here leads to', { settings: ec2({ region: 'us-east-1' }), roles }, []],
  [
    'EC2 with endpoints of its own',
    { settings: ec2({ endpoint: 'https://vpce-0.ec2', stsEndpoint: 'https://vpce-1.sts' }), roles },
    [],
  ],
  ['secrets of Parameter Store', { secrets: { parameters: ['/a'], secrets: [] } }, ['SsmEndpoint']],
  [
    'secrets of Secrets Manager',
    { secrets: { parameters: [], secrets: [secret(region)] } },
    ['SecretsmanagerEndpoint'],
  ],
  ['secrets of Secrets Manager in another region', { secrets: { parameters: [], secrets: [secret('eu-west-1')] } }, []],
])('for %s', (_what, more, expected) => {
  const others = expected.length > 0 ? ['EndpointsSecurityGroup'] : [];
  expect(Object.keys(made(more)).sort()).toEqual(['DynamodbEndpoint', ...others, ...expected].sort());
});

test('are not made unless they are asked for', () => {
  expect(made({ settings: ec2() }, { vpcEndpoints: undefined })).toEqual({});
});

test('let the functions in, and nobody else', () => {
  const { SecurityGroupIngress } = made({ settings: ec2() }).EndpointsSecurityGroup.Properties;
  expect(
    SecurityGroupIngress.map(({ FromPort, SourceSecurityGroupId }: Json) => [FromPort, SourceSecurityGroupId]),
  ).toEqual([
    [443, 'sg-0'],
    [443, 'sg-1'],
  ]);
});

test('leave out the gateway endpoint of DynamoDB where the route tables have it', () => {
  expect(Object.keys(made({ settings: ec2() }, { vpcRouteTables: undefined }))).not.toContain('DynamodbEndpoint');
});

test('are refused where there is none to make', () => {
  expect(() => made({}, { vpcRouteTables: undefined })).toThrow('vpcEndpoints: vpc-0: of the services in this region');
});
