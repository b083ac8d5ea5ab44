// Runs our program over jOCCI, a client of the field in Java.
import { execFile } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { folderOf } from '../installed.mjs';

const own = (name) => fileURLToPath(new URL(name, import.meta.url));
export const POM = own('pom.xml');
export const PROGRAM = own('Life.java');

export const FOLDER = folderOf('jocci', [POM, PROGRAM]);
/** In the folder. */
export const JARS = 'jars';
export const CLASSES = 'classes';

const LIMIT_MS = 120_000;

/**
 * One life by jOCCI (Life.java): what it says of each step, in order. A program that fails has a last step `failed`.
 * @param {string} endpoint
 * @param {string} mediaType
 * @param {{ user: string, password: string }} [login]
 * @returns {Promise<ReadonlyArray<readonly [step: string, what: string]>>}
 */
export const live = async (endpoint, mediaType, login) => {
  const path = [join(FOLDER, CLASSES), join(FOLDER, JARS, '*')].join(delimiter);
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
