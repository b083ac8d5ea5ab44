import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import type { CallName } from '../../../../adapters/ec2/api/call-types.ts';
import { connections, type Ec2, ec2 } from '../../../../adapters/ec2/api/client.ts';
import { Refusal } from '../../../../adapters/ec2/api/failures.ts';
import { REPEATS } from '../../../../adapters/ec2/api/repeats.ts';
import { COMMANDS } from '../../../../adapters/ec2/api/sdk.ts';
import { settings } from '../../../../adapters/ec2/config.ts';
import { instances, volume } from '../../../../adapters/ec2/native/index.ts';
import type { NativeCallReport } from '../../../../lib/adapter/contract.ts';
import { OcciError } from '../../../../lib/errors.ts';
import { type Answerer, answer, cut, type Ec2Server, ec2Server, refuse, say } from '../ec2-server.ts';

process.env.AWS_ACCESS_KEY_ID ??= 'test';
process.env.AWS_SECRET_ACCESS_KEY ??= 'test';

let server: Ec2Server | undefined;
const reports: NativeCallReport[] = [];
afterEach(async () => {
  await server?.stop();
  server = undefined;
  reports.length = 0;
});

const NONE = '<reservationSet/>';
const VOLUME =
  '<volumeId>vol-0123456789abcdef0</volumeId><size>1</size><status>creating</status><availabilityZone>us-east-1a</availabilityZone>';

/** EC2 over a server that answers so; each with a client of its own. */
async function asked(answerers: readonly Answerer[], change: Readonly<Record<string, unknown>> = {}, left = 20_000) {
  server = await ec2Server(...answerers);
  return at(server.endpoint, change, left);
}

const at = (endpoint: string, change: Readonly<Record<string, unknown>> = {}, left = 20_000): Ec2 =>
  ec2(connections(settings.parse({ region: 'us-east-1', endpoint, ...change })), {
    role: undefined,
    deadline: Date.now() + left,
    onCall: (report) => reports.push(report),
  });

const list = (of: Ec2) => of.call('DescribeInstances', {}, instances);
const make = (of: Ec2, token = 'a-token') =>
  of.call('CreateVolume', { AvailabilityZone: 'us-east-1a', Size: 1, ClientToken: token }, volume);

const failure = async (promise: Promise<unknown>): Promise<OcciError> => {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(OcciError);
  expect((error as OcciError).message).toMatch(/^[A-Z].*\.$/);
  return error as OcciError;
};

/** What a call that reads and a call that changes something come to. */
async function outcomes(answerers: readonly Answerer[], change: Readonly<Record<string, unknown>> = { attempts: 1 }) {
  const of = await asked(answerers, change);
  const both = [await failure(list(of)), await failure(make(of))];
  return both.map(({ failure: told, unknownOutcome, headers }) => [told, unknownOutcome, headers['Retry-After']]);
}

describe('A call', () => {
  test('is signed with the function’s own credentials, for the region, and logged by its name only', async () => {
    const of = await asked([answer(NONE)]);
    expect(await list(of)).toEqual({ items: [] });
    const [{ action, headers }] = server!.seen as [Ec2Server['seen'][number]];
    expect(action).toBe('DescribeInstances');
    expect(headers.authorization).toMatch(/Credential=[^/]+\/\d{8}\/us-east-1\/ec2\/aws4_request/);
    expect(reports).toEqual([{ call: 'DescribeInstances', milliseconds: expect.any(Number), outcome: 'ok' }]);
  });

  test('that is refused is reported by EC2’s code, with its message for the log', async () => {
    const of = await asked([refuse('InvalidInstanceID.NotFound', "The instance ID 'i-1' does not exist")]);
    const error = await list(of).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Refusal);
    expect(error).toMatchObject({ code: 'InvalidInstanceID.NotFound', call: 'DescribeInstances' });
    expect((error as Refusal).sentence).toContain('i-1');
    expect((error as Refusal).message).not.toContain('i-1');
    expect(server!.seen).toHaveLength(1);
    expect(reports.map(({ outcome, failed }) => [outcome, failed])).toEqual([
      ['InvalidInstanceID.NotFound', undefined],
    ]);
  });

  test('is not made when there is no time left', async () => {
    const of = await asked([answer(NONE)], {}, 200);
    expect((await failure(list(of))).failure).toBe('timedOut');
    expect(server!.seen).toEqual([]);
  });
});

