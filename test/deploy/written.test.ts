/** Region and parameters in the settings file of a stage: one command line for every deployment of it. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { checkParameters } from '../../deploy/parameters/check.ts';
import { optionsOf } from '../../deploy/parameters/written.ts';
import { readDeployment } from '../../deploy/settings/deployment.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COPIED = ['adapters', 'deploy', 'functions', 'lib', 'local', 'build.mjs', 'package.json', 'serverless.yml'];
const SERVICE = 'adapter: { name: dummy, site: test }\nauth: [{ gateway: { from: iam, claim: role } }]\n';
const TAGS = { team: 'cloud', 'a=b': 'c,d', 'cost-centre': 4711 };
const DEPLOYMENT = {
  region: 'eu-north-1',
  name: 'occi-one',
  authorizer: 'iam',
  alarms: false,
  logRetention: 90,
  tags: TAGS,
};
const TIME_MS = 120_000;

let tree: string;

const write = (stage: string, deployment: unknown): void =>
  writeFileSync(join(tree, `occi.${stage}.yml`), `${SERVICE}deployment: ${JSON.stringify(deployment)}\n`);

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'occi-written-'));
  for (const name of COPIED) cpSync(join(ROOT, name), join(tree, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
});

afterAll(() => rmSync(tree, { recursive: true, force: true }));

const run = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['deploy/run.mjs', 'package', ...args], {
    cwd: tree,
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', HOME: tree, SLS_TELEMETRY_DISABLED: '1' },
  });
  return { status, text: stdout + stderr };
};

const made = (name: string) => JSON.parse(readFileSync(join(tree, '.serverless', name), 'utf8'));

describe('A settings file with a deployment', () => {
  test(
    'decides region, name and shape of the stack, and the functions do not get it',
    () => {
      write('prod', DEPLOYMENT);
      expect(run('package', '--stage', 'prod', '--param', 'logRetention=14')).toMatchObject({ status: 0 });
      const { region, stackName, logRetentionInDays } = made('serverless-state.json').service.provider;
      expect({ region, stackName, logRetentionInDays: Number(logRetentionInDays) }).toEqual({
        region: 'eu-north-1',
        stackName: 'occi-one-prod',
        logRetentionInDays: 14, // the command line stands above the file
      });
      const { Resources } = made('cloudformation-template-update-stack.json');
      expect(Resources.ComputeLambdaFunction.Properties.Tags).toEqual(
        expect.arrayContaining(Object.entries(TAGS).map(([Key, Value]) => ({ Key, Value: String(Value) }))),
      );
      expect(Object.values(Resources as Record<string, { Type: string }>).map(({ Type }) => Type)).not.toContain(
        'AWS::CloudWatch::Alarm',
      );
      const settings = JSON.parse(readFileSync(join(tree, 'dist/functions/settings.json'), 'utf8'));
      expect(Object.keys(settings).sort()).toEqual(['adapter', 'auth']);
    },
    TIME_MS,
  );

  test('has every kind of parameter, as serverless.yml has it', async () => {
    const parameters = {
      ...DEPLOYMENT,
      vpcSubnets: ['subnet-0123456789abcdef0', 'subnet-0fedcba9876543210'],
      vpcSecurityGroups: ['sg-0123456789abcdef0'],
      concurrency: { compute: 20 },
      throttling: { default: '50/100', 'ANY /compute/{proxy+}': '20/40' },
      alarmTopic: null,
    };
    write('all', parameters);
    const written = (await readDeployment('all', tree)).parameters;
    const asText = optionsOf(written, { param: [] }).map((option) => option.split(/=(.*)/s).slice(0, 2));
    const others = {
      ...{ logLevel: 'INFO', tracing: false, rolePath: '/', authorizerTtl: 300, dashboard: true },
      alarmLatency: 1000,
    };
    const { alarmTopic, ...present } = parameters;
    const authorizerIdentity = ['$request.header.Authorization'];
    expect(checkParameters({ ...others, authorizerIdentity, ...Object.fromEntries(asText) })).toEqual(
      checkParameters({ ...others, authorizerIdentity, ...present }),
    );
  });

  test.each([
    [{ regions: 'x' }, 'deployment.regions: is not a setting; did you mean region?'],
    [{ region: 'nowhere' }, 'deployment.region: is "nowhere", must be a region: eu-central-1'],
    [{ vpcSubnets: ['sg-1'] }, 'deployment.vpcSubnets.0: is "sg-1", must be ids of subnets: subnet-0123456789abcdef0'],
    ['eu-north-1', 'deployment: is "eu-north-1", must be a map'],
  ])('is refused if it is %j', async (deployment, line) => {
    write('wrong', deployment);
    await expect(readDeployment('wrong', tree)).rejects.toMatchObject({ lines: [line] });
  });
});

describe('deploy and remove', () => {
  test.each(['deploy', 'remove'])('%s needs a region of the stage', (command) => {
    write('nowhere', {});
    expect(run(command, '--stage', 'nowhere')).toEqual({
      status: 1,
      text: 'occi.nowhere.yml does not fit this command:\n  No region is chosen: add `deployment: { region: eu-central-1 }` to the file, with your region.\n',
    });
  });

  test.each([
    [['--region', 'us-east-1'], 'region is eu-north-1 in the file and us-east-1 on the command line'],
    [['--param', 'region=us-east-1'], 'region is eu-north-1 in the file and us-east-1 on the command line'],
    [['--param', 'name=other'], 'name is occi-one in the file and other on the command line'],
  ])('are refused for another stack than the file names: %j', (args, reason) => {
    write('prod', DEPLOYMENT);
    const text = `occi.prod.yml does not fit this command:\n  ${reason}: use another stage.\n`;
    expect(run('deploy', '--stage', 'prod', ...args)).toEqual({ status: 1, text });
    expect(run('remove', '--stage', 'prod', ...args)).toEqual({ status: 1, text });
  });
});

describe('config:check', () => {
  const check = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['deploy/run.mjs', 'config-check', ...args], {
      cwd: tree,
      encoding: 'utf8',
    });
    return { status, text: stdout + stderr };
  };

  test('takes the arguments of deploy, and refuses wrong parameters of both', () => {
    write('prod', DEPLOYMENT);
    const args = ['--stage', 'prod', '--deploy', '--verbose'];
    expect(check(...args, '--param', 'logRetention=14')).toEqual({ status: 0, text: 'occi.prod.yml is right.\n' });
    expect(check(...args, '--param', 'logRetention=2').text).toContain('logRetention: "2": must be one of the days');
    expect(check(...args, '--region', 'us-east-1').text).toContain('region is eu-north-1 in the file and us-east-1');
    write('alone', { region: 'eu-north-1', vpcSubnets: ['subnet-0123456789abcdef0'] });
    expect(check('--stage', 'alone')).toMatchObject({ status: 1, text: expect.stringContaining('vpcSecurityGroups') });
  });

  test('refuses plain http to a cloud outside of a VPC', () => {
    const one = 'adapter: { name: opennebula, site: t, settings: { endpoint: "http://one.example.org:2633/RPC2" } }';
    const file = (deployment: string) =>
      writeFileSync(join(tree, 'occi.plain.yml'), `${one}\nauth: [basic]\ndeployment: ${deployment}\n`);
    file('{ region: eu-north-1 }');
    expect(check('--stage', 'plain', '--deploy')).toEqual({
      status: 1,
      text: 'occi.plain.yml cannot be deployed:\n  adapter.settings.endpoint: plain http would send credentials over the internet: use https, or vpcSubnets.\n',
    });
    file('{ region: eu-north-1, vpcSubnets: [subnet-0123456789abcdef0], vpcSecurityGroups: [sg-0123456789abcdef0] }');
    expect(check('--stage', 'plain', '--deploy')).toEqual({ status: 0, text: 'occi.plain.yml is right.\n' });
  });
});
