/** The tests of one cloud: one for each scenario, and for each a line with its points. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Cloud, CloudName } from './clouds/cloud.ts';
import { outcomes, statusOf } from './points.ts';
import { SCENARIOS } from './scenarios.ts';
import { stopWorlds } from './world.ts';

const LONGEST = 300_000;

/** A line of the list: columns as wide as the longest text in them. */
const line = (cloud: string, operation: string, request: string, points: string): string =>
  `${cloud.padEnd(11)}${operation.padEnd(24)}${request.padEnd(52)}${points}\n`;

export function crashSuite(name: CloudName, start: () => Promise<Cloud>): void {
  const total = { points: 0, failing: 0 };
  const list = (where: string, request: string, points: number, failing: number) =>
    process.stdout.write(line(name, where, request, String(points).padStart(4) + String(failing).padStart(4)));

  for (const [target, row] of Object.entries(SCENARIOS)) {
    for (const [verb, scenarios] of Object.entries(row)) {
      if (typeof scenarios === 'string') continue;
      const where = `${target}.${verb}`;
      describe(`${name}, ${where}`, () => {
        for (const scenario of scenarios) {
          const reason = scenario.not?.[name];
          if (reason !== undefined) {
            test(`${scenario.name} is refused: ${reason}`, async () => {
              process.stdout.write(line(name, where, scenario.name, `   left out: ${reason}`));
              expect(await statusOf(scenario, start)).toBeGreaterThanOrEqual(400);
            });
            continue;
          }
          test(
            scenario.name,
            async () => {
              const all = await outcomes(scenario, start);
              const failing = all.filter(({ faults }) => faults.length > 0);
              total.points += all.length;
              total.failing += failing.length;
              list(where, scenario.name, all.length, failing.length);
              expect(failing).toEqual([]);
            },
            LONGEST,
          );
        }
      });
    }
  }
  beforeAll(() => {
    process.stdout.write(line('cloud', 'operation', 'request', 'points, failing'));
  });
  afterEach(stopWorlds);
  afterAll(() => {
    list('all', '', total.points, total.failing);
  });
}
