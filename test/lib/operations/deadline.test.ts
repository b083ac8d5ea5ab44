import { expect, test } from '@jest/globals';
import { makeService } from '../../../functions/services.ts';
import { readSettings } from '../../../lib/config/index.ts';
import { occiHandler } from '../../../lib/request/handler.ts';
import { disturbedTable } from '../mapping/disturbed-table.ts';
import { INFRASTRUCTURE } from './payloads.ts';

const SETTINGS = {
  adapter: { name: 'dummy', site: 'test' },
  table: { kind: 'memory' },
  auth: ['anonymous'],
  local: true,
};

interface Result {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

test('more entities than can be made in the time of the request are refused in time, and none is left (ADR-8)', async () => {
  const { table, before } = disturbedTable();
  const handler = occiHandler(() => makeService(readSettings(JSON.stringify(SETTINGS)), table)) as unknown as (
    event: unknown,
    context: unknown,
  ) => Promise<Result>;
  const ends = Date.now() + 4000;
  const send = (method: string, body?: string) =>
    handler(
      {
        rawPath: '/compute/',
        rawQueryString: '',
        headers: { 'content-type': 'application/occi+json', accept: 'application/occi+json' },
        requestContext: { requestId: 'r-1', domainName: '127.0.0.1', http: { method } },
        ...(body && { body }),
      },
      { getRemainingTimeInMillis: () => ends - Date.now() },
    );
  before.put = () => new Promise<void>((resolve) => setTimeout(resolve, 1));
  const resources = Array.from({ length: 15_000 }, () => ({ kind: `${INFRASTRUCTURE}compute` }));
  const create = send('POST', JSON.stringify({ resources }));
  const late = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 4000));
  const reply = await Promise.race([create, late]);
  before.put = () => {};
  expect(reply?.statusCode).toBeGreaterThanOrEqual(400);
  expect(JSON.parse(reply!.body).message).toMatch(/^.{20,300}\.$/);
  expect(JSON.parse((await send('GET')).body)).toEqual({ resources: [] });
}, 30_000);
