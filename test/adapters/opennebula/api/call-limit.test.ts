import { describe, expect, test } from '@jest/globals';
import { gate } from '../../../../adapters/opennebula/api/call-limit.ts';

const soon = () => Date.now() + 1000;

describe('A gate', () => {
  test('lets so many in and no more, the others in the order of asking', async () => {
    const { enter } = gate(2);
    const order: number[] = [];
    const leave = [await enter(soon()), await enter(soon())];
    const waiting = [1, 2, 3].map(async (number) => {
      const out = await enter(soon());
      order.push(number);
      return out;
    });
    await Promise.resolve();
    expect(order).toEqual([]);
    leave[0]!();
    await waiting[0];
    expect(order).toEqual([1]);
    leave[1]!();
    (await waiting[0])!();
    await Promise.all(waiting);
    expect(order).toEqual([1, 2, 3]);
  });

  test('that is left twice still lets one in', async () => {
    const { enter } = gate(1);
    const leave = await enter(soon());
    leave();
    leave();
    const other = await enter(soon());
    await expect(enter(Date.now() + 20)).rejects.toMatchObject({ failure: 'unavailable' });
    other();
    (await enter(soon()))();
  });

  test('lets no caller wait beyond its deadline, and forgets callers that gave up', async () => {
    const { enter } = gate(1);
    const leave = await enter(soon());
    await expect(enter(Date.now() + 20)).rejects.toMatchObject({
      failure: 'unavailable',
      headers: { 'Retry-After': expect.stringMatching(/^\d+$/) },
    });
    await expect(enter(Date.now() - 1000)).rejects.toMatchObject({ failure: 'unavailable' });
    leave();
    (await enter(soon()))();
  });
});
