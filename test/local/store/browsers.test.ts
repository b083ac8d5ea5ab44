/** No web page reaches the embedded table, though it listens where every page can send requests. */
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Store } from '../../../local/store/open.ts';
import { closeStores, makeFolder, open, removeFolders, rowOf, tableOf } from './data.ts';

let store: Store;
beforeAll(async () => {
  store = await open(makeFolder());
  await tableOf(store).put(rowOf(1));
});
afterAll(async () => {
  await closeStores();
  removeFolders();
});

const SIGNED = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-target': 'DynamoDB_20120810.Scan',
  'x-amz-date': '20200101T000000Z',
  authorization: 'AWS4-HMAC-SHA256 Credential=a/20200101/a/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
};

const send = (headers: Record<string, string>, method = 'POST') =>
  new Promise<{ status: number; allowed: unknown; body: string }>((resolve, reject) => {
    request(store.endpoint, { method, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (part) => {
        body += part;
      });
      const allowed = response.headers['access-control-allow-origin'];
      response.on('end', () => resolve({ status: response.statusCode ?? 0, allowed, body }));
    })
      .on('error', reject)
      .end(method === 'POST' ? JSON.stringify({ TableName: store.tableName }) : undefined);
  });

const REFUSED = { status: 403, allowed: undefined, body: '' };

describe('The embedded table', () => {
  test('answers the client of this process', async () => {
    expect((await send(SIGNED)).body).toContain('row 1');
    expect(await tableOf(store).get({ pk: 'tenant', sk: 'row 1' })).toEqual(rowOf(1));
  });

  test('answers no page of another origin, and no preflight', async () => {
    const origin = 'http://evil.example';
    expect(await send({ ...SIGNED, origin })).toEqual(REFUSED);
    expect(await send({ ...SIGNED, origin: 'null' })).toEqual(REFUSED);
    expect(await send({ origin, 'access-control-request-method': 'POST' }, 'OPTIONS')).toEqual(REFUSED);
  });

  test('answers under no other name', async () => {
    const port = new URL(store.endpoint).port;
    for (const host of ['rebound.example', `rebound.example:${port}`, `localhost:${port}`]) {
      expect(await send({ ...SIGNED, host })).toEqual(REFUSED);
    }
  });
});
