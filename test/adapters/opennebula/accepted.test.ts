/** oned may show a machine in the state that an accepted action has ended already. */
import { expect, test } from '@jest/globals';
import type { Cloud } from '../../../adapters/opennebula/cloud.ts';
import { Accepted } from '../../../adapters/opennebula/compute-actions.ts';

const RUNNING = { STATE: 3, LCM_STATE: 3 };
const STOPPING = { STATE: 3, LCM_STATE: 18 };

/** A cloud that shows a machine like this, one after the other, and the last one for ever. */
function cloudOf(...machines: object[]): { readonly cloud: Cloud; readonly calls: () => number } {
  let calls = 0;
  const call = async () => machines[Math.min(calls++, machines.length - 1)];
  return { cloud: { client: { call } } as unknown as Cloud, calls: () => calls };
}

test('a machine that still runs after it was stopped is looked at again', async () => {
  const { cloud, calls } = cloudOf(RUNNING, RUNNING, STOPPING);
  const accepted = new Accepted();
  accepted.add('7', 'stop');
  expect(await accepted.read(cloud, '7')).toEqual(STOPPING);
  expect(calls()).toBe(3);
});

test('one that runs on and on has refused to stop, and is shown as it is', async () => {
  const { cloud } = cloudOf(RUNNING);
  const accepted = new Accepted();
  accepted.add('7', 'stop');
  expect(await accepted.read(cloud, '7')).toEqual(RUNNING);
});

test('another machine, and an action that ends no state, take one look', async () => {
  const { cloud, calls } = cloudOf(RUNNING);
  const accepted = new Accepted();
  accepted.add('7', 'restart');
  accepted.add('8', 'stop');
  await accepted.read(cloud, '7');
  expect(calls()).toBe(1);
});
