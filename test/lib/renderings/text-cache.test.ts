import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import { TextCache } from '../../../lib/renderings/text-cache.ts';

test('A cached value of a piece of a large body does not keep the body alive', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const used = () => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const recent = new TextCache<number>();
  const ask = (n: number) => {
    const body = `${String(n).padStart(40, 'a piece of the body ')}${'x'.repeat(300_000)}`;
    return recent.get(body.slice(0, 40), (piece) => piece.length);
  };
  const before = used();
  for (let round = 0; round < 3; round++) for (let n = 0; n < 300; n++) expect(ask(n)).toBe(40);
  expect(used() - before).toBeLessThan(20 * 1024 * 1024);
});
