/** Many requests with one Idempotency-Key, in two containers over one table: Nova has no token of its own for that. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeService } from '../../../functions/services.ts';
import { readSettings } from '../../../lib/config/index.ts';
import { occiHandler } from '../../../lib/request/handler.ts';
import { memoryTable } from '../../../lib/table/memory.ts';
import { type OpenStack, startOpenStack } from '../../openstack/index.ts';

const TIMEOUT_MS = 20_000;
const REQUESTS = 30;

interface Reply {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
}

let cloud: OpenStack;
let containers: readonly ((event: object, context: object) => Promise<Reply>)[];

beforeAll(async () => {
  cloud = await startOpenStack({ step: 1 });
  const table = memoryTable();
  const configured = readSettings(
    JSON.stringify({
      adapter: { name: 'openstack', site: 'test', settings: { endpoint: cloud.endpoint } },
      table: { kind: 'memory' },
      auth: ['basic'],
      local: true,
    }),
  );
  const services = await Promise.all([makeService(configured, table), makeService(configured, table)]);
  containers = services.map((service) => occiHandler(async () => service) as unknown as (typeof containers)[number]);
});
afterAll(() => cloud.close());

const CREDENTIALS = Buffer.from('alice:alice-secret').toString('base64');

const send = (container: number, method: string, path: string, headers: object = {}, body?: string) =>
  containers[container % containers.length]!(
    {
      version: '2.0',
      rawPath: path,
      rawQueryString: '',
      headers: { host: '127.0.0.1', authorization: `Basic ${CREDENTIALS}`, accept: 'text/plain', ...headers },
      ...(body !== undefined && { body }),
      isBase64Encoded: false,
      requestContext: { requestId: randomUUID(), domainName: '127.0.0.1', http: { method, path } },
    },
    { getRemainingTimeInMillis: () => TIMEOUT_MS },
  );

const imageId = async (): Promise<string> => {
  const answer = await fetch(`${cloud.site.origins.image}/v2/images?name=cirros-tiny`, {
    headers: { 'x-auth-token': cloud.token('alice') },
  });
  return ((await answer.json()) as { images: { id: string }[] }).images[0]!.id;
};

const serverCount = async (): Promise<number> => {
  const answer = await fetch(`${cloud.site.origins.compute}/v2.1/servers`, {
    headers: { 'x-auth-token': cloud.token('alice') },
  });
  return ((await answer.json()) as { servers: unknown[] }).servers.length;
};

test(`${REQUESTS} creates at once with one key make one server`, async () => {
  const body = [
    'Category: compute; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"',
    `Category: ${await imageId()}; scheme="http://schemas.openstack.org/template/os#"; class="mixin"`,
    'Category: 1; scheme="http://schemas.openstack.org/template/resource#"; class="mixin"',
  ].join('\n');
  const headers = { 'content-type': 'text/plain', 'idempotency-key': randomUUID() };
  const create = (container: number) => send(container, 'POST', '/compute/', headers, body);
  const replies = await Promise.all(Array.from({ length: REQUESTS }, (_, number) => create(number)));
  const statuses = new Set(replies.map(({ statusCode }) => statusCode));
  expect([...statuses].every((status) => status === 201 || status === 409)).toBe(true);
  expect(await serverCount()).toBe(1);
  const again = await Promise.all([create(0), create(1)]);
  expect(again.map(({ statusCode }) => statusCode)).toEqual([201, 201]);
  expect(new Set(again.map((reply) => reply.headers.location ?? reply.headers.Location)).size).toBe(1);
  expect(await serverCount()).toBe(1);
}, 60_000);
