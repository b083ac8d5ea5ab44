import { Socket } from 'node:net';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type Depart, departures } from '../../local/response-batching.ts';

/** The end of this turn of the event loop; what was to leave at it has left. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('answers', () => {
  const [one, other] = [new Socket(), new Socket()];
  let depart: Depart;
  let clock: number;
  let sent: string[];
  const send = (name: string) => () => void sent.push(name);

  beforeEach(() => {
    clock = 0;
    depart = departures(() => clock);
    sent = [];
  });

  test('of several connections that are ready in one turn leave at its end, in their order', async () => {
    depart(one, send('first'));
    depart(other, send('second'));
    depart(one, send('third'));
    await Promise.resolve();
    expect(sent).toEqual([]);
    await turn();
    expect(sent).toEqual(['first', 'second', 'third']);
  });

  test('leave at once where one connection asks again and again', async () => {
    depart(one, send('first'));
    await turn();
    depart(one, send('second'));
    depart(one, send('third'));
    expect(sent).toEqual(['first', 'second', 'third']);
  });

  test('of one connection never overtake each other', async () => {
    depart(other, send('of another'));
    depart(one, send('first'));
    depart(one, send('second'));
    expect(sent).toEqual([]);
    await turn();
    expect(sent).toEqual(['of another', 'first', 'second']);
  });

  test('do not wait for others that take long', async () => {
    depart(one, send('first'));
    clock = 5;
    depart(other, send('second'));
    expect(sent).toEqual([]);
    clock = 6;
    depart(one, send('third'));
    expect(sent).toEqual(['first', 'second', 'third']);
    await turn();
    expect(sent).toHaveLength(3);
  });

  test('that become ready while others leave are for the next turn', async () => {
    depart(one, () => depart(other, send('later')));
    await turn();
    expect(sent).toEqual([]);
    await turn();
    expect(sent).toEqual(['later']);
  });
});
