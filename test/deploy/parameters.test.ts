/** Wrong parameters are told before anything is packaged: name, value, and what is allowed. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { callLimit, settings } from '../../adapters/opennebula/config.ts';
import { checkParameters } from '../../deploy/parameters/check.ts';
import { readParameters, toolsFor } from '../../deploy/parameters/chosen.ts';
import { keyStatements } from '../../deploy/permissions/secrets.ts';
import { authorization } from '../../deploy/resources/authorizer.ts';
import { reservedConcurrency } from '../../deploy/resources/concurrency.ts';
import { throttling } from '../../deploy/resources/throttling.ts';
import { checkFunctionNames, functionNames, readFunctions, routeLogicalId } from '../../deploy/stack/functions.ts';
import { commandOf } from '../../deploy/stack/template.ts';
import type { CallLimit } from '../../lib/adapter/module.ts';
import type { Json } from './packaging.ts';

const file = parse(readFileSync(new URL('../../serverless.yml', import.meta.url), 'utf8'));
const defaults = Object.fromEntries(Object.entries(file.params.default).filter(([, value]) => value !== null));
const check = (more: object) => () => checkParameters({ ...defaults, ...more });

const ARN = (service: string, resource: string) => `arn:aws:${service}:eu-central-1:123456789012:${resource}`;

test('the defaults of serverless.yml are right', () => {
  expect(check({})).not.toThrow();
});

test('lists, maps, numbers and switches may come as text', () => {
  const text = {
    tags: 'team=cloud,url=a=b',
    jwtAudience: 'one, two',
    alarms: 'false',
    logRetention: '7',
    concurrency: 'compute=4',
    throttling: 'default=1/2',
  };
  expect(check(text)()).toMatchObject({
    tags: { team: 'cloud', url: 'a=b' },
    jwtAudience: ['one', 'two'],
    alarms: false,
    logRetention: 7,
    concurrency: { compute: 4 },
    throttling: { default: { rate: 1, burst: 2 } },
  });
});

describe('a parameter that is wrong', () => {
  test.each([
    [{ name: 'Occi' }, 'name: "Occi": must be lower case letters, digits and -'],
    [{ region: 'frankfurt' }, 'region: "frankfurt": must be a region: eu-central-1'],
    [{ logRetention: 'ever' }, 'logRetention: "ever": '],
    [{ tracing: 'yes' }, 'tracing: "yes": must be true or false'],
    [{ concurrency: 'much' }, 'concurrency: "much": must be auto, none, or a number by function'],
    [{ throttling: 'default=50' }, 'throttling.default: '],
    [{ throttling: '50/100' }, 'throttling: "50/100": '],
    [{ table: 'arn:aws:s3:::bucket' }, 'table: "arn:aws:s3:::bucket": must be a name, or the ARN of a table'],
    [{ vpcSubnets: 'subnet-1' }, 'vpcSubnets.0: '],
    [{ permissionsBoundary: 'boundary' }, 'permissionsBoundary: "boundary": must be an ARN: arn:aws:iam::'],
    [{ rolePath: 'occi' }, 'rolePath: "occi": must be a path: /occi/'],
    [{ kmsKey: 'alias/occi' }, 'kmsKey: "alias/occi": must be an ARN: arn:aws:kms'],
    [{ domain: 'https://occi.example.org' }, 'domain: "https://occi.example.org": must be the name of a host'],
    [{ authorizer: 'oidc' }, 'authorizer: "oidc": '],
    [{ authorizerIdentity: 'X-Auth-Token' }, 'authorizerIdentity.0: '],
    [{ logDestination: 'arn:aws:s3:::bucket' }, 'logDestination: "arn:aws:s3:::bucket": must be the ARN of a Kinesis'],
    [{ tags: { 'aws:x': 'y' } }, 'tags.aws:x: '],
    [{ alarmLatency: '40000' }, 'alarmLatency: "40000": '],
    [{ kmsKey: ARN('kms', 'alias/occi') }, `kmsKey: "${ARN('kms', 'alias/occi')}": must be an ARN: arn:aws:kms:`],
    [{ secretKeys: [ARN('kms', 'alias/occi')] }, 'secretKeys.0: '],
    [{ volumeKeys: [ARN('kms', 'alias/occi')] }, 'volumeKeys.0: '],
    [{ vpcEndpoints: 'true' }, 'vpcEndpoints: "true": must be the id of a VPC: vpc-0123456789abcdef0'],
    [{ vpcRouteTables: 'main' }, 'vpcRouteTables.0: "main": must be ids of route tables: rtb-0123456789abcdef0'],
    [{ certificate: ARN('acm', 'x') }, 'must be an ARN: arn:aws:acm:'],
    [{ logDestination: ARN('logs', 'log-group:/aws/occi') }, 'must be the ARN of a Kinesis stream, a Firehose stream'],
    [
      { throttling: 'default=0/0' },
      'throttling.default: "default=0/0": must be requests per second and burst, each at',
    ],
    [{ throttling: 'default=1/2,GET /-=3/0' }, 'throttling.GET /-: '],
    [{ jwtIssuer: 'http://idp.example.org' }, 'jwtIssuer: "http://idp.example.org": must be a URL of https'],
    [{ alarmTopic: ARN('sqs', 'operators') }, 'must be an ARN: arn:aws:sns:'],
    [{ alarmTopic: ARN('sns', 'operators:01234567-89ab') }, 'must be an ARN: arn:aws:sns:'],
    [{ logRetention: '10' }, 'logRetention: "10": must be one of the days that there are: 1, 3, 5, 7, 14, 30, '],
    [{ tags: 'team' }, 'tags: "team": must be tags: team=cloud,cost-centre=4711'],
    [{ tags: 'team=cloud,edge' }, 'tags: "team=cloud,edge": must be tags: '],
    [{ tags: { team: { name: 'cloud' } } }, 'tags.team: {"name":"cloud"}: must be the value of a tag: text'],
    [{ authorizerFunction: ARN('lambda', 'layer:x') }, 'must be an ARN: arn:aws:lambda:'],
    [
      { truststore: 'https://bucket/ca.pem' },
      'must be the S3 URL of a file in PEM: s3://bucket/client-authorities.pem',
    ],
  ])('%j is told', (wrong, message) => {
    expect(check(wrong)).toThrow(message);
  });

  test.each([
    [{ vpcSubnets: ['subnet-0123456789abcdef0'] }, 'needs the parameter vpcSecurityGroups too'],
    [{ domain: 'occi.example.org' }, 'domain: "occi.example.org": needs the parameter certificate too'],
    [
      { authorizer: 'jwt', jwtIssuer: 'https://idp.example.org' },
      'authorizer: "jwt": needs the parameter jwtAudience too',
    ],
    [{ authorizer: 'lambda' }, 'needs the parameter authorizerFunction too'],
    [{ truststore: 's3://bucket/ca.pem' }, 'truststore: "s3://bucket/ca.pem": needs the parameter domain too'],
    [{ truststoreVersion: 'x' }, 'truststoreVersion: "x": needs the parameter truststore too'],
  ])('%j lacks another', (half, message) => {
    expect(check(half)).toThrow(message);
  });

  test.each([
    ['kmsKey', ARN('kms', 'key/01234567-89ab')],
    ['certificate', ARN('acm', 'certificate/01234567-89ab')],
    ['table', ARN('dynamodb', 'table/mappings')],
    ['alarmTopic', ARN('sns', 'operators')],
    ['logDestination', ARN('logs', 'destination:ours')],
  ])('%s must be of the region that is deployed to', (name, value) => {
    const here = { domain: 'occi.example.org', certificate: ARN('acm', 'certificate/x'), region: 'eu-central-1' };
    expect(check({ ...here, [name]: value })).not.toThrow();
    const elsewhere = value.replace('eu-central-1', 'us-east-1');
    expect(check({ ...here, [name]: elsewhere })).toThrow(
      `${name}: "${elsewhere}": must be of the region that is deployed to, eu-central-1`,
    );
  });

  test.each([
    [['$request.header.Authorization', '$request.header.Host']],
    [['$context.routeKey']],
    ['$stageVariables.token'],
  ])('a token is in one place: %j', (authorizerIdentity) => {
    const jwt = { authorizer: 'jwt', jwtIssuer: 'https://idp.example.org', jwtAudience: 'occi' };
    expect(check({ ...jwt, authorizerIdentity: '$request.querystring.token' })).not.toThrow();
    expect(check({ ...jwt, authorizerIdentity })).toThrow('with jwt must be one header or one parameter of the query');
  });

  test('is told together with the others', () => {
    expect(check({ name: 'X', region: 'x' })).toThrow(/name: "X".*\n.*region: "x"/s);
  });

  test('that nobody reads is told by its name', async () => {
    await expect(readParameters(async () => null, { param: ['vpcSubnet=x'] })).rejects.toThrow(
      'There is no parameter vpcSubnet',
    );
  });
});

test('those of the command line win over those of the file', async () => {
  const { resolveVariable, options } = toolsFor('prod', ['name=other', 'tags=team=cloud'], 'eu-central-1')!;
  const parameters = await readParameters(resolveVariable, options);
  expect(parameters.region).toBe('eu-central-1');
  expect(parameters).toMatchObject({ name: 'other', tags: { team: 'cloud' }, logRetention: 30, authorizer: 'none' });
  expect(await resolveVariable('sls:stage')).toBe('prod');
});

describe('what does not fit the stack', () => {
  const functions = [
    { name: 'compute', functionName: 'occi-test-compute', logicalId: 'Compute', routeKeys: ['ANY /compute'] },
    { name: 'links', functionName: 'occi-test-links', logicalId: 'Links', routeKeys: ['$default'] },
  ];
  const limitOf = (request?: number) =>
    callLimit(settings.parse({ endpoint: 'https://one.example.org/RPC2', ...(request && { inFlight: { request } }) }));
  const reserved = (concurrency: 'auto' | 'none' | Record<string, number>, limit?: CallLimit) =>
    reservedConcurrency({ parameters: { concurrency }, functions, callLimit: limit });

  test.each([
    [undefined, 3],
    [1, 7],
    [3, 2],
    [7, 1],
  ])('oned takes 14 calls: with %s at a time for a request, two functions serve %s requests each', (request, each) => {
    expect(reserved('auto', limitOf(request))).toEqual({ compute: each, links: each });
  });

  test('more calls for a request than the functions can share are refused', () => {
    expect(() => reserved('auto', limitOf(8))).toThrow('adapter.settings.inFlight.request 8: ');
    expect(reserved('none', limitOf(8))).toEqual({});
  });

  test('functions that are asked rarely serve one request, with one call at a time', () => {
    const rarely = { name: 'account', functionName: 'occi-test-account', logicalId: 'Account', routeKeys: [] };
    const all = {
      parameters: { concurrency: 'auto' },
      functions: [...functions, rarely],
      callLimit: limitOf(3),
    } as const;
    expect(reservedConcurrency(all)).toEqual({ compute: 2, links: 2, account: 1 });
  });

  test('a login and a page make one call, so they have their place beside six functions that make two', () => {
    const names = ['discovery', 'compute', 'storage', 'network', 'links', 'account', 'identity', 'paths'];
    const all = names.map((name) => ({ ...functions[0]!, name }));
    const parameters = { concurrency: 'auto' } as const;
    const each = Object.fromEntries(names.map((name) => [name, 1]));
    expect(reservedConcurrency({ parameters, functions: all, callLimit: limitOf() })).toEqual(each);
    expect(() => reservedConcurrency({ parameters, functions: all, callLimit: limitOf(3) })).toThrow('Set at most 2');
  });

  test('concurrency of a function that there is none of', () => {
    expect(() => reserved({ computer: 2 }, limitOf())).toThrow(
      'there is no function computer; there are compute, links',
    );
  });

  test('throttling of a route that there is none of', () => {
    const limits = { default: { rate: 1, burst: 1 }, 'GET /compute/': { rate: 1, burst: 1 } };
    expect(() => throttling({ parameters: { throttling: limits }, functions } as Json)).toThrow(
      'no route "GET /compute/"',
    );
  });

  test('an authorizer that the service does not expect', () => {
    const expected = { auth: [{ gateway: { from: 'jwt' } }] };
    const guarded = (authorizer: string) => () =>
      authorization({
        parameters: { authorizer, authorizerIdentity: [] },
        settings: expected,
        functions,
        prefix: 'occi-test',
      } as Json);
    expect(guarded('none')).toThrow("authorizer: none: auth of the service's settings has gateway from jwt");
    expect(guarded('iam')).toThrow('the two must agree');
    expect(guarded('jwt')).not.toThrow();
  });

  test.each(['iam', 'jwt', 'lambda'])('the authorizer %s that the service does not look at', (authorizer) => {
    const parameters = { authorizer, authorizerIdentity: ['$request.header.Authorization'], authorizerFunction: 'a:b' };
    const guarded = (auth: unknown) => () =>
      authorization({ parameters, settings: { auth }, functions, prefix: 'occi-test' } as Json);
    expect(guarded(['basic'])).toThrow(
      `authorizer: ${authorizer}: auth of the service's settings has no gateway; the two must agree`,
    );
    expect(guarded([{ gateway: { from: authorizer } }])).not.toThrow();
  });

  test('names of functions that are longer than Lambda takes', () => {
    const named = (name: string, stage: string) => () =>
      checkFunctionNames(
        functions.map((one) => ({ ...one, ...functionNames(one.name, `${name}-${stage}`) })),
        name,
        stage,
      );
    const [name, stage] = ['n'.repeat(30), 's'.repeat(64 - 30 - '--compute'.length)];
    expect(named(name, stage)).not.toThrow();
    expect(named(name, `${stage}s`)).toThrow(
      `name: ${name} and the stage ${stage}s have 30 and 26 characters; together they must have at most 55`,
    );
    const all = readFunctions().map((one: { name: string }) => functionNames(one.name, 'x'));
    expect(() => checkFunctionNames(all, 'n', 's')).not.toThrow();
    expect(Math.max(...all.map(({ functionName }: { functionName: string }) => functionName.length))).toBe(
      'x-discovery'.length,
    );
  });

  test('keys of secrets that there are none of', () => {
    const secretKeys = [ARN('kms', 'key/01234567-89ab')];
    const secrets = { parameters: [], secrets: [] };
    expect(() => keyStatements({ parameters: { secretKeys }, secrets })).toThrow(
      "the service's settings name no secret",
    );
  });

  test.each([
    [['deploy'], true],
    [['--stage', 'prod', 'deploy'], true],
    [['package', '--stage', 'deploy'], false],
  ])('the command %j deploys: %s', (args, deploys) => {
    expect(commandOf(args) === 'deploy').toBe(deploys);
  });
});

describe('Where everybody may read the query interface', () => {
  const openRoutes = (settings: object): readonly string[] => {
    const deployed = readFunctions().map((one) => ({ ...one, ...functionNames(one.name, 'occi-test') }));
    const { extensions = {} } = authorization({
      parameters: { authorizer: 'iam', authorizerIdentity: [] },
      settings: { auth: [{ gateway: { from: 'iam' } }], ...settings },
      functions: deployed,
      prefix: 'occi-test',
    } as Json);
    const keys = deployed.flatMap(({ routeKeys }) => routeKeys);
    return keys.filter((key) => extensions[routeLogicalId(key)] === undefined);
  };
  const HEALTH_ROUTES = ['GET /.well-known/health', 'HEAD /.well-known/health'];

  test('no authorizer stands before reads of its short path', () => {
    const short = ['GET /-', 'HEAD /-', 'GET /-/{proxy+}', 'HEAD /-/{proxy+}'];
    expect([...openRoutes({ discovery: 'everybody' })].sort()).toEqual([...short, ...HEALTH_ROUTES].sort());
  });

  test('and where callers only may, one stands before every route but that of the health', () => {
    for (const settings of [{}, { discovery: 'callers' }]) expect(openRoutes(settings)).toEqual(HEALTH_ROUTES);
  });
});
