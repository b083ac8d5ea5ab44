/** The stack that the packager makes, for deployments that together use every parameter. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { FUNCTIONS as functionNames } from '../../build.mjs';
import { WRITERS } from '../../deploy/permissions/statements.ts';
import { LIGHT } from '../../deploy/resources/concurrency.ts';
import { readFunctions } from '../../local/routes.ts';
import { type Choices, type Json, packaged, packagedAll, type Template } from './packaging.ts';
import { PARAMETERS } from './parameters.ts';
import { allowed, ofType, type Statement, statementsOf, written } from './statements.ts';
import { CHOSEN, VARIANTS, type Variant } from './variants.ts';
import { idle, isReasoned } from './wildcards.ts';

const NAMES = Object.keys(VARIANTS) as Variant[];
const FUNCTIONS: readonly string[] = functionNames;

let templates: Record<Variant, Template>;
beforeAll(async () => {
  templates = await packagedAll(VARIANTS);
  // All variants are packaged here: two minutes alone, over three beside other tests on two cores.
}, 600_000);

/** Every place in a value, with its last key. */
function* places(value: Json): Generator<readonly [string, Json]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    yield [key, inner] as const;
    yield* places(inner);
  }
}

const filledIn = (name: string): string => `\${AWS::${name}}`;
const arn = (service: string, resource: string): string =>
  `arn:${filledIn('Partition')}:${service}:${filledIn('Region')}:${filledIn('AccountId')}:${resource}`;
const OWN_TABLE = `\${Table.Arn}`;

/** The open resources of a deployment, with the action and the condition of their statements. */
const openIn = (variant: Variant) =>
  ofType(templates[variant], 'AWS::IAM::Role')
    .flatMap(([, role]) => statementsOf(role))
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Action, Resource, Condition }) =>
      Resource.filter((resource) => resource.includes('*')).flatMap((resource) =>
        Action.map((action) => [variant, action, resource, JSON.stringify(Condition ?? {})] as const),
      ),
    );

const PSEUDO = ['AWS::AccountId', 'AWS::Partition', 'AWS::Region', 'AWS::StackName', 'AWS::URLSuffix'];

