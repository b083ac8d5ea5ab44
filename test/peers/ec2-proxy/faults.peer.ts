/** What goes wrong at the proxy in front of moto. */
import {
  DescribeInstancesCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { ENCODED_MESSAGE } from '../../ec2-proxy/faults.ts';
import { startEc2 } from '../ec2.ts';
import { clientOf, LAUNCH, refused } from './client.ts';

let ec2: Awaited<ReturnType<typeof startEc2>>;
let client: ReturnType<typeof clientOf>;
beforeAll(async () => {
  ec2 = await startEc2();
  client = clientOf(ec2.endpoint);
});
afterEach(() => ec2.faults.end());
afterAll(() => ec2.stop());

const run = (input: object) => client.send(new RunInstancesCommand({ ...LAUNCH, ...input }));
const idOf = async (answer: ReturnType<typeof run>) => (await answer).Instances![0]!.InstanceId!;

describe('a bad day', () => {
  const list = () => client.send(new DescribeVolumesCommand({}));

  test('of throttling: the next calls of one action, and no others', async () => {
    ec2.faults.add({ kind: 'throttled' }, { action: 'DescribeVolumes', times: 2 });
    for (const _ of [1, 2]) {
      expect((await refused(list(), 'RequestLimitExceeded')).$metadata.httpStatusCode).toBe(503);
      await client.send(new DescribeSubnetsCommand({}));
    }
    await list();
  });

  test('of any other error, with a status of choice', async () => {
    const code = 'InsufficientInstanceCapacity';
    ec2.faults.add({ kind: 'error', code, status: 500, message: 'No room.' }, { action: 'RunInstances', times: 1 });
    const error = await refused(run({}), code);
    expect([error.message, error.$metadata.httpStatusCode]).toEqual(['No room.', 500]);
    ec2.faults.add({ kind: 'denied' }, { action: 'RunInstances', times: 1 });
    expect((await refused(run({}), 'UnauthorizedOperation')).message).toContain(ENCODED_MESSAGE);
  });

  test('of an answer that is lost: the call was carried out, and its token finds what it made', async () => {
    ec2.faults.add({ kind: 'lost' }, { action: 'RunInstances', times: 1 });
    await expect(run({ ClientToken: 'lost' })).rejects.toThrow();
    const before = await client.send(
      new DescribeInstancesCommand({ Filters: [{ Name: 'client-token', Values: ['lost'] }] }),
    );
    expect(before.Reservations![0]!.Instances![0]!.InstanceId).toBe(await idOf(run({ ClientToken: 'lost' })));
  });

  test('of a connection that is cut before: nothing was carried out', async () => {
    ec2.faults.add({ kind: 'down' }, { action: 'RunInstances', times: 1 });
    await expect(run({ ClientToken: 'down' })).rejects.toThrow();
    const filter = { Filters: [{ Name: 'client-token', Values: ['down'] }] };
    expect((await client.send(new DescribeInstancesCommand(filter))).Reservations).toEqual([]);
  });

  test('of a machine that ends at its launch, for a reason that is shown with it', async () => {
    ec2.settings.pending = 60_000;
    ec2.faults.add({ kind: 'dies', code: 'Client.InternalError' }, { action: 'RunInstances', times: 1 });
    const InstanceIds = [await idOf(run({})), await idOf(run({}))];
    ec2.settings.pending = 0;
    const shown = async () => {
      const { Reservations } = await client.send(new DescribeInstancesCommand({ InstanceIds }));
      return Reservations!.flatMap(({ Instances }) =>
        Instances!.map(({ State, StateReason }) => [State!.Name, StateReason?.Code]),
      );
    };
    expect(await shown()).toEqual([
      ['pending', undefined],
      ['pending', undefined],
    ]);
    ec2.later(60_000);
    expect(await shown()).toEqual([
      ['terminated', 'Client.InternalError'],
      ['running', undefined],
    ]);
    const filter = { Filters: [{ Name: 'instance-state-name', Values: ['terminated'] }] };
    expect((await client.send(new DescribeInstancesCommand(filter))).Reservations).toHaveLength(1);
  });

  test('of a page of a balancer, of an answer that is late, of one that goes well first', async () => {
    ec2.faults.add({ kind: 'html' }, { action: 'DescribeVolumes', times: 1, after: 1 });
    await list();
    expect((await list().catch((error: unknown) => error)) as object).toMatchObject({
      $metadata: { httpStatusCode: 503 },
    });
    ec2.faults.add({ kind: 'slow', milliseconds: 200 }, { times: 1 });
    const begun = performance.now();
    await list();
    expect(performance.now() - begun).toBeGreaterThan(195);
  });
});
