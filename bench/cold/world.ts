/**
 * What a function asks, in a process of its own: a table in dynalite, and the clouds. Prints one line of JSON: the
 * environment of a function in front of each.
 */
import { CIRROS } from '../../test/adapters/openstack/alice.ts';
import { startEc2Proxy } from '../../test/ec2-proxy/index.ts';
import { startDynalite, TABLE_NAME } from '../../test/lib/mapping/dynalite-table.ts';
import { startOpenNebula } from '../../test/oned/index.ts';
import { startOpenStack } from '../../test/openstack/index.ts';
import { CREDENTIALS, prepare, REGION } from '../../test/peers/ec2-site.ts';

/** A cloud as functions in front of it are started. */
export interface World {
  readonly cloud: string;
  readonly env: Readonly<Record<string, string>>;
  /** Of each request; a caller without credentials of the cloud is proved by an authorizer. */
  readonly headers: Readonly<Record<string, string>>;
}

const [{ endpoint: table }, ec2, one, stack] = await Promise.all([
  startDynalite(),
  startEc2Proxy({ upstream: process.env.MOTO_ENDPOINT! }),
  startOpenNebula(),
  startOpenStack(),
]);
const {
  settings: { endpoint: _, ...account },
} = await prepare(ec2);

/** What Lambda sets, and addresses where a deployment has AWS. No endpoint in the settings: a deployment has none. */
const ENVIRONMENT = {
  PATH: process.env.PATH ?? '',
  AWS_REGION: REGION,
  AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_LAMBDA_FUNCTION_NAME: 'occi-bench',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
  AWS_ENDPOINT_URL_DYNAMODB: table,
  AWS_ENDPOINT_URL_EC2: ec2.endpoint,
  OCCI_TABLE: TABLE_NAME,
};

const world = (name: string, settings: object, auth: unknown, user?: string): World => ({
  cloud: name,
  env: { ...ENVIRONMENT, OCCI_CONFIG: JSON.stringify({ adapter: { name, site: 'bench', settings }, auth: [auth] }) },
  headers: user === undefined ? {} : { authorization: `Basic ${Buffer.from(user).toString('base64')}` },
});

const worlds: readonly World[] = [
  world('ec2', account, { gateway: { from: 'jwt', everybody: true } }),
  world('opennebula', { endpoint: one.endpoint, defaultOsTemplate: 0 }, 'basic', 'alice:password'),
  world('openstack', { endpoint: stack.endpoint, defaultOsTemplate: CIRROS }, 'basic', 'alice:alice-secret'),
];
console.log(JSON.stringify(worlds));

process.once('SIGTERM', async () => {
  await ec2.stop();
  process.exit();
});
