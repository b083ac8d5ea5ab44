/** Which files of a build are loaded when, from esbuild's metafile. */

import { kilobytesOf, readWith } from '../../build.mjs';

/** The output file of an entry point: a function, or a file that is loaded with import(). */
const outputOf = (outputs, source) => {
  const found = Object.keys(outputs).find((path) => outputs[path].entryPoint === source && path.endsWith('.mjs'));
  if (!found) throw new Error(`Nothing begins with ${source}: it is in no bundle, or no longer comes by import().`);
  return found;
};

/** Loaded with the first request, with every cloud. */
const TABLE = 'lib/table/dynamodb.ts';
const OPENNEBULA = 'adapters/opennebula/index.ts';
const OPENSTACK = 'adapters/openstack/index.ts';
const EC2 = 'adapters/ec2/index.ts';
/** EC2's client, which is loaded with the first call to EC2. */
const EC2_CLIENT = 'adapters/ec2/api/sdk.ts';

/**
 * The files that a function loads, as paths.
 * @param {import('esbuild').Metafile} metafile
 * @param {string} name of a function
 * @returns `start`: before any request; `startWithOpenNebula`, `startWithOpenStack`: with the chunks of that adapter;
 *   `firstAnswer`, `firstAnswerWithOpenStack`: also with the client of the table; `ec2`: all files of EC2's client
 */
export const chunksOf = ({ outputs }, name) => {
  const start = readWith(outputs, outputOf(outputs, `functions/${name}.ts`));
  const and = (before, source) => readWith(outputs, outputOf(outputs, source), new Set(before));
  const startWithOpenNebula = and(start, OPENNEBULA);
  const startWithOpenStack = and(start, OPENSTACK);
  const firstAnswer = and(startWithOpenNebula, TABLE);
  const firstAnswerWithOpenStack = and(startWithOpenStack, TABLE);
  // What is loaded later imports what is there before it, which is not read again.
  const startWithEc2 = and(start, EC2);
  const ec2 = new Set([...readWith(outputs, outputOf(outputs, EC2_CLIENT))].filter((path) => !startWithEc2.has(path)));
  return { start, startWithOpenNebula, startWithOpenStack, firstAnswer, firstAnswerWithOpenStack, ec2 };
};

/** The size of each set of files in kilobytes. */
export const sizesOf = ({ outputs }, chunks) =>
  Object.fromEntries(Object.entries(chunks).map(([what, paths]) => [what, kilobytesOf(outputs, paths)]));

/** Sources of EC2's client in files that are loaded without a call to EC2. */
export const strayOf = ({ outputs }, { firstAnswer, firstAnswerWithOpenStack }) =>
  [...new Set([...firstAnswer, ...firstAnswerWithOpenStack])].flatMap((path) =>
    Object.keys(outputs[path].inputs).filter((source) => source.includes('@aws-sdk/client-ec2/')),
  );

/** One message for each value over the budget; empty if all are within it. */
export const overBudget = (name, sizes, stray, budget) => [
  ...Object.entries(budget.kilobytes)
    .filter(([what, most]) => sizes[what] > most)
    .map(([what, most]) => `${name}: ${what} is ${sizes[what].toFixed(0)} kB, over ${most}`),
  ...stray.slice(0, 1).map((source) => `${name}: ${source} is read without a call to EC2`),
];
