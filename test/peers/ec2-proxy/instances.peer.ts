/** Instances behind the proxy: which state allows what, how long states last. */
import {
  DescribeInstancesCommand,
  ModifyInstanceAttributeCommand,
  RebootInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { SETTINGS } from '../../ec2-proxy/settings.ts';
import { startEc2 } from '../ec2.ts';
import { clientOf, instance, launched, refused, state, volume } from './client.ts';

let ec2: Awaited<ReturnType<typeof startEc2>>;
let client: ReturnType<typeof clientOf>;
beforeAll(async () => {
  ec2 = await startEc2();
  client = clientOf(ec2.endpoint);
});
afterEach(() => void Object.assign(ec2.settings, SETTINGS));
afterAll(() => ec2.stop());

const launch = async (input = {}) => (await launched(client, input)).InstanceId!;
const ids = (id: string) => ({ InstanceIds: [id] });
const start = (id: string) => client.send(new StartInstancesCommand(ids(id)));
const stop = (id: string, Hibernate = false) => client.send(new StopInstancesCommand({ ...ids(id), Hibernate }));
const reboot = (id: string) => client.send(new RebootInstancesCommand(ids(id)));
const terminate = (id: string) => client.send(new TerminateInstancesCommand(ids(id)));
const changeType = (id: string, Value: string) =>
  client.send(new ModifyInstanceAttributeCommand({ InstanceId: id, InstanceType: { Value } }));

describe('a state', () => {
  test('that is not right for it refuses an action', async () => {
    const id = await launch();
    await stop(id);
    await refused(reboot(id), 'IncorrectInstanceState');
    expect((await stop(id)).StoppingInstances![0]).toMatchObject({ CurrentState: { Name: 'stopped' } });
    await start(id);
    expect((await start(id)).StartingInstances![0]).toMatchObject({ CurrentState: { Name: 'running' } });
    await reboot(id);
    await terminate(id);
    for (const act of [start, stop, reboot]) await refused(act(id), 'IncorrectInstanceState');
    expect((await terminate(id)).TerminatingInstances![0]).toMatchObject({ CurrentState: { Name: 'terminated' } });
  });

  test('of pending and stopping lasts as long as it is set to, also for the filter', async () => {
    Object.assign(ec2.settings, { pending: 60_000, stopping: 60_000 });
    const id = await launch({ ClientToken: 'slowly' });
    const find = async (name: string) => {
      const Filters = [
        { Name: 'client-token', Values: ['slowly'] },
        { Name: 'instance-state-name', Values: [name] },
      ];
      return (await client.send(new DescribeInstancesCommand({ Filters }))).Reservations!.length;
    };
    expect([await state(client, id), await find('pending'), await find('running')]).toEqual(['pending', 1, 0]);
    await refused(stop(id), 'IncorrectInstanceState');
    ec2.later(60_000);
    expect([await state(client, id), await find('pending'), await find('running')]).toEqual(['running', 0, 1]);
    expect((await stop(id)).StoppingInstances![0]).toMatchObject({
      CurrentState: { Name: 'stopping' },
      PreviousState: { Name: 'running' },
    });
    expect(await state(client, id)).toBe('stopping');
    await refused(start(id), 'IncorrectInstanceState');
    ec2.later(60_000);
    expect(await state(client, id)).toBe('stopped');
  });

  test('of shutting-down keeps what the instance holds; when it is terminated, that is let go', async () => {
    ec2.settings.shuttingDown = 60_000;
    const id = await launch();
    const root = (await instance(client, id)).BlockDeviceMappings![0]!.Ebs!.VolumeId!;
    await terminate(id);
    expect(await state(client, id)).toBe('shutting-down');
    expect((await volume(client, root)).State).toBe('in-use');
    ec2.later(60_000);
    expect(await state(client, id)).toBe('terminated');
    await refused(volume(client, root), 'InvalidVolume.NotFound');
    expect(await instance(client, id)).toMatchObject({ NetworkInterfaces: [], BlockDeviceMappings: [] });
  });

  test('of a terminated one is shown for a while, then it is gone', async () => {
    ec2.settings.lingers = 60_000;
    const id = await launch();
    await terminate(id);
    expect(await state(client, id)).toBe('terminated');
    ec2.later(60_000);
    await refused(state(client, id), 'InvalidInstanceID.NotFound');
    const { Reservations } = await client.send(new DescribeInstancesCommand({}));
    expect(Reservations!.flatMap(({ Instances }) => Instances!.map(({ InstanceId }) => InstanceId))).not.toContain(id);
  });

  test('of a termination that is protected, or of a batch with one bad id, stays', async () => {
    const id = await launch();
    const protect = (Value: boolean) =>
      client.send(new ModifyInstanceAttributeCommand({ InstanceId: id, DisableApiTermination: { Value } }));
    await protect(true);
    await refused(terminate(id), 'OperationNotPermitted');
    await protect(false);
    const InstanceIds = [id, 'i-0123456789abcdef0'];
    await refused(client.send(new TerminateInstancesCommand({ InstanceIds })), 'InvalidInstanceID.NotFound');
    expect(await state(client, id)).toBe('running');
  });
});

describe('hibernation', () => {
  test('is for those that were launched for it, and the reason of the state tells it from a stop', async () => {
    await refused(stop(await launch(), true), 'UnsupportedHibernationConfiguration');
    const id = await launch({ HibernationOptions: { Configured: true } });
    await stop(id, true);
    expect(await instance(client, id)).toMatchObject({
      State: { Name: 'stopped' },
      StateReason: { Code: 'Client.UserInitiatedHibernate' },
    });
    const Filters = [{ Name: 'hibernation-options.configured', Values: ['true'] }];
    const found = await client.send(new DescribeInstancesCommand({ Filters }));
    expect(found.Reservations!.map(({ Instances }) => Instances![0]!.InstanceId)).toEqual([id]);
    await start(id);
    expect((await instance(client, id)).StateReason).toBeUndefined();
    await stop(id);
    expect((await instance(client, id)).StateReason!.Code).toBe('Client.UserInitiatedShutdown');
  });
});

describe('a change', () => {
  test('of the type needs a stopped instance and a type that there is', async () => {
    const id = await launch();
    await refused(changeType(id, 't3.small'), 'IncorrectInstanceState');
    await stop(id);
    await refused(changeType(id, 'x9.huge'), 'InvalidParameterValue');
    await changeType(id, 't3.small');
    expect((await instance(client, id)).InstanceType).toBe('t3.small');
  });
});
