/** The tests of one cloud: one for each scenario, and a table of the points at the end. */
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import type { Cloud, CloudName } from './clouds/cloud.ts';
import { outcomes } from './points.ts';
import { SCENARIOS } from './scenarios.ts';
import { stopWorlds } from './world.ts';

const LONGEST = 300_000;

export function crashSuite(name: CloudName, start: () => Promise<Cloud>): void {
  const table: string[] = [];
  for (const [target, row] of Object.entries(SCENARIOS)) {
    for (const [verb, scenarios] of Object.entries(row)) {
      if (typeof scenarios === 'string') continue;
      describe(`${name}, ${target}.${verb}`, () => {
        for (const scenario of scenarios.filter(({ not }) => not?.[name] === undefined)) {
          test(
            scenario.name,
            async () => {
              const all = await outcomes(scenario, start);
              const failing = all.filter(({ faults }) => faults.length > 0);
              const where = `${target}.${verb}`.padEnd(24);
              const line = `${name.padEnd(11)}${where}${scenario.name.padEnd(52)}${String(all.length).padStart(4)}${String(failing.length).padStart(4)}`;
              table.push(line);
              if (process.env.CRASH_TRACE) process.stderr.write(`${line}\n`);
              expect(failing).toEqual([]);
            },
            LONGEST,
          );
        }
      });
    }
  }
  afterEach(stopWorlds);
  afterAll(() => {
    const heading = `${'cloud'.padEnd(11)}${'operation'.padEnd(24)}${'request'.padEnd(52)}points, failing`;
    process.stdout.write(`${[heading, ...table].join('\n')}\n`);
  });
}
