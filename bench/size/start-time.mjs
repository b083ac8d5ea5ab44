/** How much processor time modules take to load, measured in a new process each time. */
import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';

/** Imports the given modules and prints the milliseconds: processor time, which does not pass while others have their turn. */
const SCRIPT = `
const urls = process.argv.slice(1);
const began = process.cpuUsage();
for (const url of urls) await import(url);
const { user, system } = process.cpuUsage(began);
console.log((user + system) / 1000);
process.exit(0);
`;

const once = (paths) => {
  const urls = paths.map((path) => pathToFileURL(path).href);
  const args = ['--no-warnings', '--input-type=module', '-e', SCRIPT, ...urls];
  return Number(execFileSync(process.execPath, args, { encoding: 'utf8' }));
};

/**
 * The shortest times in milliseconds, by name: other work on the machine can only make one longer. The modules take
 * turns, so that it affects all of them.
 * @param {Record<string, string[]>} modules
 */
export const startTimes = (modules, times) => {
  const runs = Object.fromEntries(Object.keys(modules).map((name) => [name, []]));
  for (let run = 0; run < times; run++)
    for (const [name, paths] of Object.entries(modules)) runs[name].push(once(paths));
  return Object.fromEntries(Object.entries(runs).map(([name, all]) => [name, Math.min(...all)]));
};
