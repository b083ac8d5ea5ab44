/** By parameter of serverless.yml: what it makes of a template. */
import { expect } from '@jest/globals';
import { FUNCTIONS } from '../../build.mjs';
import type { Json, Template } from './packaging.ts';
import { allowed, ofType, statementsOf, written } from './statements.ts';
import { CHOSEN, type Variant } from './variants.ts';

type Templates = Readonly<Record<Variant, Template>>;

const propertiesOf = (template: Template, type: string): Json[] =>
  ofType(template, type).map(([, { Properties }]) => Properties);
const functions = (template: Template) => propertiesOf(template, 'AWS::Lambda::Function');
const routes = (template: Template) => propertiesOf(template, 'AWS::ApiGatewayV2::Route');
const isHealth = ({ RouteKey }: Json) => /^(?:GET|HEAD) \/\.well-known\/health$/.test(RouteKey);
const isOptions = ({ RouteKey }: Json) => RouteKey.startsWith('OPTIONS ');
const alarms = (template: Template) => propertiesOf(template, 'AWS::CloudWatch::Alarm');

/** Who takes the lines, with what role if it needs one. */
const forwarded = (template: Template, destination: string) => {
  const filters = propertiesOf(template, 'AWS::Logs::SubscriptionFilter');
  expect(filters).toHaveLength(FUNCTIONS.length + 1);
  for (const { DestinationArn } of filters) expect(DestinationArn).toBe(destination);
  return filters[0];
};

const forwarder = (template: Template) => statementsOf(template.Resources.LogForwardingRole);

