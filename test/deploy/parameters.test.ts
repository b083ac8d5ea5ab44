/** Wrong parameters are told before anything is packaged: name, value, and what is allowed. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
// @ts-expect-error: plain JavaScript
import { authorization } from '../../deploy/authorizer.mjs';
// @ts-expect-error: plain JavaScript
import { readParameters, toolsFor } from '../../deploy/chosen-parameters.mjs';
// @ts-expect-error: plain JavaScript
import { reservedConcurrency } from '../../deploy/concurrency.mjs';
// @ts-expect-error: plain JavaScript
import { checkParameters } from '../../deploy/parameters.mjs';
// @ts-expect-error: plain JavaScript
import { throttling } from '../../deploy/throttling.mjs';

const file = parse(readFileSync(new URL('../../serverless.yml', import.meta.url), 'utf8'));
const defaults = Object.fromEntries(Object.entries(file.params.default).filter(([, value]) => value !== null));
const check = (more: object) => () => checkParameters({ ...defaults, ...more });

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
  ])('%j lacks another', (half, message) => {
    expect(check(half)).toThrow(message);
  });

  test('is told together with the others', () => {
    expect(check({ name: 'X', region: 'x' })).toThrow(/name: "X".*\n.*region: "x"/s);
  });

  test('that nobody reads is told by its name', async () => {
    await expect(readParameters(async () => null, ['vpcSubnet=x'])).rejects.toThrow('There is no parameter vpcSubnet');
  });
});

test('those of the command line win over those of the file', async () => {
  const { resolveVariable, options } = toolsFor('prod', ['name=other', 'tags=team=cloud']);
  const parameters = await readParameters(resolveVariable, options.param);
  expect(parameters).toMatchObject({ name: 'other', tags: { team: 'cloud' }, logRetention: 30, authorizer: 'none' });
  expect(await resolveVariable('sls:stage')).toBe('prod');
});

describe('what does not fit the stack', () => {
  const functions = [
    { name: 'compute', logicalId: 'Compute', routeKeys: ['ANY /compute'] },
    { name: 'links', logicalId: 'Links', routeKeys: ['$default'] },
  ];
  const one = (request?: number) => ({
    adapter: { name: 'opennebula', settings: { ...(request && { inFlight: { request } }) } },
  });
  const reserved = (concurrency: unknown, settings: object) =>
    reservedConcurrency({ parameters: { concurrency }, settings, functions });

  test.each([
    [undefined, 3],
    [1, 6],
    [3, 2],
    [6, 1],
  ])('oned takes 12 calls: with %s at a time for a request, two functions serve %s requests each', (request, each) => {
    expect(reserved('auto', one(request))).toEqual({ compute: each, links: each });
  });

  test('more calls for a request than the functions can share are refused', () => {
    expect(() => reserved('auto', one(7))).toThrow('adapter.settings.inFlight.request 7: ');
    expect(reserved('none', one(7))).toEqual({});
  });

  test('concurrency of a function that there is none of', () => {
    expect(() => reserved({ computer: 2 }, one())).toThrow('there is no function computer; there are compute, links');
  });

  test('throttling of a route that there is none of', () => {
    const limits = { default: { rate: 1, burst: 1 }, 'GET /compute/': { rate: 1, burst: 1 } };
    expect(() => throttling({ parameters: { throttling: limits }, functions })).toThrow('no route "GET /compute/"');
  });

  test('an authorizer that the service does not expect', () => {
    const settings = { auth: [{ gateway: { from: 'jwt' } }] };
    const guarded = (authorizer: string) => () =>
      authorization({ parameters: { authorizer }, settings, functions, prefix: 'occi-test' });
    expect(guarded('none')).toThrow("authorizer: none: auth of the service's settings has gateway from jwt");
    expect(guarded('iam')).toThrow('the two must agree');
  });
});