describe.each(NAMES)('the template %s', (variant) => {
  const template = () => templates[variant];
  const functions = () => ofType(template(), 'AWS::Lambda::Function');

  test('refers only to what is in it', () => {
    const ids = Object.keys(template().Resources);
    const targets = [...places(template())].flatMap(([key, value]) => {
      if (key === 'Ref') return [value];
      if (key === 'Fn::GetAtt') return [value[0]];
      if (key === 'DependsOn') return [value].flat();
      if (key !== 'Fn::Sub') return [];
      return [...String(value).matchAll(/\$\{([^}]+)\}/g)].map(([, name]) => name);
    });
    expect(targets.filter((target) => !ids.includes(target) && !PSEUDO.includes(target))).toEqual([]);
    const conditions = Object.values(template().Resources).flatMap(({ Condition }) => Condition ?? []);
    expect(Object.keys(template().Conditions ?? {})).toEqual(conditions);
    // CloudFormation may not take a section that has nothing in it.
    if (conditions.length === 0) expect(template()).not.toHaveProperty('Conditions');
  });

  test('depends on nothing in a circle', () => {
    const needs = (id: string): string[] =>
      [...places(template().Resources[id])].flatMap(([key, value]) =>
        key === 'Ref' ? [value] : key === 'Fn::GetAtt' ? [value[0]] : key === 'DependsOn' ? [value].flat() : [],
      );
    const done = new Set<string>();
    const walk = (id: string, way: readonly string[]): void => {
      if (way.includes(id)) throw new Error([...way, id].join(' → '));
      if (done.has(id) || !template().Resources[id]) return;
      for (const next of needs(id)) walk(next, [...way, id]);
      done.add(id);
    };
    for (const id of Object.keys(template().Resources)) walk(id, []);
  });

  test('has the functions as they are meant to run', () => {
    expect(functions()).toHaveLength(FUNCTIONS.length);
    for (const [, { Properties }] of functions()) {
      expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
      expect(Properties.Timeout).toBeLessThan(30);
      expect(Properties.MemorySize).toBeGreaterThanOrEqual(512);
      expect(JSON.stringify(Properties.Environment).length).toBeLessThan(4096);
    }
  });

  test('gives each function a role that no other has', () => {
    const roles = functions().map(([, { Properties }]) => Properties.Role['Fn::GetAtt'][0]);
    expect(new Set(roles).size).toBe(FUNCTIONS.length);
    for (const [id, { Properties }] of functions()) {
      expect(Properties.Role).toEqual({ 'Fn::GetAtt': [`${id.replace('LambdaFunction', '')}Role`, 'Arn'] });
    }
  });

  test('keeps the logs of every function and of the gateway for a set time', () => {
    const groups = ofType(template(), 'AWS::Logs::LogGroup');
    // The audit is in those of the functions, and outlives the stack.
    for (const [id, { DeletionPolicy, UpdateReplacePolicy }] of groups.filter(([name]) => name !== 'HttpApiLogGroup'))
      expect([id, DeletionPolicy, UpdateReplacePolicy]).toEqual([id, 'Retain', 'Retain']);
    const named = groups.map(([, { Properties }]) => Properties.LogGroupName);
    for (const [, { Properties }] of functions()) expect(named).toContain(`/aws/lambda/${Properties.FunctionName}`);
    expect(groups).toHaveLength(FUNCTIONS.length + 1);
    for (const [, { Properties }] of groups) expect(Properties.RetentionInDays).toBeGreaterThan(0);
  });

  test('has route keys that deploy: none ends in a slash but the root, none stands twice', () => {
    const keys = ofType(template(), 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => Properties.RouteKey);
    expect(keys.filter((key) => / \/.*\/$/.test(key))).toEqual([]);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toContain('$default');
    expect(keys).toContain('GET /.well-known/health');
    expect(keys.length).toBeLessThanOrEqual(300);
  });

  test('has every route of serverless.yml: the packager makes one of two whose names differ in punctuation only', () => {
    const keys = ofType(template(), 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => Properties.RouteKey);
    const written = readFunctions(readFileSync('serverless.yml', 'utf8')).flatMap(({ routeKeys }) => routeKeys);
    // With an authorizer and `cors`, OPTIONS of each route is open.
    expect(keys.filter((key) => !key.startsWith('OPTIONS ') || written.includes(key)).sort()).toEqual(
      [...written].sort(),
    );
  });

  test('has one stage, $default, that logs each request with its id and limits each route', () => {
    const [[, { Properties }], ...others] = ofType(template(), 'AWS::ApiGatewayV2::Stage') as [[string, Json]];
    expect(others).toEqual([]);
    expect(Properties).toMatchObject({ StageName: '$default', AutoDeploy: true });
    expect(JSON.parse(Properties.AccessLogSettings.Format)).toMatchObject({
      requestId: '$context.requestId',
      method: '$context.httpMethod',
      path: '$context.path',
    });
    expect(Properties.DefaultRouteSettings.ThrottlingRateLimit).toBeGreaterThan(0);
    expect(Properties.DefaultRouteSettings.ThrottlingBurstLimit).toBeGreaterThan(0);
  });

  test('leaves the health route open, whatever stands before the others', () => {
    expect(template().Resources.HttpApiRouteGetWellDashknownHealth.Properties).not.toHaveProperty('AuthorizationType');
  });

  test('begins every name with name and stage', () => {
    const { parameters = {}, stage = 'test' }: Choices = VARIANTS[variant];
    const prefix = `${parameters.name ?? 'serverless-occi'}-${stage}`;
    const NAMED = /^(FunctionName|TableName|AlarmName|DashboardName|LogGroupName|RoleName)$/;
    const names = Object.values(template().Resources).flatMap(({ Properties = {} }: Json) =>
      Object.entries(Properties).flatMap(([key, value]) =>
        NAMED.test(key) && typeof value === 'string' ? [value] : [],
      ),
    );
    const arns = /^arn:/;
    expect(
      names.filter((name) => !arns.test(name) && !name.replace(/^\/aws\/(lambda|http-api)\//, '').startsWith(prefix)),
    ).toEqual([]);
    for (const { Export } of Object.values(template().Outputs)) expect(Export.Name).toMatch(new RegExp(`^${prefix}-`));
  });

  test('tells other stacks the endpoint, the table, the functions and their roles', () => {
    const ids = [
      'EndpointUrl',
      'TableName',
      ...FUNCTIONS.flatMap((name) =>
        ['FunctionArn', 'RoleArn'].map((end) => `${name.charAt(0).toUpperCase()}${name.slice(1)}${end}`),
      ),
    ];
    for (const id of ids)
      expect(template().Outputs[id]).toMatchObject({ Value: expect.anything(), Export: expect.anything() });
  });

  test('never deletes a table of its own, and can restore it', () => {
    for (const [, table] of ofType(template(), 'AWS::DynamoDB::Table')) {
      expect(table).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
      expect(table.Properties).toMatchObject({
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
        TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
        DeletionProtectionEnabled: true,
        BillingMode: 'PAY_PER_REQUEST',
      });
      // A role would have to name them.
      expect(table.Properties).not.toHaveProperty('GlobalSecondaryIndexes');
      expect(table.Properties).not.toHaveProperty('LocalSecondaryIndexes');
    }
  });

  test('has no other policy that allows a wildcard: that of the bucket forbids what is not encrypted on its way', () => {
    const documents = [...places(template().Resources)].filter(([key]) => /PolicyDocument$/.test(key));
    const statements = documents.flatMap(([, { Statement }]) => Statement as Json[]);
    const open = statements.filter(({ Action }) => [Action].flat().some((action) => action.includes('*')));
    for (const one of open)
      expect(one).toMatchObject({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': false } } });
    expect(documents.length).toBeGreaterThanOrEqual(12);
  });

  describe('roles', () => {
    const all = (): Statement[] => ofType(template(), 'AWS::IAM::Role').flatMap(([, role]) => statementsOf(role));

    test('allow no action by a wildcard', () => {
      expect(
        all()
          .flatMap(({ Action }) => Action)
          .filter((action) => action.includes('*')),
      ).toEqual([]);
    });

    test('allow something in each statement: IAM refuses an empty list', () => {
      expect(all().filter(({ Action, Resource }) => Action.length === 0 || Resource.length === 0)).toEqual([]);
    });

    test('name their resources; each that ends openly has a reason', () => {
      expect(openIn(variant).filter((one) => !isReasoned(...one))).toEqual([]);
    });

    test('read and write this table and no other', () => {
      const tables: Partial<Record<Variant, string>> = {
        single: arn('dynamodb', 'table/mappings'),
        private: CHOSEN.tableArn,
      };
      const on = all().filter(({ Action }) => Action.some((action) => action.startsWith('dynamodb:')));
      for (const { Resource } of on) expect(Resource).toEqual([tables[variant] ?? OWN_TABLE]);
      // Two for each function that writes only some rows.
      const some = FUNCTIONS.filter((name) => WRITERS[name] !== true).length;
      expect(on.length).toBe(FUNCTIONS.length + some);
    });

    test('let discovery write nothing but the catalogue', () => {
      const writes = allowed(template(), 'discovery').filter(({ Action }) =>
        Action.some((action) => action.startsWith('dynamodb:') && !/:(GetItem|BatchGetItem|Query)$/.test(action)),
      );
      expect(writes).toHaveLength(1);
      expect(writes[0]).toMatchObject({ Action: ['dynamodb:PutItem'] });
      const { Condition } = writes[0]!;
      expect(Condition['ForAllValues:StringEquals']['dynamodb:Attributes']).toContain('mixins');
      expect(Condition['ForAnyValue:StringEquals']).toEqual({ 'dynamodb:Attributes': ['mixins'] });
    });

    test('write to the log group of their function only', () => {
      for (const name of FUNCTIONS) {
        const id = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
        const group = template().Resources[`${id}LogGroup`].Properties.LogGroupName;
        const logs = allowed(template(), name).filter(({ Action }) =>
          Action.some((action) => action.startsWith('logs:')),
        );
        expect(logs).toEqual([
          {
            Effect: 'Allow',
            Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            Resource: [arn('logs', `log-group:${group}:*`)],
          },
        ]);
      }
    });

    test('fit into a role: 10,240 characters of inline policies', () => {
      for (const [, { Properties }] of ofType(template(), 'AWS::IAM::Role')) {
        const policies = written(
          JSON.stringify(Properties.Policies, (_, value) =>
            value?.['Fn::Sub'] || value?.Ref ? written(value) : value,
          ),
        );
        const filled = policies
          .replaceAll(filledIn('Partition'), 'aws-us-gov')
          .replaceAll(filledIn('Region'), 'ap-southeast-1')
          .replaceAll(filledIn('AccountId'), '123456789012');
        expect(filled.length).toBeLessThan(10_240);
      }
    });
  });
});

test('every reason for an open resource is needed in each deployment that it is for', () => {
  expect(idle(NAMES.flatMap(openIn))).toEqual([]);
});

test('what has no cloud behind is not deployed, whoever calls the packager', async () => {
  const settings = { adapter: { name: 'none', site: 'test', settings: {} }, auth: ['basic'] };
  await expect(packaged({ settings, command: 'deploy' })).rejects.toThrow('adapter.name is not set: name the cloud');
}, 60_000);

describe('parameters', () => {
  test('are all here that serverless.yml has', () => {
    const file = parse(readFileSync(new URL('../../serverless.yml', import.meta.url), 'utf8'));
    expect(Object.keys(PARAMETERS).sort()).toEqual(Object.keys(file.params.default).sort());
  });

  test.each(Object.entries(PARAMETERS))('%s does what it says', (_name, holds) => holds(templates));
});

describe('requests at the same time', () => {
  const reserved = (variant: Variant): number[] =>
    ofType(templates[variant], 'AWS::Lambda::Function').map(
      ([, { Properties }]) => Properties.ReservedConcurrentExecutions ?? Number.POSITIVE_INFINITY,
    );

  test.each(['plain', 'private'] as const)('make no more calls to oned than it takes: %s', (variant) => {
    const { settings }: { settings: Json } = VARIANTS[variant];
    const each = settings.adapter.settings.inFlight?.request ?? 2;
    // The first functions serve entities; the others make one call at a time, and one request each.
    const light = FUNCTIONS.filter((name) => LIGHT.includes(name)).length;
    const sum = reserved(variant).reduce((all, one) => all + one, 0) - light;
    expect(sum).toBeGreaterThan(0);
    expect(sum * each + light).toBeLessThanOrEqual(14);
  });

  test.each(['shared', 'openstack'] as const)('are what the account has with another cloud: %s', (variant) => {
    expect(reserved(variant)).toEqual(FUNCTIONS.map(() => Number.POSITIVE_INFINITY));
  });
});

describe('rights in EC2', () => {
  const inEc2 = (variant: Variant, name: string) =>
    allowed(templates[variant], name).filter(({ Action }) => Action.some((action) => /^(ec2|sts):/.test(action)));

  test('nobody has without it', () => {
    for (const variant of ['plain', 'beside'] as const)
      for (const name of FUNCTIONS) expect(inEc2(variant, name)).toEqual([]);
  });

  /** As the guide of Lambda lists them. */
  const IN_VPC = [
    'ec2:AssignPrivateIpAddresses',
    'ec2:CreateNetworkInterface',
    'ec2:DeleteNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:UnassignPrivateIpAddresses',
  ];
  const deniedTo = (variant: Variant, name: string) =>
    statementsOf(templates[variant].Resources[`${name.charAt(0).toUpperCase()}${name.slice(1)}Role`]).filter(
      ({ Effect }) => Effect === 'Deny',
    );

  test.each(['private', 'openstack'] as const)('a VPC gives Lambda only, not the code of a function: %s', (variant) => {
    for (const name of FUNCTIONS) {
      expect(
        inEc2(variant, name)
          .flatMap(({ Action }) => Action)
          .sort(),
      ).toEqual(IN_VPC);
      const denied = deniedTo(variant, name);
      expect(denied.flatMap(({ Action }) => Action).sort()).toEqual(
        inEc2(variant, name)
          .flatMap(({ Action }) => Action)
          .sort(),
      );
      const code = { 'Fn::Sub': expect.stringMatching(new RegExp(`:function:serverless-occi-test-${name}$`)) };
      for (const { Condition } of denied)
        expect(Condition).toEqual({ ArnEquals: { 'lambda:SourceFunctionArn': code } });
    }
  });

  test('in a VPC, of one tenant: the code keeps what it has by itself, and no more', () => {
    const deniedCalls = (name: string) =>
      deniedTo('single', name).map(({ Action, Condition: { Null } }) => [Action, Null]);
    // Of all of them, discovery has none by itself.
    expect(deniedCalls('discovery')).toEqual([[IN_VPC, undefined]]);
    const assigning = IN_VPC.filter((call) => /ssign/.test(call));
    expect(deniedCalls('links')).toEqual([
      [assigning, undefined],
      [['ec2:CreateNetworkInterface'], { 'aws:RequestTag/occi:tenant': 'true' }],
      // What is without a tag is the tenant's too, and is not taken back here.
      [['ec2:DeleteNetworkInterface'], { 'aws:ResourceTag/aws:cloudformation:stack-name': 'false' }],
    ]);
  });

  test('only read for discovery', () => {
    const actions = inEc2('shared', 'discovery').flatMap(({ Action }) => Action);
    expect(actions.filter((action) => action.startsWith('ec2:') && !action.startsWith('ec2:Describe'))).toEqual([]);
  });

  test('that change something ask for the tag of a tenant, or change nothing of the provider', () => {
    const FENCED = /aws:(ResourceTag|RequestTag)\/occi:tenant|ec2:CreateAction/;
    /** What is only looked at or pointed to by a call whose other resources are fenced. */
    const REFERRED = /:(image|subnet|security-group|vpc|ipv4pool-ec2)\//;
    for (const name of FUNCTIONS) {
      for (const { Action, Resource, Condition } of inEc2('shared', name)) {
        if (Action.every((action) => action.startsWith('ec2:Describe') || action.startsWith('sts:'))) continue;
        if (FENCED.test(JSON.stringify(Condition ?? {}))) continue;
        expect(Resource.filter((resource) => !REFERRED.test(resource))).toEqual([]);
        const others = Action.flatMap((action) => inEc2('shared', name).filter((one) => one.Action.includes(action)));
        expect(others.some((one) => FENCED.test(JSON.stringify(one.Condition ?? {})))).toBe(true);
      }
    }
  });

  test('never let a tag of a tenant be written to what is there', () => {
    const later = FUNCTIONS.flatMap((name) => inEc2('shared', name)).filter(({ Action }) =>
      Action.includes('ec2:DeleteTags'),
    );
    expect(later.length).toBeGreaterThan(0);
    for (const { Condition } of later) {
      expect(Condition['ForAllValues:StringLike']['aws:TagKeys']).not.toContain('occi:tenant');
      expect(Condition.Null).toEqual({ 'aws:TagKeys': 'false', 'aws:ResourceTag/occi:tenant': 'false' });
    }
  });

  test('in other accounts are those of exactly the roles of the settings', () => {
    for (const name of FUNCTIONS) {
      const assumes = inEc2('shared', name).filter(({ Action }) => Action.includes('sts:AssumeRole'));
      expect(assumes).toEqual([{ Effect: 'Allow', Action: ['sts:AssumeRole'], Resource: [CHOSEN.role] }]);
      expect(inEc2('single', name).flatMap(({ Action }) => Action)).not.toContain('sts:AssumeRole');
    }
  });
});

describe('secrets', () => {
  const secrets = (variant: Variant, name: string) =>
    allowed(templates[variant], name)
      .filter(({ Action }) => Action.some((action) => /^(ssm|secretsmanager):/.test(action)))
      .map(({ Action, Resource }) => [Action, Resource]);

  test.each(FUNCTIONS)('are read by %s where the settings name them, and nowhere else', (name) => {
    const parameter = arn('ssm', 'parameter/occi/test/one-cipher');
    expect(secrets('plain', name)).toEqual([[['ssm:GetParameter'], [parameter]]]);
    expect(secrets('private', name)).toEqual([[['secretsmanager:GetSecretValue'], [CHOSEN.secret]]]);
    expect(secrets('shared', name)).toEqual([]);
    expect(secrets('openstack', name)).toEqual([]);
  });
});

describe('OpenStack, whose callers bring their own credentials', () => {
  const template = () => templates.openstack;

  test.each(FUNCTIONS)('%s may use its table and its log group, and nothing else of AWS by itself', (name) => {
    const role = template().Resources[`${name.charAt(0).toUpperCase()}${name.slice(1)}Role`];
    expect(role.Properties).not.toHaveProperty('ManagedPolicyArns');
    const denied = statementsOf(role)
      .filter(({ Effect }) => Effect === 'Deny')
      .flatMap(({ Action }) => Action);
    const services = allowed(template(), name)
      .flatMap(({ Action }) => Action)
      .filter((action) => !denied.includes(action))
      .map((action) => action.split(':')[0]);
    expect([...new Set(services)].sort()).toEqual(['dynamodb', 'logs']);
  });

  test('no function has a secret, nor Keystone, in its environment', () => {
    for (const [, { Properties }] of ofType(template(), 'AWS::Lambda::Function')) {
      const { Variables } = Properties.Environment;
      const [[, plain]] = ofType(templates.plain, 'AWS::Lambda::Function') as [[string, Json]];
      expect(Object.keys(Variables)).toEqual(Object.keys(plain.Properties.Environment.Variables));
      expect(JSON.stringify(Variables)).not.toMatch(/password|secret|keystone/i);
    }
  });

  test('functions are in the subnets that lead to it, in the security groups that say what they reach', () => {
    for (const [, { Properties }] of ofType(template(), 'AWS::Lambda::Function'))
      expect(Properties.VpcConfig).toEqual({ SubnetIds: CHOSEN.subnets, SecurityGroupIds: CHOSEN.groups });
    // The stack opens no way by itself: the provider's groups and routes are all that there is.
    expect(ofType(template(), 'AWS::EC2::SecurityGroup')).toEqual([]);
    const endpoints = ofType(template(), 'AWS::EC2::VPCEndpoint').map(([, { Properties }]) => Properties);
    expect(endpoints).toHaveLength(1);
    expect(endpoints[0]).toMatchObject({ VpcId: CHOSEN.vpc, RouteTableIds: [CHOSEN.routeTable] });
    expect(written(endpoints[0].ServiceName)).toMatch(/\.dynamodb$/);
  });

  test('no authorizer stands before the routes: the credentials of callers reach the functions', () => {
    expect(ofType(template(), 'AWS::ApiGatewayV2::Authorizer')).toEqual([]);
    for (const [id, { Properties }] of ofType(template(), 'AWS::ApiGatewayV2::Route'))
      expect([id, Properties.AuthorizationType ?? 'NONE']).toEqual([id, 'NONE']);
  });
});
