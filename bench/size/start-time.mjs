/** How long modules take to be ready, each time in a process of its own. */
import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';

/** Reads the modules that it is given, and prints the milliseconds. */
const SCRIPT = `
const urls = process.argv.slice(1);
const began = performance.now();
for (const url of urls) await import(url);
console.log(performance.now() - began);
process.exit(0);
`;

const once = (paths) => {
  const urls = paths.map((path) => pathToFileURL(path).href);
  const args = ['--no-warnings', '--input-type=module', '-e', SCRIPT, ...urls];
  return Number(execFileSync(process.execPath, args, { encoding: 'utf8' }));
};

const median = (values) => values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)];

/**
 * Medians in milliseconds, by name. All take turns, so that a machine that is busy for a while is so for all of them.
 * @param {Record<string, string[]>} modules
 */
export const startTimes = (modules, times) => {
  const runs = Object.fromEntries(Object.keys(modules).map((name) => [name, []]));
  for (let run = 0; run < times; run++)
    for (const [name, paths] of Object.entries(modules)) runs[name].push(once(paths));
  return Object.fromEntries(Object.entries(runs).map(([name, all]) => [name, median(all)]));
};
