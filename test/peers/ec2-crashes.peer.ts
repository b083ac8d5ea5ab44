/**
 * A process that dies in the middle of a create or a delete, after each of its steps: a retry in another process heals
 * it.
 */
import {
  DeleteSecurityGroupCommand,
  DescribeAddressesCommand,
  DescribeInstancesCommand,
  DescribeKeyPairsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  DescribeVolumesCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PREFIX } from '../../lib/mapping/rows.ts';
import { MIXINS } from '../../lib/occi/mixins/index.ts';
import { memoryTable } from '../../lib/table/memory.ts';
import { partitionsOf } from '../../lib/table/partition-keys.ts';
import type { Row } from '../../lib/table/table.ts';
import { KEY, publicKey } from '../adapters/ec2/compute-drafts.ts';
import type { Ec2Proxy } from '../ec2-proxy/index.ts';
import { type Endpoint, type Reply, startEndpoint } from '../endpoint.ts';
import { startEc2 } from './ec2.ts';
import { ec2Client, prepare, type Site } from './ec2-site.ts';

const COMPUTE = 'Category: compute; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"';

type MemoryTable = ReturnType<typeof memoryTable>;

let proxy: Ec2Proxy;
let client: EC2Client;
let site: Site;

/** A process of its own: another container that knows nothing of the first. */
const another = (table: MemoryTable, change: Readonly<Record<string, unknown>> = {}) =>
  startEndpoint({
    table,
    settings: { adapter: { name: 'ec2', site: 'test', settings: { ...site.settings, ...change } } },
  });

beforeAll(async () => {
  proxy = await startEc2();
  site = await prepare(proxy);
  client = ec2Client(proxy);
}, 60_000);
afterAll(async () => {
  client?.destroy();
  await proxy?.stop();
});

const create = (key: string, body: string) => ({
  headers: { 'Content-Type': 'text/plain', 'Idempotency-Key': key },
  body,
});

/** Instances that are not terminated, as EC2 itself tells. */
async function present(): Promise<number> {
  const { Reservations = [] } = await client.send(
    new DescribeInstancesCommand({
      Filters: [{ Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] }],
    }),
  );
  return Reservations.flatMap(({ Instances = [] }) => Instances).length;
}