describe('A lost answer', () => {
  test('of a create is asked for again with the same token, so that one is made', async () => {
    const of = await asked([cut, answer(VOLUME)]);
    expect((await make(of, 'one-token')).VolumeId).toBe('vol-0123456789abcdef0');
    expect(server!.seen.map(({ params }) => params.get('ClientToken'))).toEqual(['one-token', 'one-token']);
    expect(reports).toHaveLength(1);
  });

  test('for good leaves a change unknown, and a reading not', async () => {
    expect(await outcomes([cut])).toEqual([
      ['unavailable', false, '5'],
      ['unavailable', true, '5'],
    ]);
    expect(reports.map(({ outcome }) => outcome)).not.toContain('ok');
    expect(reports.map(({ failed }) => failed)).toEqual(['broken', 'broken']);
  });
});

describe('A call that must be carried out once', () => {
  const ONCE = Object.entries(REPEATS).flatMap(([name, repeat]) => (repeat === 'once' ? [name as CallName] : []));
  const inputs = {
    InstanceId: 'i-1',
    InstanceIds: ['i-1'],
    VolumeId: 'vol-1',
    Name: 'x',
    AttachmentId: 'eni-attach-1',
  };
  const send = (of: Ec2, name: CallName) => of.call(name, inputs as never, z.unknown());

  test.each(ONCE)('%s is sent once where its answer is lost, and may have been carried out', async (name) => {
    for (const lost of [cut, say(503, 'text/html', '<html></html>'), refuse('InternalError', 'x', 500)]) {
      const of = await asked([lost]);
      expect(await failure(send(of, name))).toMatchObject({ failure: 'unavailable', unknownOutcome: true });
      expect(server!.seen).toHaveLength(1);
      await server!.stop();
    }
    expect(reports.map(({ failed }) => failed)).toEqual(['broken', 'broken', 'broken']);
  });

  test.each(ONCE)('%s is sent again where EC2 puts it off', async (name) => {
    const of = await asked([refuse('RequestLimitExceeded', 'x', 503), answer('')]);
    await send(of, name);
    expect(server!.seen).toHaveLength(2);
  });

  test('is refused as any other', async () => {
    const of = await asked([refuse('AddressLimitExceeded', 'x')]);
    await expect(send(of, 'AllocateAddress')).rejects.toMatchObject({ code: 'AddressLimitExceeded' });
    expect(server!.seen).toHaveLength(1);
  });
});

test('What a call does again is said of every one: readings are those that describe, and tokens are sent where EC2 takes them', () => {
  expect(Object.keys(REPEATS).sort()).toEqual(Object.keys(COMMANDS).sort());
  for (const [name, repeat] of Object.entries(REPEATS)) {
    expect([name, repeat === 'read']).toEqual([name, name.startsWith('Describe')]);
    expect([name, repeat === 'token']).toEqual([
      name,
      /^(RunInstances|CreateVolume|CreateNetworkInterface)$/.test(name),
    ]);
  }
});

