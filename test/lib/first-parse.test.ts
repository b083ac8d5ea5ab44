import { expect, test } from '@jest/globals';
import * as z from 'zod';
import { firstParse } from '../../lib/first-parse.ts';

const shapes = () => z.object({ id: z.string(), disks: z.array(z.object({ size: z.number() })) });

test('A schema is interpreted once, and may write its code from then on', () => {
  const [one, other] = [shapes(), shapes()];
  expect([firstParse(one), firstParse(one), firstParse(other)]).toEqual([
    { jitless: true },
    undefined,
    { jitless: true },
  ]);
});

test.each([{ id: 'a', disks: [{ size: 1 }], more: true }, { id: 'a', disks: [{ size: '1' }] }, undefined])(
  'It says the same of %j both times',
  (input) => {
    const shape = shapes();
    const [first, second] = [shape.safeParse(input, firstParse(shape)), shape.safeParse(input, firstParse(shape))];
    expect([second.data, second.error?.issues]).toEqual([first.data, first.error?.issues]);
  },
);
