import { once } from 'node:events';
import { createServer, type RequestListener, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isFailure, type OcciError } from '../../../lib/errors.ts';
import { type DynamoDbTableOptions, dynamoDbTable } from '../../../lib/table/dynamodb.ts';
import { dynamoDbError } from '../../../lib/table/dynamodb-errors.ts';
import { tableContract } from '../../contract/table.ts';
import { TABLE_NAME as NAME, startDynalite } from '../mapping/dynalite-table.ts';

const listen = async (server: Server) => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stop = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return { endpoint: `http://127.0.0.1:${port}`, stop };
};

tableContract({
  name: 'DynamoDB (dynalite)',
  start: async () => {
    const { endpoint, stop } = await startDynalite();
    return { table: dynamoDbTable({ name: NAME, endpoint }), stop };
  },
});

describe('DynamoDB: a put whose answer was lost', () => {
  let store: { endpoint: string; stop: () => Promise<void> };
  let lossy: typeof store;
  let lost = 0;

  /** Passes every call on to the store, and drops the answer of each put once the store has done it. */
  const losesPuts: RequestListener = (incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const onward = request(new URL(url ?? '/', store.endpoint), { method, headers }, (answer) => {
      if (headers['x-amz-target']?.toString().endsWith('PutItem') && lost++ === 0) {
        answer.resume().on('end', () => incoming.socket.destroy());
      } else {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      }
    });
    incoming.pipe(onward);
  };

  beforeAll(async () => {
    store = await startDynalite();
    lossy = await listen(createServer(losesPuts));
  });
  afterAll(async () => {
    await lossy.stop();
    await store.stop();
  });

  test('has won when its own row is there at the second attempt', async () => {
    lost = 0;
    const table = dynamoDbTable({ name: NAME, endpoint: lossy.endpoint });
    expect(await table.put({ pk: 'p', sk: 'absent', by: 'me' }, 'absent')).toBe(true);
    expect(lost).toBe(2);
    expect(await table.get({ pk: 'p', sk: 'absent' })).toEqual({ pk: 'p', sk: 'absent', by: 'me' });

    lost = 0;
    await table.put({ pk: 'p', sk: 'version', version: 1 });
    lost = 0;
    expect(await table.put({ pk: 'p', sk: 'version', version: 2 }, { version: 1 })).toBe(true);
    expect(lost).toBe(2);
    expect((await table.query('p', '')).items).toEqual([
      { pk: 'p', sk: 'absent', by: 'me' },
      { pk: 'p', sk: 'version', version: 2 },
    ]);
  });

  test('has lost when a competitor was first', async () => {
    const table = dynamoDbTable({ name: NAME, endpoint: lossy.endpoint });
    await dynamoDbTable({ name: NAME, endpoint: store.endpoint }).put({ pk: 'q', sk: 'a', by: 'other' }, 'absent');
    lost = 0;
    expect(await table.put({ pk: 'q', sk: 'a', by: 'me' }, 'absent')).toBe(false);
    expect(lost).toBe(2);
  });
});

describe('DynamoDB: failures', () => {
  const failureOf = async (options: Omit<DynamoDbTableOptions, 'name'>, name = NAME): Promise<OcciError> => {
    const failure = await dynamoDbTable({ name, ...options })
      .get({ pk: 'p', sk: 'a' })
      .then(
        () => 'no failure',
        (error: unknown) => error,
      );
    return failure as OcciError;
  };

  const answering = async (listener: RequestListener, options: Omit<DynamoDbTableOptions, 'name'> = {}) => {
    const { endpoint, stop } = await listen(createServer(listener));
    const failure = await failureOf({ endpoint, ...options });
    await stop();
    return failure;
  };

  const expectUnavailable = (failure: OcciError) => {
    expect(isFailure(failure, 'unavailable')).toBe(true);
    expect(failure.headers).toEqual({ 'Retry-After': '1' });
    expect(failure.cause).toBeInstanceOf(Error);
  };

  test('an endpoint that refuses connections is unavailable, and soon', async () => {
    const { endpoint, stop } = await listen(createServer());
    await stop();
    const begun = performance.now();
    expectUnavailable(await failureOf({ endpoint }));
    expect(performance.now() - begun).toBeLessThan(2000);
  });

  test('an endpoint that never answers is unavailable after the attempts it is given', async () => {
    let attempts = 0;
    const failure = await answering(() => attempts++, { attemptTimeout: 400 });
    expectUnavailable(failure);
    expect(attempts).toBe(3);
  });

  test('a 503 in HTML, as a proxy sends it, is unavailable', async () => {
    expectUnavailable(
      await answering((_, answer) => answer.writeHead(503, { 'content-type': 'text/html' }).end('<html>Busy</html>')),
    );
  });

  test('a table that is not there is internal', async () => {
    const { endpoint, stop } = await startDynalite();
    const failure = await failureOf({ endpoint }, 'other');
    await stop();
    expect(isFailure(failure, 'internal')).toBe(true);
    expect((failure.cause as Error).name).toBe('ResourceNotFoundException');
  });

  test('keys left unread again and again are unavailable', async () => {
    const { endpoint, stop } = await listen(
      createServer((incoming, answer) => {
        const unread = { [NAME]: { Keys: [{ pk: { S: 'p' }, sk: { S: 'a' } }] } };
        incoming.resume().on('end', () => answer.end(JSON.stringify({ Responses: {}, UnprocessedKeys: unread })));
      }),
    );
    const table = dynamoDbTable({ name: NAME, endpoint });
    expectUnavailable((await table.getAll([{ pk: 'p', sk: 'a' }]).catch((error: unknown) => error)) as OcciError);
    await stop();
  });

  const sdkError = (name: string, message: string, httpStatusCode: number | undefined) =>
    Object.assign(new Error(message), { name, $metadata: { httpStatusCode, attempts: 1 } });

  test('a value that cannot be written as JSON is a fault of ours: internal', async () => {
    const put = dynamoDbTable({ name: NAME, endpoint: 'http://127.0.0.1:1' }).put({ pk: 'p', sk: 'a', n: Number.NaN });
    expect(isFailure(await put.catch((error: unknown) => error), 'internal')).toBe(true);
  });

  test.each([
    ['ThrottlingException', '', 400, 'unavailable'],
    ['ProvisionedThroughputExceededException', '', 400, 'unavailable'],
    ['RequestLimitExceeded', '', 400, 'unavailable'],
    ['InternalServerError', '', 500, 'unavailable'],
    ['NameFromTheFuture', '', 500, 'unavailable'],
    ['NameFromTheFuture', '', 413, 'tooLarge'],
    ['NameFromTheFuture', '', 400, 'internal'],
    ['CredentialsProviderError', '', undefined, 'internal'],
    ['Error', 'connect EHOSTUNREACH 10.0.0.1:443', undefined, 'unavailable'],
    ['AccessDeniedException', '', 400, 'internal'],
    ['ValidationException', 'Item size has exceeded the maximum allowed size', 400, 'tooLarge'],
    ['ValidationException', 'Nesting Levels have exceeded supported limits', 400, 'invalid'],
    ['ValidationException', 'One or more parameter values were invalid', 400, 'internal'],
  ] as const)('%s (%j, status %p) is %s', (name, message, status, failure) => {
    const cause = sdkError(name, message, status);
    const error = dynamoDbError(cause);
    expect(error.failure).toBe(failure);
    expect(error.cause).toBe(cause);
    expect(error.message).not.toContain(name);
  });
});
