// The configuration file of a deployment: found, read, checked, and what it needs of the account.
//
//   const { settings, secrets, roles } = await readDeployment('prod');
//
// The schemas are those that the functions start with; they are TypeScript, so they are bundled first.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { LineCounter, parseDocument } from 'yaml';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A file that cannot be deployed: a line for each thing that is wrong in it. */
export class WrongFile extends Error {
  name = 'WrongFile';

  /**
   * @param {string} title
   * @param {readonly string[]} [lines]
   */
  constructor(title, lines = []) {
    super([title, ...lines].join('\n  '));
    this.lines = lines;
  }
}

/** The settings file of a stage: its own, or else the one that all stages share. */
function fileOf(stage, folder) {
  if (!/^[A-Za-z0-9-]{1,40}$/.test(stage)) {
    throw new WrongFile(`Invalid stage ${JSON.stringify(stage)}: use 1 to 40 letters, digits or hyphens.`);
  }
  const names = [`occi.${stage}.yml`, 'occi.yml'];
  const name = names.find((one) => existsSync(join(folder, one)));
  if (!name) throw new WrongFile(`There is neither ${names.join(' nor ')}: copy one from deploy/examples.`);
  return name;
}

/** Parses YAML. An error names line and column and never quotes the file, which may hold secrets. */
function parsed(text, name) {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [fault] = [...document.errors, ...document.warnings];
  if (fault) {
    const { line, col } = lines.linePos(fault.pos[0]);
    throw new WrongFile(`${name}:${line}:${col}: ${FAULTS[fault.code] ?? 'this is not YAML'} (${fault.code}).`);
  }
  const value = document.toJS();
  if (value === null) throw new WrongFile(`${name} is empty: copy one from deploy/examples.`);
  return value;
}

/** Plain words for the most common faults: the parser's own messages quote the file. */
const FAULTS = {
  DUPLICATE_KEY: 'this key stands twice',
  TAB_AS_INDENT: 'indent with spaces, not with a tab',
  BAD_INDENT: 'the indentation does not fit',
  MISSING_CHAR: 'a character is missing, such as a closing quote or bracket',
  UNEXPECTED_TOKEN: 'unexpected token',
  MULTILINE_IMPLICIT_KEY: 'a colon is missing, or the indentation does not fit',
  BLOCK_AS_IMPLICIT_KEY: 'a colon too many in one line: put quotes around the value',
  TAG_RESOLVE_FAILED: 'there are no tags here',
};

let checker;

/** The schemas, bundled once per process. Packages stay where they are. */
function loadChecker() {
  checker ??= (async () => {
    const esbuild = await import('esbuild');
    const path = join(ROOT, 'dist/deploy/file.mjs');
    const { outputFiles } = await esbuild.build({
      absWorkingDir: join(ROOT, '.'),
      entryPoints: ['deploy/settings/check.ts'],
      outfile: path,
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'esm',
      packages: 'external',
      write: false,
      logLevel: 'silent',
    });
    const part = `${path}.${process.pid}.tmp`;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(part, outputFiles[0].contents);
    renameSync(part, path); // somebody else may be reading it
    return import(pathToFileURL(path).href);
  })();
  return checker;
}

/**
 * Reads and checks the file of a stage.
 * @param {string} [stage]
 * @param {string} [folder] where the files are; the project's own folder
 * @returns {Promise<import('./deployment.d.mts').Deployment>}
 * @throws {WrongFile}
 */
export async function readDeployment(stage = 'dev', folder = ROOT) {
  const file = fileOf(stage, folder);
  const settings = parsed(readFileSync(join(folder, file), 'utf8'), file);
  const { checkFile } = await loadChecker();
  const { lines, warnings, needs, isBlank } = await checkFile(settings);
  if (lines.length > 0) throw new WrongFile(`${file} is wrong:`, lines);
  const { parameters, secrets, roles } = needs;
  return { file, settings, warnings, secrets: { parameters, secrets }, roles, isBlank };
}

/** Prints what is right in the file and still a danger. */
export function printWarnings({ file, warnings }) {
  for (const warning of warnings) console.error(`${file}: warning: ${warning}.`);
}