describe('A cloud that is not well', () => {
  test.each<[string, Answerer]>([
    [
      'shows the page of a balancer',
      say(503, 'text/html', '<html><body><h1>503 Service Unavailable</h1></body></html>'),
    ],
    ['shows a page that says nothing', say(502, 'text/plain', '')],
    ['answers XML that is cut off', say(200, 'text/xml', '<DescribeInstancesResponse><reservationSet><item>')],
    ['answers what is no XML', say(200, 'text/xml', 'OK')],
    [
      'answers something else',
      answer('<reservationSet><item><instancesSet><item/></instancesSet></item></reservationSet>'),
    ],
    ['has an error of its own', refuse('InternalError', 'An internal error has occurred', 500)],
    ['is not available', refuse('Unavailable', 'The server is overloaded', 503)],
  ])('%s: unavailable, and a change is unknown', async (_what, answerer) => {
    expect(await outcomes([answerer])).toEqual([
      ['unavailable', false, '5'],
      ['unavailable', true, '5'],
    ]);
  });

  test.each(['RequestLimitExceeded', 'Throttling', 'ThrottlingException', 'RequestThrottledException'])(
    'asks for patience (%s): unavailable with Retry-After, and nothing was done',
    async (code) => {
      expect(await outcomes([refuse(code, 'Request limit exceeded.', 503)])).toEqual([
        ['unavailable', false, '5'],
        ['unavailable', false, '5'],
      ]);
      expect(reports.map(({ outcome, failed }) => [outcome, failed])).toEqual([
        [code, 'throttled'],
        [code, 'throttled'],
      ]);
    },
  );

  test('asks for patience and then answers: the SDK has waited', async () => {
    const of = await asked([refuse('RequestLimitExceeded', 'Request limit exceeded.', 503), answer(NONE)]);
    expect(await list(of)).toEqual({ items: [] });
    expect(server!.seen).toHaveLength(2);
    expect(reports).toHaveLength(1);
  });

  test('does not wait beyond the deadline, however long it is to be patient', async () => {
    const of = await asked([refuse('RequestLimitExceeded', 'x', 503)], { attempts: 5 }, 1000);
    const started = Date.now();
    expect(['unavailable', 'timedOut']).toContain((await failure(list(of))).failure);
    expect(Date.now() - started).toBeLessThan(1500);
  });

  test('never answers: timedOut by the deadline of the request', async () => {
    const of = await asked([() => {}], {}, 700);
    const started = Date.now();
    const error = await failure(make(of));
    expect([error.failure, error.unknownOutcome]).toEqual(['timedOut', true]);
    expect(Date.now() - started).toBeLessThan(1500);
    expect(reports.map(({ outcome }) => outcome)).toEqual([expect.stringMatching(/^(AbortError|TimeoutError)$/)]);
  });

  test('answers late: timedOut by the time for one call, though there is more', async () => {
    const late: Answerer = (response, call) => void setTimeout(() => answer(NONE)(response, call), 3000).unref();
    const of = await asked([late], { timeout: 1, attempts: 1 });
    const started = Date.now();
    const error = await failure(list(of));
    expect([error.failure, error.unknownOutcome]).toEqual(['timedOut', false]);
    expect(Date.now() - started).toBeLessThan(2500);
  });

  test('is not there', async () => {
    const unused = createServer().listen(0, '127.0.0.1');
    await once(unused, 'listening');
    const { port } = unused.address() as { port: number };
    await new Promise((resolve) => unused.close(resolve));
    const of = at(`http://127.0.0.1:${port}`, { attempts: 1 });
    const errors = [await failure(list(of)), await failure(make(of))];
    expect(errors.map((one) => [one.failure, one.message, one.unknownOutcome])).toEqual([
      ['unavailable', 'The cloud cannot be reached.', false],
      ['unavailable', 'The cloud cannot be reached.', true],
    ]);
  });

  test('has no such name', async () => {
    const of = at('http://no-such-host.invalid', { attempts: 1 });
    expect((await failure(list(of))).failure).toBe('unavailable');
  });
});

describe('Credentials that EC2 does not take', () => {
  test.each(['AuthFailure', 'ExpiredToken', 'InvalidClientTokenId', 'SignatureDoesNotMatch', 'RequestExpired'])(
    '%s is forbidden to the endpoint, not to the client',
    async (code) => {
      const of = await asked([refuse(code, 'AWS was not able to validate the credentials AKIA', 401)], { attempts: 1 });
      const error = await failure(make(of));
      expect([error.failure, error.unknownOutcome]).toEqual(['forbidden', false]);
      expect(error.message).not.toMatch(/AKIA|AWS/);
    },
  );
});

test('What is reported is a name and an outcome, whatever is in the call', async () => {
  const secret = 'top-s3cret';
  const of = await asked(
    [answer(NONE), refuse('UnauthorizedOperation', `Encoded: ${secret}`, 403), cut, refuse('X.Y', secret)],
    {
      attempts: 1,
    },
  );
  const filters = [{ Name: 'tag:Name', Values: [secret] }];
  const calls: [CallName, object][] = [
    ['DescribeInstances', { Filters: filters }],
    ['RunInstances', { UserData: secret, MinCount: 1, MaxCount: 1 }],
    ['DescribeInstances', { Filters: filters }],
    ['DescribeInstances', { Filters: filters }],
  ];
  for (const [name, input] of calls) await of.call(name, input as never, z.unknown()).catch(() => {});
  expect(reports.map(({ call, outcome }) => `${call} ${outcome}`)).toEqual([
    'DescribeInstances ok',
    'RunInstances UnauthorizedOperation',
    expect.stringMatching(/^DescribeInstances \w+$/),
    'DescribeInstances X.Y',
  ]);
  expect(JSON.stringify(reports)).not.toContain(secret);
});
