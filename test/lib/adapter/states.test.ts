import { expect, test } from '@jest/globals';
import { stateIn, unknownState } from '../../../lib/adapter/states.ts';

const TABLE = { RUNNING: 'active', HALTED: 'inactive' } as const;

test('A state of the table is its row, and nothing is reported', () => {
  const reported: string[] = [];
  expect(stateIn(TABLE, 'HALTED', (native) => reported.push(native))).toEqual({ state: 'inactive' });
  expect(reported).toEqual([]);
});

test.each(['MELTING', 'constructor', ''])(
  'A state that the table does not have is waiting and is reported: %j',
  (native) => {
    const reported: string[] = [];
    expect(stateIn(TABLE, native, (name) => reported.push(name))).toEqual({
      state: 'waiting',
      message: `The cloud calls this state ${native}.`,
    });
    expect(reported).toEqual([native]);
  },
);

test('The name of a state is cut before it is shown or reported', () => {
  const reported: string[] = [];
  const { message } = unknownState('x'.repeat(1000), (name) => reported.push(name));
  expect([message!.length < 120, reported[0]!.length]).toEqual([true, 64]);
});
