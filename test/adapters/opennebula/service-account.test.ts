/** A caller authenticated by the gateway acts through the service account, whose password is in Parameter Store. */
import { readFileSync } from 'node:fs';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { makeService } from '../../../functions/services.ts';
import { readSettings } from '../../../lib/config/index.ts';
import { logger } from '../../../lib/log.ts';
import { occiHandler } from '../../../lib/request/handler.ts';
import { memoryTable } from '../../../lib/table/memory.ts';
import { type OpenNebula, startOpenNebula } from '../../oned/index.ts';

process.env.AWS_REGION ??= 'eu-central-1';

interface Result {
  readonly statusCode: number;
  readonly body: string;
}

const EVENT = JSON.parse(readFileSync(new URL('../../fixtures/events/lambda.json', import.meta.url), 'utf8'));
const NAME = '/occi/one-cipher';

const ssm = mockClient(SSMClient);
let one: OpenNebula;
let serveradmin: { password: string };
let send: (authorizer?: object) => Promise<Result>;
beforeAll(async () => {
  one = await startOpenNebula({ step: 1 });
  serveradmin = one.site.users.ascending().find(({ name }) => name === 'serveradmin')!;
});
beforeEach(async () => {
  ssm.reset();
  const settings = { endpoint: one.endpoint, serverCipher: { user: 'serveradmin', password: { parameter: NAME } } };
  const text = JSON.stringify({
    adapter: { name: 'opennebula', site: 'test', settings },
    auth: [{ gateway: { from: 'lambda', claim: 'user' } }],
    table: { kind: 'memory' },
  });
  const service = await makeService(readSettings(text), memoryTable());
  const handler = occiHandler(async () => service) as unknown as (event: object, context: object) => Promise<Result>;
  send = (authorizer = EVENT.requestContext.authorizer) =>
    handler(
      { ...EVENT, requestContext: { ...EVENT.requestContext, authorizer } },
      { getRemainingTimeInMillis: () => 10_000 },
    );
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(() => one.close());

const keep = (Value: string) => ssm.on(GetParameterCommand, { Name: NAME }).resolves({ Parameter: { Value } });

test('with the password as it is kept, also after it was changed', async () => {
  const { password } = serveradmin;
  keep(password);
  expect((await send()).statusCode).toBe(200);
  expect((await send()).statusCode).toBe(200);
  expect(ssm.calls()).toHaveLength(1);

  serveradmin.password = 'rotated';
  keep('rotated');
  const later = Date.now() + 300_000;
  jest.spyOn(Date, 'now').mockImplementation(() => later);
  expect((await send()).statusCode).toBe(200);
  expect(ssm.calls()).toHaveLength(2);
  serveradmin.password = password;
});

test('and is rejected if no authorizer has authenticated the caller', async () => {
  keep(serveradmin.password);
  expect((await send({})).statusCode).toBe(401);
  expect(ssm.calls()).toHaveLength(0);
});

test('and gets 503 when the password cannot be read; the log names its parameter', async () => {
  ssm.on(GetParameterCommand).rejects(Object.assign(new Error('denied'), { name: 'AccessDeniedException' }));
  const warn = jest.spyOn(logger, 'warn').mockImplementation(() => {});
  const { statusCode, body } = await send();
  expect(statusCode).toBe(503);
  expect(body).not.toMatch(/occi\/one-cipher|denied/);
  expect(warn.mock.calls).toEqual([
    [
      'failure',
      expect.objectContaining({
        error: expect.objectContaining({
          message: 'parameter /occi/one-cipher cannot be read: AccessDeniedException: denied',
        }),
      }),
    ],
  ]);
});
