import {
  AttachVolumeCommand,
  CreateImageCommand,
  DeleteTagsCommand,
  DescribeInstancesCommand,
  type InstanceStateName,
  RebootInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { COMPUTE_ACTIONS, nativeAction, savesRunning } from '../../../adapters/ec2/actions.ts';
import { compute } from '../../../adapters/ec2/compute/compute.ts';
import { KINDS } from '../../../lib/occi/kinds/index.ts';
import type { Kind } from '../../../lib/occi/types.ts';
import { fails } from '../../contract/adapter.ts';
import { cloudOf, mocked, refusedWith } from './mocked.ts';

const mock = mocked();
const ID = 'i-0123456789abcdef0';
const { actions, life } = KINDS.compute;
type Action = keyof typeof actions;

const inState = (Name: InstanceStateName, more: object = {}) =>
  mock.on(DescribeInstancesCommand).resolves({
    Reservations: [
      {
        Instances: [
          {
            InstanceId: ID,
            InstanceType: 't3.micro',
            State: { Name },
            HibernationOptions: { Configured: true },
            Tags: [{ Key: 'occi:tenant', Value: cloudOf().account.tenant }],
            ...more,
          },
        ],
      },
    ],
  });

const kind = () => {
  const cloud = cloudOf({ attempts: 1 });
  return compute({ ...cloud, types: Object.assign(cloud.types, { read: async () => {} }) });
};

beforeEach(() => {
  mock.reset();
  mock.on(StartInstancesCommand).resolves({});
  mock.on(StopInstancesCommand).resolves({});
  mock.on(RebootInstancesCommand).resolves({});
  mock.on(CreateImageCommand).resolves({ ImageId: 'ami-0123456789abcdef0' });
});

describe('The table of actions', () => {
  test('has every action of a compute but save, and every method that the kind knows', () => {
    const { save, ...others } = actions;
    expect(save).toBeDefined();
    expect(Object.keys(COMPUTE_ACTIONS).sort()).toEqual(Object.keys(others).sort());
    for (const [name, action] of Object.entries(others as NonNullable<Kind['actions']>)) {
      const methods = Object.keys(COMPUTE_ACTIONS[name as keyof typeof COMPUTE_ACTIONS]);
      expect(methods.sort()).toEqual(['default', ...(action.attributes?.method?.values ?? [])].sort());
    }
  });

  test('falls back to the gentle one', () => {
    for (const method of [undefined, 'constructor', 7])
      expect(nativeAction('stop', method)).toBe(COMPUTE_ACTIONS.stop.default);
    expect(nativeAction('stop', 'poweroff').input).toEqual({ Force: true });
    expect(nativeAction('suspend', 'suspend')).toEqual(nativeAction('suspend', 'hibernate'));
  });

  test('restarts a guest for a save only when it is asked to', () => {
    expect([undefined, 'hot', 'deferred'].map(savesRunning)).toEqual([true, true, false]);
  });
});

describe('To suspend', () => {
  test('is offered where machines are launched for it, and else is said to be impossible', () => {
    expect(compute(cloudOf({ hibernation: true })).cannotAct).toEqual({});
    expect(compute(cloudOf()).cannotAct?.suspend).toMatch(/^Computes cannot be suspended here: .* Stop the compute/);
  });

  test.each([
    [true, undefined],
    [false, ['suspend']],
  ])('is offered with a machine that was launched for it: %s', async (Configured, cannotAct) => {
    inState('running', { HibernationOptions: { Configured } });
    const shown = await compute(cloudOf({ hibernation: true })).get(ID);
    expect(shown.cannotAct).toEqual(cannotAct);
  });
});

describe('In each state', () => {
  const STATES = {
    pending: 'waiting',
    running: 'active',
    stopping: 'waiting',
    'shutting-down': 'waiting',
    stopped: 'inactive',
  } as const;

  test.each(Object.entries(STATES))('%s the actions of %s apply and no others', async (native, state) => {
    inState(native as InstanceStateName);
    for (const action of Object.keys(actions) as Action[]) {
      if ((life.actions[state] as readonly string[]).includes(action)) await kind().act!(ID, action, {});
      else expect(await fails(kind().act!(ID, action, {}), 'conflict')).toMatch(new RegExp(`${state}.*${action}`));
    }
  });

  test('that is hibernation only start applies', async () => {
    inState('stopped', { StateReason: { Code: 'Client.UserInitiatedHibernate' } });
    await kind().act!(ID, 'start', {});
    expect(await fails(kind().act!(ID, 'save', {}), 'conflict')).toContain('suspended');
  });
});

describe('A suspend', () => {
  test('is sent only to a machine that was launched for it', async () => {
    for (const HibernationOptions of [undefined, { Configured: false }]) {
      inState('running', { HibernationOptions });
      expect(await fails(kind().act!(ID, 'suspend', {}), 'conflict')).toContain('not launched for it');
    }
    expect(mock.commandCalls(StopInstancesCommand)).toEqual([]);
  });

  test.each([
    ['UnsupportedHibernationConfiguration', 'The instance is not configured'],
    ['IncorrectInstanceState', "'i-1' is not ready to hibernate yet, retry in a few minutes"],
  ])('that EC2 refuses with %s is a conflict that names it', async (code, message) => {
    inState('running');
    mock.on(StopInstancesCommand).rejects(refusedWith(code, message));
    const sentence = await fails(kind().act!(ID, 'suspend', {}), 'conflict');
    expect(sentence).toContain('suspend');
    expect(sentence).not.toContain('i-1');
  });
});

describe('After an action', () => {
  const stateAfter = async (now: InstanceStateName, listed: InstanceStateName) => {
    inState('running');
    mock.on(StopInstancesCommand).resolves({ StoppingInstances: [{ CurrentState: { Name: now } }] });
    const request = kind();
    await request.act!(ID, 'stop', {});
    inState(listed);
    return (await request.get(ID)).attributes['occi.compute.state'];
  };

  test('the state of its answer is shown while EC2 goes on to list the one before', async () => {
    expect(await stateAfter('stopping', 'running')).toBe('waiting');
    expect(await stateAfter('stopping', 'stopping')).toBe('waiting');
    expect(await stateAfter('stopping', 'stopped')).toBe('inactive');
    expect(await stateAfter('running', 'running')).toBe('active');
  });

  test('the next request of the process sees it too, and another process or tenant what EC2 lists', async () => {
    inState('running');
    mock.on(StopInstancesCommand).resolves({ StoppingInstances: [{ CurrentState: { Name: 'stopping' } }] });
    const cloud = cloudOf({ attempts: 1 });
    await compute(cloud).act!(ID, 'stop', {});
    const next = compute({ ...cloud });
    expect((await next.get(ID)).attributes['occi.compute.state']).toBe('waiting');
    expect((await next.list({})).items.map(({ attributes }) => attributes['occi.compute.state'])).toEqual(['waiting']);
    expect(await fails(next.act!(ID, 'start', {}), 'conflict')).toMatch(/waiting.*start/);
    expect((await kind().get(ID)).attributes['occi.compute.state']).toBe('active');
  });

  test('what waited for the machine to run is given to it', async () => {
    const volume = 'vol-0123456789abcdef0';
    const Tags = [
      { Key: 'occi:tenant', Value: cloudOf().account.tenant },
      { Key: `occi:link:${volume}`, Value: 'sdf' },
    ];
    inState('running', { Tags, LaunchTime: new Date() });
    mock.on(AttachVolumeCommand).resolves({});
    mock.on(DeleteTagsCommand).resolves({});
    await kind().act!(ID, 'restart', {});
    expect(mock.commandCalls(AttachVolumeCommand)).toHaveLength(1);
  });
});

test('A refusal names the action, and a compute that vanished is 404', async () => {
  inState('running');
  mock.on(RebootInstancesCommand).rejects(refusedWith('IncorrectInstanceState', "'i-1' is stopping"));
  expect(await fails(kind().act!(ID, 'restart', {}), 'conflict')).toMatch(/^The action restart is not possible\./);
  mock.on(RebootInstancesCommand).rejects(refusedWith('InvalidInstanceID.NotFound'));
  await fails(kind().act!(ID, 'restart', {}), 'notFound');
  mock.on(RebootInstancesCommand).rejects(refusedWith('UnauthorizedOperation', 'no', 403));
  await fails(kind().act!(ID, 'restart', {}), 'forbidden');
});

test('A save under any name has one that EC2 takes, and another each time', async () => {
  inState('running');
  for (const name of ['', '  ', '💾', 'a'.repeat(128), 'x, "y"; z', '../..']) {
    const { mixin } = await kind().act!(ID, 'save', { name });
    expect(mixin?.title).toMatch(/^[^,;"]+$/);
  }
  const names = mock.commandCalls(CreateImageCommand).map((call) => call.args[0].input.Name!);
  for (const name of names) expect(name).toMatch(/^[A-Za-z0-9()[\] ./'@_-]{3,128}$/);
  expect(new Set(names).size).toBe(names.length);
});

test('A save leaves out what is linked as storage, and keeps the disks of the machine', async () => {
  const disk = (DeviceName: string, DeleteOnTermination: boolean, Status = 'attached') => ({
    DeviceName,
    Ebs: { VolumeId: `vol-${DeviceName.charCodeAt(7)}`, Status, DeleteOnTermination },
  });
  inState('running', {
    RootDeviceName: '/dev/sda',
    BlockDeviceMappings: [
      disk('/dev/sda', false),
      disk('/dev/sdb', true),
      disk('/dev/sdf', false),
      disk('/dev/sdg', false, 'detached'),
    ],
  });
  await kind().act!(ID, 'save', { name: 'mine' });
  const { input } = mock.commandCalls(CreateImageCommand)[0]!.args[0];
  expect(input.BlockDeviceMappings).toEqual([{ DeviceName: '/dev/sdf', NoDevice: '' }]);
});