export const PARAMETERS: Readonly<Record<string, (templates: Templates) => void>> = {
  name: ({ plain, beside }) => {
    expect(plain.Resources.Table.Properties.TableName).toBe('serverless-occi-test');
    expect(beside.Resources.Table.Properties.TableName).toBe('occi-two-test');
    const names = (template: Template) => Object.values(template.Outputs).map(({ Export }) => Export.Name);
    expect(names(plain).filter((name) => names(beside).includes(name))).toEqual([]);
  },
  region: ({ shared, private: inVpc }) => {
    // The region of a stack is where it is deployed; what is in the template follows it.
    // One has it from the parameter, the other from the command line.
    for (const template of [shared, inVpc]) expect(JSON.stringify(template)).not.toContain('us-east-1');
  },
  logRetention: ({ plain, beside }) => {
    const days = (template: Template) =>
      propertiesOf(template, 'AWS::Logs::LogGroup').map(({ RetentionInDays }) => RetentionInDays);
    expect(new Set(days(plain))).toEqual(new Set([30]));
    expect(new Set(days(beside))).toEqual(new Set([90]));
  },
  logLevel: ({ plain, beside }) => {
    for (const { Environment } of functions(plain)) expect(Environment.Variables.POWERTOOLS_LOG_LEVEL).toBe('INFO');
    for (const { Environment } of functions(beside)) expect(Environment.Variables.POWERTOOLS_LOG_LEVEL).toBe('WARN');
  },
  logDestination: ({ plain, shared, single, private: inVpc }) => {
    expect(propertiesOf(plain, 'AWS::Logs::SubscriptionFilter')).toEqual([]);
    const role = { 'Fn::GetAtt': ['LogForwardingRole', 'Arn'] };
    expect(forwarded(shared, CHOSEN.firehose).RoleArn).toEqual(role);
    expect(forwarder(shared)).toEqual([
      { Effect: 'Allow', Action: ['firehose:PutRecord', 'firehose:PutRecordBatch'], Resource: [CHOSEN.firehose] },
    ]);
    expect(forwarded(inVpc, CHOSEN.kinesis).RoleArn).toEqual(role);
    expect(forwarder(inVpc)).toEqual([{ Effect: 'Allow', Action: ['kinesis:PutRecord'], Resource: [CHOSEN.kinesis] }]);
    expect(forwarded(single, CHOSEN.forwarder)).not.toHaveProperty('RoleArn');
    expect(single.Resources.LogForwardingPermission.Properties).toMatchObject({
      FunctionName: CHOSEN.forwarder,
      Principal: 'logs.amazonaws.com',
    });
  },
  tracing: ({ plain, private: inVpc }) => {
    for (const one of functions(plain)) expect(one).not.toHaveProperty('TracingConfig');
    for (const { TracingConfig } of functions(inVpc)) expect(TracingConfig).toEqual({ Mode: 'Active' });
    const traces = (template: Template) =>
      allowed(template, 'compute').filter(({ Action }) => Action.some((name) => name.startsWith('xray:')));
    expect(traces(plain)).toEqual([]);
    expect(traces(inVpc)).toHaveLength(1);
  },
  alarms: ({ plain, beside }) => {
    expect(
      alarms(plain)
        .map(({ AlarmName }) => AlarmName)
        .sort(),
    ).toEqual(
      ['cloud-throttles', 'function-errors', 'latency', 'server-errors', 'table-errors', 'throttles'].map(
        (name) => `serverless-occi-test-${name}`,
      ),
    );
    for (const alarm of alarms(plain)) {
      expect(alarm).toMatchObject({ TreatMissingData: 'notBreaching', ComparisonOperator: 'GreaterThanThreshold' });
      const metrics = alarm.Metrics?.filter(({ MetricStat }: Json) => MetricStat) ?? [alarm];
      expect(metrics.length).toBeLessThanOrEqual(10);
    }
    expect(alarms(beside)).toEqual([]);
  },
  alarmTopic: ({ plain, shared }) => {
    for (const alarm of alarms(plain)) expect(alarm).not.toHaveProperty('AlarmActions');
    for (const { AlarmActions, OKActions } of alarms(shared))
      expect([AlarmActions, OKActions]).toEqual([[CHOSEN.topic], [CHOSEN.topic]]);
  },
  alarmLatency: ({ plain, shared }) => {
    expect(plain.Resources.LatencyAlarm.Properties).toMatchObject({ ExtendedStatistic: 'p99', Threshold: 10_000 });
    expect(shared.Resources.LatencyAlarm.Properties.Threshold).toBe(2500);
  },
  dashboard: ({ plain, beside, private: inVpc }) => {
    const { DashboardBody } = plain.Resources.Dashboard.Properties;
    const { widgets } = JSON.parse(written(DashboardBody));
    expect(widgets.length).toBeGreaterThan(8);
    for (const { properties } of widgets) expect(properties.metrics.length).toBeGreaterThan(0);
    expect(written(inVpc.Resources.Dashboard.Properties.DashboardBody)).toContain('"TableName","mappings"');
    expect(ofType(beside, 'AWS::CloudWatch::Dashboard')).toEqual([]);
  },
  concurrency: ({ plain, beside, shared }) => {
    const reserved = (template: Template, id: string) =>
      template.Resources[`${id}LambdaFunction`].Properties.ReservedConcurrentExecutions;
    expect(reserved(plain, 'Compute')).toBe(1);
    expect(reserved(beside, 'Compute')).toBe(3);
    expect(reserved(beside, 'Discovery')).toBe(2);
    expect(reserved(beside, 'Links')).toBeUndefined();
    expect(reserved(shared, 'Compute')).toBeUndefined();
  },
  throttling: ({ plain, beside }) => {
    const stage = ({ Resources }: Template) => Resources.HttpApiStage;
    expect(stage(plain).Properties.DefaultRouteSettings).toMatchObject({
      ThrottlingRateLimit: 50,
      ThrottlingBurstLimit: 100,
    });
    const few = { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10 };
    const health = { 'GET /.well-known/health': few, 'HEAD /.well-known/health': few };
    expect(stage(plain).Properties.RouteSettings).toEqual(health);
    expect(stage(beside).Properties.DefaultRouteSettings).toMatchObject({
      ThrottlingRateLimit: 10,
      ThrottlingBurstLimit: 20,
    });
    expect(stage(beside).Properties.RouteSettings).toEqual({
      ...health,
      'ANY /compute/{proxy+}': { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 8 },
    });
    expect(stage(beside).DependsOn).toEqual(
      expect.arrayContaining(['HttpApiRouteAnyComputeProxyVar', 'HttpApiRouteHeadWellDashknownHealth']),
    );
  },
  table: ({ plain, single, private: inVpc }) => {
    const used = (template: Template) => functions(template)[0].Environment.Variables.OCCI_TABLE;
    expect([plain, single, inVpc].map((template) => ofType(template, 'AWS::DynamoDB::Table').length)).toEqual([
      1, 0, 0,
    ]);
    expect([plain, single, inVpc].map(used)).toEqual(['serverless-occi-test', 'mappings', CHOSEN.tableArn]);
    expect(inVpc.Outputs.TableName.Value).toBe(CHOSEN.tableArn);
  },
  vpcSubnets: ({ plain, private: inVpc }) => {
    for (const one of functions(plain)) expect(one).not.toHaveProperty('VpcConfig');
    for (const { VpcConfig } of functions(inVpc)) expect(VpcConfig.SubnetIds).toEqual(CHOSEN.subnets);
  },
  vpcSecurityGroups: ({ private: inVpc }) => {
    for (const { VpcConfig } of functions(inVpc)) expect(VpcConfig.SecurityGroupIds).toEqual(CHOSEN.groups);
  },
  permissionsBoundary: ({ plain, shared }) => {
    for (const role of propertiesOf(plain, 'AWS::IAM::Role')) expect(role).not.toHaveProperty('PermissionsBoundary');
    expect(propertiesOf(shared, 'AWS::IAM::Role')).toHaveLength(FUNCTIONS.length + 1);
    for (const { PermissionsBoundary } of propertiesOf(shared, 'AWS::IAM::Role'))
      expect(PermissionsBoundary).toBe(CHOSEN.boundary);
  },
  rolePath: ({ plain, shared }) => {
    for (const { Path } of propertiesOf(plain, 'AWS::IAM::Role')) expect(Path).toBe('/');
    for (const { Path } of propertiesOf(shared, 'AWS::IAM::Role')) expect(Path).toBe('/occi/');
  },
  kmsKey: ({ plain, shared }) => {
    expect(plain.Resources.Table.Properties.SSESpecification).toEqual({ SSEEnabled: true, SSEType: 'KMS' });
    expect(shared.Resources.Table.Properties.SSESpecification.KMSMasterKeyId).toBe(CHOSEN.kmsKey);
    for (const { KmsKeyId } of propertiesOf(shared, 'AWS::Logs::LogGroup')) expect(KmsKeyId).toBe(CHOSEN.kmsKey);
    for (const { KmsKeyArn } of functions(shared)) expect(KmsKeyArn).toBe(CHOSEN.kmsKey);
    const uses = (template: Template) =>
      allowed(template, 'links').filter(({ Action }) => Action.some((name) => name.startsWith('kms:')));
    expect(uses(plain)).toEqual([]);
    for (const { Resource, Condition } of uses(shared)) {
      expect(Resource).toEqual([CHOSEN.kmsKey]);
      expect(Condition.StringEquals['kms:ViaService']).toBeDefined();
    }
  },
  vpcEndpoints: ({ single, private: inVpc }) => {
    const [, , ...others] = propertiesOf(single, 'AWS::EC2::VPCEndpoint');
    expect(others).toEqual([]);
    expect(single.Resources.Ec2Endpoint.Properties).toEqual({
      VpcEndpointType: 'Interface',
      VpcId: CHOSEN.vpc,
      ServiceName: { 'Fn::Sub': `com.amazonaws.\${AWS::Region}.ec2` },
      SubnetIds: CHOSEN.subnets,
      SecurityGroupIds: [{ 'Fn::GetAtt': ['EndpointsSecurityGroup', 'GroupId'] }],
      PrivateDnsEnabled: true,
    });
    const { VpcId, SecurityGroupIngress } = single.Resources.EndpointsSecurityGroup.Properties;
    expect([VpcId, SecurityGroupIngress]).toEqual([
      CHOSEN.vpc,
      CHOSEN.groups.map((SourceSecurityGroupId) => ({
        IpProtocol: 'tcp',
        FromPort: 443,
        ToPort: 443,
        SourceSecurityGroupId,
      })),
    ]);
    expect(propertiesOf(inVpc, 'AWS::EC2::VPCEndpoint')).toEqual([]);
  },
  vpcRouteTables: ({ single }) => {
    expect(single.Resources.DynamodbEndpoint.Properties).toEqual({
      VpcEndpointType: 'Gateway',
      VpcId: CHOSEN.vpc,
      ServiceName: { 'Fn::Sub': `com.amazonaws.\${AWS::Region}.dynamodb` },
      RouteTableIds: [CHOSEN.routeTable],
    });
  },
  volumeKeys: ({ shared, single }) => {
    const grants = (template: Template, name: string) =>
      allowed(template, name).filter(({ Action }) => Action.includes('kms:CreateGrant'));
    const users = FUNCTIONS.filter((name) => grants(single, name).length > 0);
    expect(users).toEqual(['compute', 'storage', 'links', 'paths']);
    expect(FUNCTIONS.flatMap((name) => grants(shared, name))).toEqual([]);
    const StringEquals = { 'kms:ViaService': 'ec2.eu-central-1.amazonaws.com' };
    const Bool = { 'kms:GrantIsForAWSResource': 'true' };
    // The setting is an alias, the parameter a key.
    for (const name of users) {
      expect(grants(single, name).map(({ Resource, Condition }) => [Resource, Condition])).toEqual([
        [
          [`arn:\${AWS::Partition}:kms:eu-central-1:\${AWS::AccountId}:key/*`],
          { StringEquals, Bool, 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': ['alias/volumes'] } },
        ],
        [[CHOSEN.volumeKey], { StringEquals, Bool }],
      ]);
    }
  },
  secretKeys: ({ plain, private: inVpc }) => {
    const uses = (template: Template) =>
      allowed(template, 'compute').filter(({ Action }) => Action.some((name) => name.startsWith('kms:')));
    expect(uses(plain)).toEqual([]);
    // The secret is in another region than the functions.
    const Condition = { StringEquals: { 'kms:ViaService': ['secretsmanager.eu-west-1.amazonaws.com'] } };
    expect(uses(inVpc)).toEqual([
      { Effect: 'Allow', Action: ['kms:Decrypt'], Resource: [CHOSEN.secretKey], Condition },
    ]);
  },
  tags: ({ plain, shared }) => {
    const TAGGED =
      /^AWS::(Lambda::Function|DynamoDB::Table|IAM::Role|Logs::LogGroup|CloudWatch::Alarm|S3::Bucket|ApiGatewayV2::(Api|Stage|DomainName))$/;
    const tagged = Object.entries(shared.Resources).filter(([, { Type }]) => TAGGED.test(Type));
    expect(tagged.length).toBeGreaterThan(25);
    for (const [id, { Properties }] of tagged) {
      const tags = Array.isArray(Properties.Tags)
        ? Object.fromEntries(Properties.Tags.map(({ Key, Value }: Json) => [Key, Value]))
        : Properties.Tags;
      expect({ id, tags }).toEqual({ id, tags: { team: 'cloud', 'cost-centre': '4711' } });
    }
    expect(JSON.stringify(plain)).not.toContain('"Tags"');
  },
  deploymentBucket: ({ plain, beside }) => {
    expect(plain.Resources.ServerlessDeploymentBucket.Properties).toMatchObject({
      BucketEncryption: expect.anything(),
      PublicAccessBlockConfiguration: { RestrictPublicBuckets: true },
    });
    expect(ofType(beside, 'AWS::S3::Bucket')).toEqual([]);
    for (const { Code } of functions(beside)) expect(Code.S3Bucket).toBe('deployments-of-ours');
  },
  domain: ({ plain, private: inVpc }) => {
    expect(inVpc.Resources.Domain.Properties.DomainName).toBe('occi.example.org');
    expect(inVpc.Resources.DomainMapping.Properties).not.toHaveProperty('ApiMappingKey');
    expect(inVpc.Resources.HttpApi.Properties.DisableExecuteApiEndpoint).toBe(true);
    // Not the gateway's own address, which is closed.
    for (const id of ['EndpointUrl', 'HttpApiUrl']) expect(inVpc.Outputs[id].Value).toBe('https://occi.example.org');
    expect(JSON.stringify(inVpc.Outputs)).not.toContain('execute-api');
    expect(inVpc.Outputs).toHaveProperty('DomainTarget');
    expect(plain.Resources.HttpApi.Properties).not.toHaveProperty('DisableExecuteApiEndpoint');
    expect(plain.Outputs.EndpointUrl.Value).toEqual({ 'Fn::GetAtt': ['HttpApi', 'ApiEndpoint'] });
    expect(plain.Outputs.HttpApiUrl.Value['Fn::Join'][1]).toContainEqual({ Ref: 'HttpApi' });
  },
  certificate: ({ private: inVpc }) => {
    expect(inVpc.Resources.Domain.Properties.DomainNameConfigurations).toEqual([
      { CertificateArn: CHOSEN.certificate, EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' },
    ]);
  },
  truststore: ({ beside, private: inVpc }) => {
    expect(beside.Resources.Domain.Properties.MutualTlsAuthentication.TruststoreUri).toBe(CHOSEN.truststore);
    // Otherwise clients could come without a certificate.
    expect(beside.Resources.HttpApi.Properties.DisableExecuteApiEndpoint).toBe(true);
    expect(inVpc.Resources.Domain.Properties).not.toHaveProperty('MutualTlsAuthentication');
  },
  truststoreVersion: ({ beside }) => {
    expect(beside.Resources.Domain.Properties.MutualTlsAuthentication.TruststoreVersion).toBe('abc.DEF_1-2');
  },
  authorizer: ({ plain, shared, single, private: inVpc }) => {
    for (const route of routes(plain)) expect(route).not.toHaveProperty('AuthorizationType');
    const TYPES = [
      [shared, 'JWT', true],
      [single, 'CUSTOM', false],
      [inVpc, 'AWS_IAM', false],
    ] as const;
    for (const [template, type, cors] of TYPES) {
      for (const route of routes(template)) {
        const isOpen = isHealth(route) || (cors && isOptions(route));
        expect([route.RouteKey, route.AuthorizationType]).toEqual([route.RouteKey, isOpen ? undefined : type]);
      }
      expect(routes(template).filter(isHealth)).toHaveLength(2);
      // Only browsers ask without credentials, and only where they are answered.
      const keys = routes(template).map(({ RouteKey }) => RouteKey);
      for (const key of keys.filter((one) => one.startsWith('ANY ')))
        expect([key, keys.includes(key.replace('ANY', 'OPTIONS'))]).toEqual([key, cors]);
      for (const key of ['OPTIONS /', 'OPTIONS /{proxy+}']) expect([key, keys.includes(key)]).toEqual([key, cors]);
    }
  },
  jwtIssuer: ({ shared }) => {
    expect(shared.Resources.Authorizer.Properties.JwtConfiguration.Issuer).toBe('https://idp.example.org/realms/cloud');
  },
  jwtAudience: ({ shared }) => {
    expect(shared.Resources.Authorizer.Properties.JwtConfiguration.Audience).toEqual(['occi', 'other']);
  },
  authorizerFunction: ({ single }) => {
    const { AuthorizerUri, ...rest } = single.Resources.Authorizer.Properties;
    expect(written(AuthorizerUri)).toContain(`/functions/${CHOSEN.authorizer}/invocations`);
    expect(rest).toMatchObject({
      AuthorizerType: 'REQUEST',
      AuthorizerPayloadFormatVersion: '2.0',
      EnableSimpleResponses: true,
    });
    // The owner of a function in another account has to do this himself.
    expect(single.Resources.AuthorizerPermission).toMatchObject({
      Condition: 'AuthorizerIsOurs',
      Properties: { FunctionName: CHOSEN.authorizer },
    });
    expect(single.Conditions).toEqual({
      AuthorizerIsOurs: { 'Fn::Equals': [{ Ref: 'AWS::AccountId' }, CHOSEN.authorizer.split(':')[4]] },
    });
  },
  authorizerIdentity: ({ shared, single }) => {
    expect(shared.Resources.Authorizer.Properties.IdentitySource).toEqual(['$request.header.X-Auth-Token']);
    expect(single.Resources.Authorizer.Properties.IdentitySource).toEqual([
      '$request.querystring.token',
      '$request.header.Authorization',
      '$request.querystring.tenant',
    ]);
    // The service refuses parameters that it does not know.
    const known = (template: Template) => functions(template)[0].Environment.Variables.OCCI_AUTHORIZER_PARAMETERS;
    expect(known(shared)).toBe('');
    expect(known(single)).toBe('token,tenant');
  },
  authorizerTtl: ({ single }) => {
    expect(single.Resources.Authorizer.Properties.AuthorizerResultTtlInSeconds).toBe(60);
  },
};
