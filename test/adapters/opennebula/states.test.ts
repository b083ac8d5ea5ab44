import { describe, expect, test } from '@jest/globals';
import { readAnswer } from '../../../adapters/opennebula/api/answer.ts';
import { readDocument } from '../../../adapters/opennebula/api/document.ts';
import { tupleResult } from '../../../adapters/opennebula/api/xml-rpc.ts';
import { image, vm, vnet } from '../../../adapters/opennebula/native/index.ts';
import {
  computeState,
  IMAGE_STATES,
  LCM_STATES,
  networkState,
  securityGroupState,
  storageState,
  VM_STATES,
} from '../../../adapters/opennebula/states.ts';
import { LINK_STATE } from '../../../lib/adapter/states.ts';
import { compute } from '../../../lib/occi/kinds/compute.ts';
import { bytesOf, recordings } from './recordings.ts';

const documentOf = (name: string) => readDocument(tupleResult(readAnswer(bytesOf(name))) as string);

/** LCM states by what is shown. */
const SHOWN = {
  active: [3, 17, 24, 25, 26, 57, 59, 62, 66, 69],
  inactive: [16, 51, 52, 53, 63, 64, 70],
  suspended: [54, 56],
  error: [36, 37, 38, 39, 40, 41, 42, 44, 46, 47, 48, 49, 50, 61],
} as const;

describe('The state of a machine', () => {
  test.each([
    [0, 'waiting'],
    [1, 'waiting'],
    [2, 'waiting'],
    [4, 'suspended'],
    [5, 'suspended'],
    [8, 'inactive'],
    [9, 'inactive'],
    [10, 'waiting'],
    [11, 'error'],
  ])('that is not active, %d, is %s', (STATE, state) => {
    expect(computeState({ STATE, LCM_STATE: 0 }).state).toBe(state);
  });

  test.each(Object.entries(LCM_STATES))('%s is the one that its number has in the list', (text, [name]) => {
    const LCM_STATE = Number(text);
    const listed = Object.entries(SHOWN).find(([, numbers]) => (numbers as readonly number[]).includes(LCM_STATE))?.[0];
    const { state, message } = computeState({ STATE: 3, LCM_STATE });
    expect(state).toBe(listed ?? 'waiting');
    if (LCM_STATE !== 3) expect(message).toMatch(new RegExp(`^${name}: .+`));
  });

  test('knows every number up to 71 but those that are retired', () => {
    const numbers = Array.from({ length: 72 }, (_, number) => number).filter((one) => ![13, 14, 55, 58].includes(one));
    expect(Object.keys(LCM_STATES).map(Number)).toEqual(numbers);
    expect(Object.keys(VM_STATES).map(Number)).toEqual([0, 1, 2, 4, 5, 8, 9, 10, 11]);
  });

  test('of which nothing is special has no message', () => {
    expect(computeState({ STATE: 3, LCM_STATE: 3 })).toEqual({ state: 'active' });
    expect(computeState({ STATE: 8, LCM_STATE: 0 })).toEqual({ state: 'inactive' });
  });

  test('that is DONE is not found', () => {
    expect(() => computeState({ STATE: 6, LCM_STATE: 0 })).toThrow(expect.objectContaining({ failure: 'notFound' }));
  });

  test.each([
    [7, 0, 'STATE', 7],
    [12, 0, 'STATE', 12],
    [3, 13, 'LCM_STATE', 13],
    [3, 72, 'LCM_STATE', 72],
    [3, -1, 'LCM_STATE', -1],
  ])('that is unknown, %d/%d, is waiting, with a message and a line in the log', (STATE, LCM_STATE, table, number) => {
    const logged: string[] = [];
    const shown = computeState({ STATE, LCM_STATE }, (native) => logged.push(native));
    expect(shown).toEqual({ state: 'waiting', message: expect.stringContaining(`${table} ${number}`) });
    expect(logged).toEqual([`${table} ${number}`]);
  });

  test('tells why it failed, and why no host was found, in OpenNebula’s words', () => {
    const ERROR = 'Sat Nov 21 18:53:37 2026: Error copying image: /var/lib/one//datastores/1/7/disk.0 is full';
    expect(computeState({ STATE: 3, LCM_STATE: 39, USER_TEMPLATE: { ERROR } }).message).toBe(
      'PROLOG_FAILURE: its disks could not be copied: Error copying image: (a file) is full',
    );
    const SCHED_MESSAGE = 'Sat Nov 21 18:53:37 2026: Cannot dispatch VM: no host meets capacity';
    expect(computeState({ STATE: 1, LCM_STATE: 0, USER_TEMPLATE: { SCHED_MESSAGE } }).message).toContain(
      'PENDING: waits for a host: Cannot dispatch VM: no host meets capacity',
    );
    expect(computeState({ STATE: 3, LCM_STATE: 3, USER_TEMPLATE: { ERROR } })).toEqual({ state: 'active' });
  });

  const named = recordings(/^one\.vm\.info--state-\d+-\d+-/).filter((name) => !name.includes('state-6-'));

  test.each(named)('recorded as %s has that name in the tables', (recorded) => {
    const [, STATE, LCM_STATE, name] = /--state-(\d+)-(\d+)-([a-z_]+?)(-web-1)?$/.exec(recorded)!;
    const shown = vm.parse(documentOf(recorded));
    expect([shown.STATE, shown.LCM_STATE]).toEqual([Number(STATE), Number(LCM_STATE)]);
    const rows: Readonly<Record<string, readonly [string, ...unknown[]]>> = shown.STATE === 3 ? LCM_STATES : VM_STATES;
    expect(rows[shown.STATE === 3 ? shown.LCM_STATE : shown.STATE]![0]).toBe(name!.toUpperCase());
    expect(compute.attributes['occi.compute.state'].values).toContain(computeState(shown).state);
  });

  test('that failed tells what was recorded of it', () => {
    const { state, message } = computeState(vm.parse(documentOf('one.vm.info--state-3-42-epilog_undeploy_failure')));
    expect(state).toBe('error');
    expect(message).toMatch(/^EPILOG_UNDEPLOY_FAILURE: .*Error executing image transfer script/);
  });

  test('makes its links work or not', () => {
    expect(LINK_STATE.active).toBe('active');
    expect(LINK_STATE.suspended).toBe('inactive');
  });
});

