// Runs our program over jOCCI, a client of the field in Java.
import { execFile } from 'node:child_process';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** In a folder that git does not see. */
export const FOLDER = `${fileURLToPath(new URL('../../..', import.meta.url))}node_modules/.cache/jocci`;
export const JARS = `${FOLDER}/jars`;
export const CLASSES = `${FOLDER}/classes`;

const LIMIT_MS = 120_000;

/**
 * One life by jOCCI (Life.java): what it says of each step, in order. A program that fails has a last step `failed`.
 * @param {string} endpoint
 * @param {string} mediaType
 * @param {{ user: string, password: string }} [login]
 * @returns {Promise<ReadonlyArray<readonly [step: string, what: string]>>}
 */
export const live = async (endpoint, mediaType, login) => {
  const path = [CLASSES, `${JARS}/*`].join(delimiter);
  // A program that lives for a second or two is not worth an optimizing compiler.
  const quick = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];
  const args = [...quick, '-cp', path, 'Life', endpoint, mediaType, ...(login ? [login.user, login.password] : [])];
  const { stdout, failure } = await promisify(execFile)('java', args, { timeout: LIMIT_MS }).catch((error) => ({
    stdout: error.stdout ?? '',
    failure: (error.stderr || error.message).trim(),
  }));
  const steps = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]);
  return failure === undefined ? steps : [...steps, ['failed', failure]];
};
