/** The tests of one cloud: one for each scenario, and for each a line with its points. */
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Cloud, CloudName } from './clouds/cloud.ts';
import { outcomes } from './points.ts';
import { SCENARIOS } from './scenarios.ts';
import { stopWorlds } from './world.ts';

const LONGEST = 300_000;

/** `only`: the scenarios of a cloud whose part in the others is that of another cloud. */
export function crashSuite(name: CloudName, start: () => Promise<Cloud>, only = /^/): void {
  for (const [target, row] of Object.entries(SCENARIOS)) {
    for (const [verb, scenarios] of Object.entries(row)) {
      if (typeof scenarios === 'string' || !scenarios.some((one) => only.test(one.name))) continue;
      describe(`${name}, ${target}.${verb}`, () => {
        for (const scenario of scenarios.filter((one) => one.not?.[name] === undefined && only.test(one.name))) {
          test(
            scenario.name,
            async () => {
              const all = await outcomes(scenario, start);
              const failing = all.filter(({ faults }) => faults.length > 0);
              const where = `${target}.${verb}`.padEnd(24);
              const line = `${name.padEnd(11)}${where}${scenario.name.padEnd(52)}${String(all.length).padStart(4)}${String(failing.length).padStart(4)}`;
              process.stdout.write(`${line}\n`);
              expect(failing).toEqual([]);
            },
            LONGEST,
          );
        }
      });
    }
  }
  beforeAll(() => {
    process.stdout.write(`${'cloud'.padEnd(11)}${'operation'.padEnd(24)}${'request'.padEnd(52)}points, failing\n`);
  });
  afterEach(stopWorlds);
}
