// `npm run size`: how much code each function loads until its first response, and how long loading takes in fresh
// processes, in processor time. Fails if a function exceeds the budget in bench/size/budget.json.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, FUNCTIONS, LAMBDA } from '../build.mjs';
import { chunksOf, overBudget, sizesOf, strayOf } from './size/chunks.mjs';
import { startTimes } from './size/start-time.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OUT = join(ROOT, 'dist/size');
const RUNS = 20;
/** Measurements at most, where other work on the machine may be why a start takes too long. */
const MAX_MEASUREMENTS = 3;
const budget = JSON.parse(readFileSync(new URL('size/budget.json', import.meta.url), 'utf8'));

/** A function that only loads the DynamoDB client, built in the same way as ours. */
const ALONE = "export { DynamoDBClient } from '@aws-sdk/client-dynamodb'; export const handler = async () => ({});";

const buildAlone = async () => {
  const { build: bundle } = await import('esbuild');
  const options = { ...LAMBDA, absWorkingDir: join(ROOT, '.'), outdir: join(OUT, 'alone') };
  // Written only now: what the build changes in its files is in this one as well.
  const { outputFiles } = await bundle({
    ...options,
    stdin: { contents: ALONE, resolveDir: ROOT, sourcefile: 'alone.ts' },
    entryNames: 'alone',
  });
  for (const { path, contents } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents);
  }
  return join(OUT, 'alone/alone.mjs');
};

const metafile = await build(ROOT, OUT);
const alone = await buildAlone();
const rows = FUNCTIONS.map((name) => {
  const chunks = chunksOf(metafile, name);
  const sizes = sizesOf(metafile, chunks);
  return { name, chunks, sizes, over: overBudget(name, sizes, strayOf(metafile, chunks), budget) };
});

/** The entry points: functions and files that are loaded with import(). */
const roots = (paths) => [...paths].filter((path) => metafile.outputs[path].entryPoint).map((path) => join(ROOT, path));
const [{ chunks: any, sizes: anySizes }] = rows;
/** What the functions read alike, measured in one of them. */
const ALIKE = ['startWithOpenNebula', 'startWithOpenStack', 'firstAnswer', 'firstAnswerWithOpenStack'];
const measure = () =>
  startTimes(
    {
      alone: [alone],
      ...Object.fromEntries(rows.map(({ name, chunks }) => [name, roots(chunks.start)])),
      ...Object.fromEntries(ALIKE.map((what) => [what, roots(any[what])])),
    },
    RUNS,
  );
/** What starts, with the most that it may take in times what the DynamoDB client alone takes. */
const STARTS = [
  ...rows.map(({ name }) => [name, budget.startOverDynamoDbClient]),
  ['startWithOpenNebula', budget.startWithAdapterOverDynamoDbClient],
  ['startWithOpenStack', budget.startWithAdapterOverDynamoDbClient],
];
const isSlow = (taken) => STARTS.some(([what, most]) => taken[what] / taken.alone > most);
let times = measure();
let measurements = 1;
for (; isSlow(times) && measurements < MAX_MEASUREMENTS; measurements++) {
  console.error('The times exceed the budget, perhaps because of other work on the machine: measuring more.');
  const more = measure();
  times = Object.fromEntries(Object.entries(times).map(([what, taken]) => [what, Math.min(taken, more[what])]));
}

console.log(
  `${''.padEnd(12)}${['kB at start', 'with OpenNebula', 'with OpenStack', 'ms', 'ratio'].map((title) => title.padStart(17)).join('')}`,
);
const over = rows.flatMap((row) => row.over);
for (const { name, sizes } of rows) {
  const ratio = times[name] / times.alone;
  const figures = [
    sizes.start.toFixed(0),
    sizes.startWithOpenNebula.toFixed(0),
    sizes.startWithOpenStack.toFixed(0),
    times[name].toFixed(1),
    ratio.toFixed(2),
  ];
  console.log(`${name.padEnd(12)}${figures.map((figure) => figure.padStart(17)).join('')}`);
}
for (const [what, most] of STARTS) {
  const ratio = times[what] / times.alone;
  if (ratio > most)
    over.push(`${what}: takes ${ratio.toFixed(2)} times what the DynamoDB client alone takes to start, over ${most}`);
}
const inTime = (what) => `${times[what].toFixed(1)} ms (${(times[what] / times.alone).toFixed(2)} times)`;
console.log(
  [
    `The DynamoDB client alone starts in ${times.alone.toFixed(1)} ms of processor time. The shortest of ${RUNS * measurements} processes each, node ${process.version}.`,
    ...[
      ['OpenNebula', 'startWithOpenNebula', 'firstAnswer'],
      ['OpenStack', 'startWithOpenStack', 'firstAnswerWithOpenStack'],
    ].map(
      ([cloud, start, firstAnswer]) =>
        `A function with ${cloud} starts in ${inTime(start)}. Until its first answer it reads ` +
        `${anySizes[firstAnswer].toFixed(0)} kB, the table's client among them, in ${inTime(firstAnswer)}.`,
    ),
    `EC2's client is ${anySizes.ec2.toFixed(0)} kB, and no function reads it before a call to EC2.`,
  ].join('\n'),
);
rmSync(OUT, { recursive: true, force: true });
for (const line of over) console.error(line);
if (over.length > 0) process.exitCode = 1;
