/** Deployments that together use every parameter, with each kind of cloud. */
import type { Choices } from './packaging.ts';

const ACCOUNT = '123456789012';
const REGION = 'eu-central-1';

/** What the variants choose, for tests to look for in the templates. */
export const CHOSEN = {
  kmsKey: `arn:aws:kms:${REGION}:${ACCOUNT}:key/01234567-89ab-cdef-0123-456789abcdef`,
  secretKey: `arn:aws:kms:eu-west-1:${ACCOUNT}:key/89abcdef-0123-4567-89ab-cdef01234567`,
  volumeKey: `arn:aws:kms:${REGION}:${ACCOUNT}:key/fedcba98-7654-3210-fedc-ba9876543210`,
  boundary: `arn:aws:iam::${ACCOUNT}:policy/boundary`,
  topic: `arn:aws:sns:${REGION}:${ACCOUNT}:operators`,
  firehose: `arn:aws:firehose:${REGION}:${ACCOUNT}:deliverystream/logs`,
  kinesis: `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/logs`,
  forwarder: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:forward-logs`,
  authorizer: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:authorizer`,
  certificate: `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/01234567-89ab-cdef-0123-456789abcdef`,
  truststore: 's3://deployments-of-ours/client-authorities.pem',
  tableArn: `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/mappings`,
  subnets: ['subnet-0123456789abcdef0', 'subnet-0fedcba9876543210'],
  groups: ['sg-0123456789abcdef0'],
  vpc: 'vpc-0fedcba9876543210',
  routeTable: 'rtb-0123456789abcdef0',
  /** In another region than the functions. */
  secret: `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:occi/one-a1B2c3`,
  role: 'arn:aws:iam::210987654321:role/occi',
  keystone: 'https://keystone.internal.example.org:5000/v3',
} as const;

const opennebula = (settings: object = {}, auth: readonly unknown[] = ['basic']) => ({
  adapter: {
    name: 'opennebula',
    site: 'test',
    settings: { endpoint: 'http://one.example.org:2633/RPC2', ...settings },
  },
  auth,
});
const cipher = (password: object) => ({ serverCipher: { user: 'serveradmin', password } });
const ec2 = (settings: object, auth: readonly unknown[], others: object = {}) => ({
  adapter: { name: 'ec2', site: 'test', settings: { region: REGION, ...settings } },
  auth,
  ...others,
});

export const VARIANTS = {
  /** Nothing chosen: OpenNebula, a table of its own. */
  plain: { settings: opennebula(cipher({ parameter: '/occi/test/one-cipher' })) },
  /** Another endpoint in the same account and stage, by its name; what can be switched off is. */
  beside: {
    settings: opennebula(cipher({ parameter: '/occi/test/one-cipher' }), [
      'basic',
      { x509: { users: { '/O=Grid/CN=Alice': { name: 'alice' } } } },
    ]),
    parameters: {
      name: 'occi-two',
      domain: 'two.example.org',
      certificate: CHOSEN.certificate.replace(REGION, 'us-east-1'),
      truststore: CHOSEN.truststore,
      truststoreVersion: 'abc.DEF_1-2',
      alarms: 'false',
      dashboard: 'false',
      concurrency: 'compute=3,discovery=2',
      logRetention: '90',
      logLevel: 'WARN',
      throttling: 'default=10/20,ANY /compute/{proxy+}=5/8',
      deploymentBucket: 'deployments-of-ours',
    },
  },
  /** An AWS account shared by tenants; everything that an account's rules may ask for. */
  shared: {
    stage: 'prod',
    settings: ec2(
      {
        images: { owners: ['self', 'amazon'], ids: ['ami-0123456789abcdef0'], filters: { name: ['debian-12-*'] } },
        roles: { carol: { arn: CHOSEN.role } },
        vpc: 'vpc-0123456789abcdef0',
        published: { networks: ['subnet-0aaaaaaaaaaaaaaa0'] },
        floatingIpPools: [{ term: 'own', title: 'Own', pool: 'ipv4pool-ec2-0123456789abcdef0' }],
      },
      [{ gateway: { from: 'jwt' } }],
      { cors: { origins: ['https://portal.example.org'] } },
    ),
    parameters: {
      region: REGION,
      permissionsBoundary: CHOSEN.boundary,
      rolePath: '/occi/',
      kmsKey: CHOSEN.kmsKey,
      tags: 'team=cloud,cost-centre=4711',
      logDestination: CHOSEN.firehose,
      authorizer: 'jwt',
      jwtIssuer: 'https://idp.example.org/realms/cloud',
      jwtAudience: 'occi,other',
      authorizerIdentity: '$request.header.X-Auth-Token',
      alarmTopic: CHOSEN.topic,
      alarmLatency: '2500',
    },
  },
  /** An AWS account of one tenant, inside a VPC, with a table by its name. */
  single: {
    settings: ec2({ tenancy: 'single', volumeKey: 'alias/volumes' }, [{ gateway: { from: 'lambda', claim: 'user' } }]),
    parameters: {
      region: REGION,
      table: 'mappings',
      volumeKeys: CHOSEN.volumeKey,
      vpcSubnets: CHOSEN.subnets.join(','),
      vpcSecurityGroups: CHOSEN.groups.join(','),
      vpcEndpoints: CHOSEN.vpc,
      vpcRouteTables: CHOSEN.routeTable,
      logDestination: CHOSEN.forwarder,
      authorizer: 'lambda',
      authorizerFunction: CHOSEN.authorizer,
      authorizerIdentity: '$request.querystring.token,$request.header.Authorization,$request.querystring.tenant',
      authorizerTtl: '60',
    },
  },
  /** A private OpenNebula in a VPC, under a domain, with a table by its ARN. */
  private: {
    settings: opennebula(cipher({ secret: CHOSEN.secret, field: 'password' }), [
      { gateway: { from: 'iam', claim: 'userId' } },
    ]),
    args: ['--region', REGION],
    parameters: {
      table: CHOSEN.tableArn,
      secretKeys: CHOSEN.secretKey,
      vpcSubnets: CHOSEN.subnets.join(','),
      vpcSecurityGroups: CHOSEN.groups.join(','),
      domain: 'occi.example.org',
      certificate: CHOSEN.certificate,
      authorizer: 'iam',
      tracing: 'true',
      logDestination: CHOSEN.kinesis,
    },
  },
  /** A private OpenStack in a VPC: callers bring their own credentials, and the stack has none. */
  openstack: {
    settings: {
      adapter: {
        name: 'openstack',
        site: 'test',
        settings: {
          endpoint: CHOSEN.keystone,
          interface: 'internal',
          federation: { identityProvider: 'egi' },
        },
      },
      auth: ['basic', 'cloud-token'],
    },
    parameters: {
      vpcSubnets: CHOSEN.subnets.join(','),
      vpcSecurityGroups: CHOSEN.groups.join(','),
      vpcEndpoints: CHOSEN.vpc,
      vpcRouteTables: CHOSEN.routeTable,
    },
  },
} as const satisfies Record<string, Choices>;

export type Variant = keyof typeof VARIANTS;
