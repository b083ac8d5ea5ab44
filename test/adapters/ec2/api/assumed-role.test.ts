import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { accountsOf } from '../../../../adapters/ec2/api/accounts.ts';
import { connections, ec2 } from '../../../../adapters/ec2/api/client.ts';
import { settings } from '../../../../adapters/ec2/config.ts';
import { instances } from '../../../../adapters/ec2/native/index.ts';
import { fails } from '../../../contract/adapter.ts';
import { answer, type Ec2Server, ec2Server } from '../ec2-server.ts';
import { refusedWith } from '../mocked.ts';

const roleIn = (account: string, more: Readonly<Record<string, string>> = {}) => ({
  arn: `arn:aws:iam::${account}:role/occi`,
  ...more,
});
const ROLES = {
  anne: roleIn('111111111111', { externalId: 'of-anne', sessionName: 'lab' }),
  bob: roleIn('222222222222'),
  carl: roleIn('333333333333', { externalId: 'one', tenant: 'physics' }),
  dora: roleIn('333333333333', { externalId: 'two', tenant: 'physics' }),
};
const HOUR = 3_600_000;

let server: Ec2Server;
let sts: ReturnType<typeof mockClient>;
let now = Date.now();

beforeEach(async () => {
  server = await ec2Server(answer('<reservationSet/>'));
  sts = mockClient(STSClient);
  sts.on(AssumeRoleCommand).callsFake(({ RoleArn, ExternalId = 'none' }) => ({
    Credentials: {
      AccessKeyId: `AKIA${String(RoleArn).split(':')[4]}${ExternalId}`,
      SecretAccessKey: 'secret',
      SessionToken: `session of ${RoleArn}`,
      Expiration: new Date(now + HOUR),
    },
  }));
});
afterEach(async () => {
  jest.restoreAllMocks();
  sts.restore();
  now = Date.now();
  await server.stop();
});

/** A process: its requests share what it keeps. */
function processOf(change: Readonly<Record<string, unknown>> = {}) {
  const configured = settings.parse({ region: 'eu-west-1', endpoint: server.endpoint, roles: ROLES, ...change });
  const connected = connections(configured);
  const accountOf = accountsOf(configured);
  return (name: string, left = 20_000) => {
    const { role } = accountOf({ name });
    return ec2(connected, { role, deadline: Date.now() + left, onCall: undefined }).call(
      'DescribeInstances',
      {},
      instances,
    );
  };
}

const keys = () => server.seen.map(({ headers }) => /Credential=([^/]+)/.exec(headers.authorization ?? '')?.[1]);
const assumed = () => sts.commandCalls(AssumeRoleCommand).map(({ args: [{ input }] }) => input);

/** The clock of this process, and that of STS. */
function laterBy(milliseconds: number): void {
  now += milliseconds;
  jest.spyOn(Date, 'now').mockImplementation(() => now);
}

