import { expect, test } from '@jest/globals';
import { OPERATIONS } from '../../lib/operations/index.ts';
import { SCENARIOS } from './scenarios.ts';

const cells = Object.entries(OPERATIONS).flatMap(([target, row]) =>
  Object.entries(row).map(([verb, operation]) => ({ target, verb, operation })),
);

test.each(cells)(
  '$target.$verb has scenarios if it is an operation that changes something',
  ({ target, verb, operation }) => {
    const scenarios = SCENARIOS[target as keyof typeof SCENARIOS][verb as keyof (typeof SCENARIOS)['entity']];
    if (!operation) expect(scenarios).toBe('none');
    else if (verb === 'get') expect(scenarios).toBe('reads');
    else expect(scenarios.length).toBeGreaterThan(0);
  },
);

test('no two scenarios of an operation have one name', () => {
  const lists = Object.values(SCENARIOS).flatMap((row) =>
    Object.values(row).filter((cell) => typeof cell !== 'string'),
  );
  for (const scenarios of lists) expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
});
