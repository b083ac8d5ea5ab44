import { describe, expect, test } from '@jest/globals';
import { ATTACHMENT, computeState, INSTANCE, SUBNET, VOLUME } from '../../../adapters/ec2/states.ts';
import { stateIn } from '../../../lib/adapter/states.ts';
import { KINDS, type KindTerm } from '../../../lib/occi/kinds/index.ts';
import type { Kind } from '../../../lib/occi/types.ts';

const stateOf = (State: string, more: object = {}) => computeState({ State: { Name: State }, ...more } as never);

test.each([
  ['compute', INSTANCE],
  ['storage', VOLUME],
  ['network', SUBNET],
  ['storagelink', ATTACHMENT],
  ['networkinterface', ATTACHMENT],
] as const)('The states of %s are OCCI’s', (kind: KindTerm, table) => {
  const known = Object.keys((KINDS[kind] as Kind).life!.actions);
  for (const state of Object.values(table)) expect(known).toContain(state);
});

describe('The state of an instance', () => {
  test.each([
    ['pending', 'waiting'],
    ['running', 'active'],
    ['stopping', 'waiting'],
    ['shutting-down', 'waiting'],
    ['stopped', 'inactive'],
  ])('%s is %s', (native, state) => {
    expect(stateOf(native)).toEqual({ state });
  });

  test('stopped is suspended where it hibernates, and only then', () => {
    const StateReason = {
      Code: 'Client.UserInitiatedHibernate',
      Message: 'Client.UserInitiatedHibernate: User initiated hibernate',
    };
    expect(stateOf('stopped', { StateReason }).state).toBe('suspended');
    expect(stateOf('stopping', { StateReason }).state).toBe('waiting');
    expect(stateOf('running', { StateReason }).state).toBe('active');
    const shutdown = { Code: 'Client.UserInitiatedShutdown', Message: 'User initiated shutdown' };
    expect(stateOf('stopped', { StateReason: shutdown })).toEqual({
      state: 'inactive',
      message: 'User initiated shutdown',
    });
  });

  test('that is newer than the table is waiting, and named', () => {
    expect(stateOf('levitating')).toEqual({ state: 'waiting', message: 'The cloud calls this state levitating.' });
    for (const name of ['constructor', '__proto__', 'toString']) expect(stateOf(name).state).toBe('waiting');
    expect(stateIn(VOLUME, 'x'.repeat(1000)).message!.length).toBeLessThan(120);
  });

  test('comes with EC2’s reason, on one line of bounded length', () => {
    expect(stateOf('stopped', { StateTransitionReason: 'User initiated (2026-01-01)' }).message).toContain(
      'User initiated',
    );
    expect(stateOf('stopped', { StateTransitionReason: '' })).toEqual({ state: 'inactive' });
    const { message } = stateOf('stopped', { StateReason: { Message: `a\r\nb${'x'.repeat(5000)}` } });
    expect(message).toMatch(/^a bx+$/);
    expect(message!.length).toBeLessThanOrEqual(500);
  });
});