describe('A caller with a role', () => {
  test('works with its credentials, got with the external id and the name of the session', async () => {
    await processOf()('anne');
    expect(assumed()).toEqual([
      {
        RoleArn: ROLES.anne.arn,
        RoleSessionName: 'lab',
        ExternalId: 'of-anne',
        DurationSeconds: 3600,
      },
    ]);
    expect(keys()).toEqual(['AKIA111111111111of-anne']);
    expect(server.seen[0]!.headers['x-amz-security-token']).toBe(`session of ${ROLES.anne.arn}`);
  });

  test('without an external id sends none, and has a session by the caller’s name', async () => {
    await processOf()('bob');
    expect(assumed()).toEqual([{ RoleArn: ROLES.bob.arn, RoleSessionName: 'occi-bob', DurationSeconds: 3600 }]);
  });

  test('never works with another’s credentials, whatever runs at the same time', async () => {
    const call = processOf();
    const names = ['anne', 'bob', 'anne', 'carl', 'dora', 'bob', 'carl'];
    for (const name of names) await call(name);
    expect(keys()).toEqual([
      'AKIA111111111111of-anne',
      'AKIA222222222222none',
      'AKIA111111111111of-anne',
      'AKIA333333333333one',
      'AKIA333333333333two',
      'AKIA222222222222none',
      'AKIA333333333333one',
    ]);
    await Promise.all([...names, ...names].map((name) => call(name)));
    expect(assumed()).toHaveLength(4);
    const counted = (key: string) =>
      keys()
        .slice(names.length)
        .filter((one) => one === key).length;
    expect(counted('AKIA111111111111of-anne')).toBe(4);
    expect(counted('AKIA333333333333one')).toBe(4);
    expect(counted('AKIA333333333333two')).toBe(2);
  });

  test('has them until shortly before they expire, and new ones from then on', async () => {
    const call = processOf();
    await Promise.all([call('anne'), call('anne'), call('anne')]);
    expect(assumed()).toHaveLength(1);
    laterBy(HOUR - 6 * 60_000);
    await call('anne');
    expect(assumed()).toHaveLength(1);
    laterBy(2 * 60_000);
    await call('anne');
    expect(assumed()).toHaveLength(2);
    await call('anne');
    expect(assumed()).toHaveLength(2);
  });

  test('shares nothing with the function’s own role', async () => {
    process.env.AWS_ACCESS_KEY_ID = 'own';
    process.env.AWS_SECRET_ACCESS_KEY = 'own';
    const call = processOf();
    await call('anne');
    await call('somebody');
    expect(keys()).toEqual(['AKIA111111111111of-anne', 'own']);
    expect(server.seen[1]!.headers['x-amz-security-token']).toBeUndefined();
    expect(assumed()).toHaveLength(1);
  });
});

describe('A role that STS does not give', () => {
  test.each(['AccessDenied', 'AccessDeniedException', 'ExpiredTokenException'])(
    'because of %s is forbidden, without a word of the role',
    async (code) => {
      sts.reset();
      const said = `User: arn:aws:sts::999999999999:assumed-role/f is not authorized to perform: sts:AssumeRole on ${ROLES.anne.arn}`;
      sts.on(AssumeRoleCommand).rejects(refusedWith(code, said, 403));
      const message = await fails(processOf()('anne'), 'forbidden');
      expect(message).not.toMatch(/arn|\d{12}|sts/i);
      expect(server.seen).toEqual([]);
    },
  );

  test('is asked for again by the next call', async () => {
    sts.reset();
    const given = { AccessKeyId: 'later', SecretAccessKey: 's', SessionToken: 't', Expiration: new Date(now + HOUR) };
    sts
      .on(AssumeRoleCommand)
      .rejectsOnce(refusedWith('AccessDenied', 'no', 403))
      .resolves({ Credentials: given });
    const call = processOf();
    await fails(call('anne'), 'forbidden');
    await call('anne');
    expect(keys()).toEqual(['later']);
  });

  test('because it throttles is unavailable', async () => {
    sts.reset();
    sts.on(AssumeRoleCommand).rejects(refusedWith('Throttling', 'Rate exceeded', 400));
    await fails(processOf({ attempts: 1 })('anne'), 'unavailable');
  });

  test('because it answers nonsense is unavailable', async () => {
    sts.reset();
    sts.on(AssumeRoleCommand).resolves({});
    await fails(processOf()('anne'), 'unavailable');
  });

  test('because it cannot be reached, or never answers, does not hold the request beyond its deadline', async () => {
    sts.restore();
    await fails(processOf({ stsEndpoint: 'http://127.0.0.1:1', attempts: 1 })('anne'), 'unavailable');
    const silent = await ec2Server(() => {});
    try {
      const started = Date.now();
      await fails(processOf({ stsEndpoint: silent.endpoint, attempts: 1 })('anne', 1000), 'timedOut');
      expect(Date.now() - started).toBeLessThan(2000);
    } finally {
      await silent.stop();
    }
  });
});
