/** States of servers: each that was recorded, by name, and each that Nova documents. */
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { type Server, server } from '../../../../adapters/openstack/native/server.ts';
import { STATUSES, TASK_STATES, VM_STATES } from '../../../../adapters/openstack/server-states.ts';
import { computeState, isDeleted } from '../../../../adapters/openstack/states.ts';
import { recordingsOf } from '../../../openstack/recordings.ts';

const holding = z.union([z.object({ server }), z.object({ servers: z.array(server) })]);

/** Every server of every recording, as the adapter reads it. */
const SERVERS: readonly Server[] = recordingsOf('nova').flatMap(({ response: { body } }) => {
  const hasStates = JSON.stringify(body ?? null).includes('"status"');
  const { data } = hasStates ? holding.safeParse(body) : { data: undefined };
  if (data === undefined) return [];
  return 'server' in data ? [data.server] : data.servers;
});

const keyOf = (one: Server): string =>
  [
    one.status,
    one['OS-EXT-STS:vm_state'] ?? '-',
    one['OS-EXT-STS:task_state'] ?? '-',
    one['OS-EXT-STS:power_state'] ?? '-',
  ].join(' ');

const recorded = new Map(SERVERS.map((one) => [keyOf(one), one]));

describe('recorded servers', () => {
  test.each<[string, string, string | undefined]>([
    // Answers to changes have no more than the summary.
    ['ACTIVE - - -', 'active', undefined],
    ['REBUILD - - -', 'waiting', 'The disk of the compute is being made again.'],
    ['ACTIVE active - 1', 'active', undefined],
    ['ACTIVE active deleting 1', 'waiting', 'The compute is being deleted.'],
    ['BUILD building - 0', 'waiting', 'The compute is being built.'],
    ['BUILD building scheduling 0', 'waiting', 'The cloud is looking for a host.'],
    ['SHUTOFF stopped - 4', 'inactive', undefined],
    ['SUSPENDED suspended - 1', 'suspended', undefined],
    ['PAUSED paused - 1', 'suspended', 'The compute is paused: its memory is kept on the host.'],
    [
      'SHELVED_OFFLOADED shelved_offloaded - 4',
      'suspended',
      'The compute is shelved: its memory was given up, and start brings it back from its disk.',
    ],
    ['RESCUE rescued - 4', 'inactive', 'The compute runs a rescue system instead of its own; start ends that.'],
    ['VERIFY_RESIZE resized - 1', 'waiting', 'The compute runs with a new size, which is still to be confirmed.'],
  ])('%s is %s', (name, state, message) => {
    const one = recorded.get(name);
    expect(one).toBeDefined();
    expect(computeState(one!)).toEqual({ state, ...(message !== undefined && { message }) });
  });

  test('ERROR error - 0 is error, with what Nova says and without ids', () => {
    const failed = SERVERS.filter(({ status }) => status === 'ERROR').map((one) => computeState(one));
    expect(failed.length).toBeGreaterThan(0);
    expect(new Set(failed.map(({ state }) => state))).toEqual(new Set(['error']));
    const messages = [...new Set(failed.map(({ message }) => message))];
    expect(messages).toContain('No valid host was found.');
    for (const message of messages) expect(message).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}|Traceback|\.py\b/);
  });

  test('DELETED deleted - 0 is not shown', () => {
    expect(isDeleted(recorded.get('DELETED deleted - 0')!)).toBe(true);
  });

  test('every recorded state has a case here, and none is unknown', () => {
    const unknown: string[] = [];
    for (const one of SERVERS) computeState(one, (name) => unknown.push(name));
    expect(unknown).toEqual([]);
    expect([...recorded.keys()].sort()).toEqual([
      'ACTIVE - - -',
      'ACTIVE active - 1',
      'ACTIVE active deleting 1',
      'BUILD building - 0',
      'BUILD building scheduling 0',
      'DELETED deleted - 0',
      'ERROR error - 0',
      'PAUSED paused - 1',
      'REBUILD - - -',
      'RESCUE rescued - 4',
      'SHELVED_OFFLOADED shelved_offloaded - 4',
      'SHUTOFF stopped - 4',
      'SUSPENDED suspended - 1',
      'VERIFY_RESIZE resized - 1',
    ]);
  });
});

describe('documented states', () => {
  const active = { status: 'ACTIVE', 'OS-EXT-STS:vm_state': 'active' } as const;

  test.each(Object.entries(TASK_STATES))('the task %s is under way in any state', (task, message) => {
    for (const vm of Object.keys(VM_STATES)) {
      const state = { status: 'ACTIVE', 'OS-EXT-STS:vm_state': vm, 'OS-EXT-STS:task_state': task };
      expect(computeState(state)).toEqual({ state: 'waiting', message });
    }
  });

  test('the summary counts where a cloud hides the states', () => {
    for (const [status, [state]] of Object.entries(STATUSES)) expect(computeState({ status }).state).toBe(state);
  });

  test.each([
    [{ status: 'NEW', 'OS-EXT-STS:vm_state': 'melting' }, 'vm_state melting'],
    [{ ...active, 'OS-EXT-STS:task_state': 'melting' }, 'task_state melting'],
    [{ status: 'MELTING' }, 'status MELTING'],
  ])('an unknown state is waiting and named: %j', (state, name) => {
    expect(computeState(state, () => {})).toEqual({
      state: 'waiting',
      message: `The cloud calls this state ${name}.`,
    });
  });

  test.each([
    [0, undefined],
    [1, undefined],
    [3, 'The hypervisor has paused the compute.'],
    [4, 'The guest has shut itself down; the cloud is about to notice.'],
    [6, 'The guest has crashed; the cloud is about to notice.'],
    [7, 'The hypervisor has suspended the compute.'],
  ])('an active server with power state %i is active, with a remark where they differ', (power, message) => {
    const shown = computeState({ ...active, 'OS-EXT-STS:power_state': power });
    expect(shown).toEqual({ state: 'active', ...(message !== undefined && { message }) });
  });

  test('an error without a fault says so', () => {
    expect(computeState({ status: 'ERROR' })).toEqual({
      state: 'error',
      message: 'The cloud does not say what went wrong.',
    });
  });

  test('the text of a fault has no ids, hosts or traces', () => {
    const message =
      'Build of instance 7090c988-c52a-417a-b08e-19a6b6459dc5 aborted: Failed to allocate the network(s), not rescheduling.';
    expect(computeState({ status: 'ERROR', fault: { message } }).message).toBe(
      'Build of instance aborted: Failed to allocate the network(s), not rescheduling.',
    );
    const remote =
      "Host 'compute-7.example' is down on host fake1 http://10.0.0.1:8774/v2.1 Traceback (most recent call last):\n x";
    expect(computeState({ status: 'ERROR', fault: { message: remote } }).message).toBe('Host is down on its host');
  });
});
