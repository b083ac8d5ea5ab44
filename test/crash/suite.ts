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

/** Whether the scenarios run as well that a suite leaves out to be done in time. */
const IS_WHOLE = process.env.CRASH_WHOLE === '1';

/** `leftOut`: scenarios, by name, that run with CRASH_WHOLE=1 only, each with the reason. */
export function crashSuite(
  name: CloudName,
  start: () => Promise<Cloud>,
  leftOut: Readonly<Record<string, string>> = {},
): void {
  const total = { points: 0, failing: 0 };
  const list = (where: string, request: string, points: number, failing: number) =>
    process.stdout.write(line(name, where, request, String(points).padStart(4) + String(failing).padStart(4)));

  for (const [target, row] of Object.entries(SCENARIOS)) {
    for (const [verb, scenarios] of Object.entries(row)) {
      if (typeof scenarios === 'string') continue;
      const where = `${target}.${verb}`;
      if (!IS_WHOLE && scenarios.every((one) => leftOut[one.name] !== undefined)) continue;
      describe(`${name}, ${where}`, () => {
        for (const scenario of scenarios) {
          if (!IS_WHOLE && leftOut[scenario.name] !== undefined) continue;
          if (scenario.only && !scenario.only.includes(name)) continue;
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
              const all = await outcomes(scenario, start).catch((error: unknown) => {
                process.stdout.write(line(name, where, scenario.name, `   ${error}`));
                throw error;
              });
              const failing = all.filter(({ faults }) => faults.length > 0);
              total.points += all.length;
              total.failing += failing.length;
              list(where, scenario.name, all.length, failing.length);
              for (const { point, faults } of failing) process.stdout.write(`  ${point}: ${faults.join('; ')}\n`);
              expect(failing).toEqual([]);
            },
            LONGEST,
          );
        }
      });
    }
  }
  test('what is left out is in the table', () => {
    const names = Object.values(SCENARIOS).flatMap((row) =>
      Object.values(row).flatMap((cell) => (typeof cell === 'string' ? [] : cell.map((one) => one.name))),
    );
    expect(names).toEqual(expect.arrayContaining(Object.keys(leftOut)));
  });
  beforeAll(() => {
    process.stdout.write(line('cloud', 'operation', 'request', 'points, failing'));
  });
  afterEach(stopWorlds);
  afterAll(() => {
    list('all', '', total.points, total.failing);
  });
}
