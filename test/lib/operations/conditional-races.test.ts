/** Conditional changes at the same time, in whatever order their calls of the table come. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { memoryTable } from '../../../lib/table/memory.ts';
import type { Table } from '../../../lib/table/table.ts';
import { type Call, type Endpoint, startEndpoint } from '../../endpoint.ts';
import { exchangeable, inManyOrders, interleave, type Order } from '../mapping/stepped-table.ts';
import { action, entity, INFRASTRUCTURE, list, read } from './payloads.ts';

const STOP = `${INFRASTRUCTURE.replace('#', '')}/compute/action#stop`;
const BY_CHANCE = 15;

type Request = (to: Endpoint, tag: string) => Promise<{ readonly status: number }>;

const under = ({ headers, body }: Call, more: Record<string, string>): Call => ({
  headers: { ...headers, ...more },
  body: body!,
});
const set = (attributes: Record<string, string>) => entity('text/plain', { attributes });
const update =
  (attributes: Record<string, string>): Request =>
  (to, tag) =>
    to.send('POST', '/vm', under(set(attributes), { 'If-Match': tag }));
const updateUnconditionally =
  (attributes: Record<string, string>): Request =>
  (to) =>
    to.send('POST', '/vm', set(attributes));
const replace: Request = (to, tag) =>
  to.send('PUT', '/vm', under(entity('text/plain', { kind: 'compute' }), { 'If-Match': tag }));
const remove: Request = (to, tag) => to.send('DELETE', '/vm', { headers: { 'If-Match': tag } });
const stop: Request = (to, tag) =>
  to.send('POST', '/vm?action=stop', under(action('text/plain', STOP), { 'If-Match': tag }));
const create: Request = (to) =>
  to.send('PUT', '/other', under(entity('text/plain', { kind: 'compute' }), { 'If-None-Match': '*' }));

const oneOf = (statuses: readonly number[], success: number) => {
  expect(statuses.filter((status) => status === success)).toHaveLength(1);
  expect(statuses.every((status) => [success, 404, 409, 412].includes(status))).toBe(true);
};

const RACES: Record<
  string,
  [requests: readonly Request[], outcome: (statuses: number[], to: Endpoint) => Promise<void>]
> = {
  'two updates of what the cloud holds: one is made': [
    [update({ 'occi.core.title': 'a' }), update({ 'occi.core.title': 'b' })],
    async (statuses, to) => {
      oneOf(statuses, 200);
      expect((await read(to, '/vm')).title).toBe(statuses[0] === 200 ? 'a' : 'b');
    },
  ],
  'two updates of what the store keeps: one is made': [
    [update({ 'occi.core.summary': 'a' }), update({ 'occi.core.summary': 'b' })],
    async (statuses, to) => {
      oneOf(statuses, 200);
      expect((await read(to, '/vm')).summary).toBe(statuses[0] === 200 ? 'a' : 'b');
    },
  ],
  'a partial update, a full one and an action: one is made': [
    [update({ 'occi.core.title': 'a' }), replace, stop],
    async (statuses, to) => {
      oneOf(statuses, 200);
      const { title, attributes } = await read(to, '/vm');
      const done = [title === 'a', title === undefined, attributes['occi.compute.state'] === 'inactive'];
      expect(done).toEqual(statuses.map((status) => status === 200));
    },
  ],
  'a removal and an update: one is made': [
    [remove, update({ 'occi.core.title': 'a' })],
    async (statuses, to) => {
      oneOf(statuses, 200);
      expect(await list(to, '/compute/')).toHaveLength(statuses[0] === 200 ? 0 : 1);
    },
  ],
  'an update without a condition of what the store keeps is never overwritten by one with it': [
    [update({ 'occi.core.summary': 'a' }), updateUnconditionally({ 'occi.core.summary': 'b' })],
    async (statuses, to) => {
      expect(statuses[1]).toBe(200);
      expect((await read(to, '/vm')).summary).toBe('b');
    },
  ],
  'three creates at one path: one is made, the others are 412': [
    [create, create, create],
    async (statuses, to) => {
      expect(statuses.toSorted()).toEqual([201, 412, 412]);
      expect(await list(to, '/compute/')).toHaveLength(2);
    },
  ],
};

let processes: readonly { readonly endpoint: Endpoint; use(table: Table): void }[];
beforeAll(async () => {
  processes = await Promise.all(
    [0, 1, 2, 3].map(async () => {
      const { table, use } = exchangeable();
      return { endpoint: await startEndpoint({ table }), use };
    }),
  );
});
afterAll(() => Promise.all(processes.map(({ endpoint }) => endpoint.stop())));

describe('In whatever order their calls of the table come', () => {
  test.each(Object.entries(RACES))(
    '%s',
    async (_, [requests, outcome]) => {
      const hold = async (order: Order): Promise<number[]> => {
        const table = memoryTable();
        const [{ endpoint, use }, ...others] = processes as [(typeof processes)[0], ...typeof processes];
        use(table);
        const whole = entity('text/plain', { kind: 'compute', attributes: { 'occi.core.title': 'web' } });
        await endpoint.send('PUT', '/vm', whole);
        const tag = (await endpoint.send('GET', '/vm')).headers.etag!;
        const statuses: number[] = [];
        const tasks = requests.map((request, index) => async (stepped: Table) => {
          others[index]!.use(stepped);
          statuses[index] = (await request(others[index]!.endpoint, tag)).status;
        });
        const choices = await interleave(table, tasks, order);
        await outcome(statuses, endpoint);
        return choices;
      };
      await inManyOrders(hold, BY_CHANCE);
    },
    60_000,
  );
});
