/** oned may still show the old state of a machine after it has accepted an action. */
import { afterEach, expect, jest, test } from '@jest/globals';
import { Accepted } from '../../../adapters/opennebula/compute/actions.ts';
import type { Native } from '../../../lib/adapter/contract.ts';

const machine = (id: string, state: 'active' | 'inactive' | 'waiting'): Native<'compute'> => ({
  kind: 'compute',
  id,
  attributes: { 'occi.core.title': 'web', 'occi.compute.state': state },
  mixins: [],
});
const stateOf = ({ attributes }: Native<'compute'>) => attributes['occi.compute.state'];

afterEach(() => {
  jest.restoreAllMocks();
});

test('a machine that still runs after it was stopped waits, and nothing else of it is changed', () => {
  const accepted = new Accepted();
  accepted.add('7', 'stop');
  expect(accepted.shown(machine('7', 'active'))).toEqual(machine('7', 'waiting'));
  expect(accepted.shown(machine('7', 'inactive'))).toEqual(machine('7', 'inactive'));
});

test('one that runs on and on has refused to stop, and is shown as it is', () => {
  const accepted = new Accepted();
  accepted.add('7', 'stop');
  jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 1000);
  expect(stateOf(accepted.shown(machine('7', 'active')))).toBe('active');
});

test('another machine, and an action that ends no state, are shown as they are', () => {
  const accepted = new Accepted();
  accepted.add('7', 'restart');
  accepted.add('8', 'stop');
  expect(stateOf(accepted.shown(machine('7', 'active')))).toBe('active');
  expect(stateOf(accepted.shown(machine('9', 'active')))).toBe('active');
});
