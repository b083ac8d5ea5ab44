import { afterEach, expect, jest, test } from '@jest/globals';
import { stateIn, unknownState } from '../../../lib/adapter/states.ts';
import { logger } from '../../../lib/log.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

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

test('The log gets each unknown state once, and no more than a hundred', () => {
  const warn = jest.spyOn(logger, 'warn').mockImplementation(() => {});
  for (let number = 0; number < 150; number++) unknownState(`STATE ${number % 120}`);
  unknownState('STATE 0');
  const states = warn.mock.calls.map(([, extra]) => (extra as { state: string }).state);
  expect(states).toEqual(Array.from({ length: 100 }, (_, number) => `STATE ${number}`));
});