describe('The state of an image', () => {
  test.each([
    [0, 'waiting'],
    [1, 'online'],
    [2, 'online'],
    [3, 'offline'],
    [4, 'waiting'],
    [5, 'error'],
    [6, 'online'],
    [7, 'waiting'],
    [8, 'online'],
    [9, 'waiting'],
    [10, 'waiting'],
    [11, 'waiting'],
  ])('%d is %s', (STATE, state) => {
    expect(storageState({ STATE }, () => {}).state).toBe(state);
  });

  test.each(recordings(/^one\.image\.info--state-\d+-/))('recorded as %s has that name in the table', (recorded) => {
    const [, STATE, name] = /--state-(\d+)-([a-z_]+)$/.exec(recorded)!;
    const shown = image.parse(documentOf(recorded));
    expect(shown.STATE).toBe(Number(STATE));
    expect(IMAGE_STATES[shown.STATE as keyof typeof IMAGE_STATES][0]).toBe(name!.toUpperCase());
  });

  test('that failed tells why', () => {
    const { message } = storageState({ STATE: 5, TEMPLATE: { ERROR: 'Sat Nov 21 18:53:37 2026: no such URL' } });
    expect(message).toBe('ERROR: it could not be made: no such URL');
  });
});

describe('The state of a network', () => {
  test.each([
    [undefined, 'active'],
    [0, 'waiting'],
    [1, 'active'],
    [2, 'waiting'],
    [3, 'waiting'],
    [5, 'error'],
    [6, 'active'],
    [9, 'waiting'],
  ])('%p is %s', (STATE, state) => {
    expect(networkState({ STATE }, () => {}).state).toBe(state);
  });

  test('that is DONE is not found', () => {
    expect(() => networkState({ STATE: 4 })).toThrow(expect.objectContaining({ failure: 'notFound' }));
  });

  test.each(['one.vn.info--state-2-lock_create', 'one.vn.info--state-3-lock_delete'])(
    'recorded as %s is waiting',
    (name) => {
      expect(networkState(vnet.parse(documentOf(name))).state).toBe('waiting');
    },
  );
});

test('A security group is active once its rules have come to all machines', () => {
  const none = { OUTDATED_VMS: [], UPDATING_VMS: [], ERROR_VMS: [] };
  expect(securityGroupState(none)).toEqual({ state: 'active' });
  expect(securityGroupState({ ...none, UPDATING_VMS: [1], OUTDATED_VMS: [2] }).state).toBe('waiting');
  expect(securityGroupState({ ...none, ERROR_VMS: [1] }).state).toBe('error');
});