describe('A process that dies', () => {
  /** What is there, counted by EC2 itself. */
  async function inventory() {
    const [volumes, interfaces, keys, addresses] = await Promise.all([
      client.send(new DescribeVolumesCommand({})),
      client.send(new DescribeNetworkInterfacesCommand({})),
      client.send(new DescribeKeyPairsCommand({})),
      client.send(new DescribeAddressesCommand({})),
    ]);
    return {
      instances: await present(),
      volumes: volumes.Volumes?.length ?? 0,
      interfaces: interfaces.NetworkInterfaces?.length ?? 0,
      keys: keys.KeyPairs?.length ?? 0,
      addresses: addresses.Addresses?.length ?? 0,
    };
  }

  /** The tenant's own group is made by the next create again. */
  async function withoutGroups() {
    const { SecurityGroups = [] } = await client.send(
      new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'group-name', Values: ['occi-*'] }] }),
    );
    for (const { GroupId } of SecurityGroups) await client.send(new DeleteSecurityGroupCommand({ GroupId }));
  }

  /** After which native call or which write of the store it dies, counted from 1; never if nothing is said. */
  type Death = { readonly call?: number; readonly write?: number };

  /**
   * One request in a process of its own. The step that it dies after is carried out, and nothing of what it does after
   * that. Resolves to its answer and its steps, in the order in which they came.
   */
  async function dying(table: MemoryTable, { call, write }: Death, request: (of: Endpoint) => Promise<Reply>) {
    const started = proxy.calls();
    const writes: string[] = [];
    let isDead = false;
    const die = () => {
      isDead = true;
      proxy.faults.add({ kind: 'down' });
    };
    const mortal = new Proxy(table, {
      get(target, name: keyof MemoryTable) {
        const method = target[name] as (...values: unknown[]) => Promise<unknown>;
        return async (...values: unknown[]) => {
          if (isDead || (call !== undefined && proxy.calls() - started >= call)) throw new Error('the process died');
          const result = await method.apply(target, values);
          if (name !== 'put' && name !== 'delete') return result;
          const { sk } = values[0] as Row;
          writes.push(`${name} ${sk.split('#', 1)[0]}`);
          if (writes.length !== write) return result;
          die();
          throw new Error('the process died');
        };
      },
    });
    const process = await another(mortal, { attempts: 1 });
    if (call !== undefined) {
      proxy.faults.add({ kind: 'lost' }, { after: call - 1, times: 1 });
      proxy.faults.add({ kind: 'down' }, { after: call - 1 });
    }
    const reply = await request(process).finally(() => process.stop());
    proxy.faults.end();
    return { reply, calls: proxy.actions().slice(started), writes };
  }

  /** What has died is taken for dead a minute later. */
  async function minuteLater(table: MemoryTable, key: string) {
    const { items } = await table.query(partitionsOf('ec2', 'test').tenant('anonymous'), PREFIX.idempotency + key);
    for (const row of items) await table.put({ ...row, started: Number(row.started) - 61_000 });
  }

  const ofKind = (kind: string, link: string, path: string) => {
    const scheme = 'http://schemas.ogf.org/occi/infrastructure#';
    return `Link: <${path}>; rel="${scheme}${kind}"; category="${scheme}${link}"`;
  };

  let helping: Endpoint;
  afterAll(() => helping?.stop());

  test('after any step of a create or of a delete leaves what the retry heals', async () => {
    const table = memoryTable();
    helping = await another(table);
    const { body: networks } = await helping.send('GET', '/network/', { headers: { Accept: 'text/uri-list' } });
    const disk = await helping.send('POST', '/storage/', {
      headers: { 'Content-Type': 'text/plain' },
      body: 'Category: storage; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"\nX-OCCI-Attribute: occi.storage.size=1.0',
    });
    expect(disk.status).toBe(201);
    const { scheme, term } = MIXINS.ssh_key;
    const body = [
      COMPUTE,
      `Category: ${term}; scheme="${scheme}"; class="mixin"`,
      `X-OCCI-Attribute: ${KEY}="${publicKey(40)}"`,
      'X-OCCI-Attribute: occi.core.summary="kept by the table"',
      ofKind('network', 'networkinterface', new URL(networks.trim().split('\n')[0]!).pathname),
      ofKind('storage', 'storagelink', new URL(disk.headers.location!).pathname),
    ].join('\n');
    const making = (key: string) => (of: Endpoint) => of.send('POST', '/compute/', create(key, body));
    const removing = (path: string) => (of: Endpoint) => of.send('DELETE', path);
    const listed = async () => {
      const fresh = await another(table);
      const reply = await fresh.send('GET', '/compute/', { headers: { Accept: 'text/uri-list' } });
      await fresh.stop();
      return reply.body
        .split('\n')
        .filter((line) => line.includes('/compute/'))
        .map((line) => new URL(line).pathname);
    };

    const nothing = await inventory();
    const one = { instances: 1, volumes: 1, interfaces: 1, keys: 1, addresses: 0 };
    const withOne = Object.fromEntries(
      Object.entries(nothing).map(([name, count]) => [name, count + one[name as keyof typeof one]]),
    );
    /** Makes a machine and deletes it; each breaks off once, and is sent again to another process. */
    const round = async (name: string, atCreate: Death, atDelete: Death) => {
      const first = await dying(table, atCreate, making(name));
      await minuteLater(table, name);
      const again = await dying(table, {}, making(name));
      expect([name, again.reply.status, again.reply.body]).toEqual([name, 201, expect.anything()]);
      const path = new URL(again.reply.headers.location!).pathname;
      expect([name, await inventory()]).toEqual([name, withOne]);
      const present = await listed();
      expect([name, present.length, present.includes(path)]).toEqual([name, 1, true]);
      const deleted = await dying(table, atDelete, removing(path));
      const last = await dying(table, {}, removing(path));
      expect([name, [200, 204, 404].includes(last.reply.status)]).toEqual([name, true]);
      expect([name, await inventory()]).toEqual([name, nothing]);
      expect([name, await listed()]).toEqual([name, []]);
      await withoutGroups();
      return { first, deleted };
    };

    // Facts about the image are for all processes of a test.
    await round('first', {}, {});
    const { first, deleted } = await round('whole', {}, {});
    expect([first.reply.status, deleted.reply.status]).toEqual([201, 200]);
    expect(first.calls).toEqual(expect.arrayContaining(['CreateSecurityGroup', 'ImportKeyPair', 'RunInstances']));
    expect(first.writes.length).toBeGreaterThanOrEqual(4);
    expect(deleted.calls).toEqual(expect.arrayContaining(['DeleteKeyPair', 'TerminateInstances']));
    expect(deleted.writes.length).toBeGreaterThan(0);
    const deaths = ({ calls, writes }: typeof first): [string, Death][] => [
      ...calls.map((action, at): [string, Death] => [`${action} ${at + 1}`, { call: at + 1 }]),
      ...writes.map((what, at): [string, Death] => [`${what} ${at + 1}`, { write: at + 1 }]),
    ];
    // What keeps an answer is the last step, and nobody waits for it.
    const died = ({ reply, calls, writes }: typeof first, whole: typeof first) =>
      reply.status >= 500 || calls.length + writes.length === whole.calls.length + whole.writes.length;
    const [creates, deletes] = [deaths(first), deaths(deleted)];
    for (let at = 0; at < Math.max(creates.length, deletes.length); at++) {
      const [made, atCreate] = creates[at] ?? ['', {}];
      const [gone, atDelete] = deletes[at] ?? ['', {}];
      const name = `${at}-${made}-${gone}`.replaceAll(/[^\w-]/g, '-');
      const ended = await round(name, atCreate, atDelete);
      // It has really died there.
      if (made) expect([name, died(ended.first, first)]).toEqual([name, true]);
      if (gone) expect([name, died(ended.deleted, deleted)]).toEqual([name, true]);
    }
  }, 120_000);
});
