// jOCCI from Maven and our program over it, compiled; made once.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Missing } from '../virtualenv.mjs';
import { CLASSES, FOLDER, JARS } from './jocci.mjs';

const own = (name) => fileURLToPath(new URL(name, import.meta.url));
const POM = own('pom.xml');
const PROGRAM = own('Life.java');

const run = (command, args) => {
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (error) throw new Missing(`jOCCI needs ${command}, which cannot be started (${error.message})`);
  const said = `${stdout}${stderr}`.trim().split('\n');
  const why = said.find((line) => line.includes('ERROR') || line.includes('error:')) ?? said.at(-1);
  if (status !== 0) throw new Missing(`jOCCI cannot be installed (${command}: ${why})`);
};

/** Fetches and compiles what has changed since the last time; usually nothing. Needs Maven and a JDK. Throws `Missing`. */
export const installJocci = () => {
  /** Names the files that the folder was made of; written last. */
  const stamp = `${FOLDER}/sources-sha256`;
  const hash = createHash('sha256').update(readFileSync(POM)).update(readFileSync(PROGRAM)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  console.error('Installing jOCCI for the peers, once …');
  rmSync(FOLDER, { recursive: true, force: true });
  run('javac', ['--version']);
  const fetching = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${JARS}`];
  run('mvn', ['-q', '-B', '-C', '-f', POM, ...fetching]);
  run('javac', ['-nowarn', '-cp', `${JARS}/*`, '-d', CLASSES, PROGRAM]);
  writeFileSync(stamp, hash);
};
