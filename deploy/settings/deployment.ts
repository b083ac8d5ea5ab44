/** The configuration file of a deployment: found, read, checked, and what it needs of the account. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseYaml } from '../../lib/config/yaml.ts';
import type { WrittenParameters } from '../parameters/written.ts';
import type { Needs, WrittenSettings } from '../stack/stack.ts';
import { checkFile } from './check.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What a deployment is configured with, and what it needs. */
export interface Deployment extends Needs {
  /** Name of the file. */
  readonly file: string;
  /** Its content as it is written; the functions read it with the same schemas. */
  readonly settings: WrittenSettings;
  /** The parameters of the deployment in the file, as they are written. */
  readonly parameters: WrittenParameters;
  /** One for each setting that is valid and yet dangerous. */
  readonly warnings: readonly string[];
  /** One for each reason why it can be packaged, but not deployed. */
  readonly notYet: readonly string[];
}

/** A file that cannot be deployed: a line for each error in it. */
export class WrongFile extends Error {
  override readonly name = 'WrongFile';
  readonly lines: readonly string[];

  constructor(title: string, lines: readonly string[] = []) {
    super([title, ...lines].join('\n  '));
    this.lines = lines;
  }
}

/** The settings file of a stage: its own, or else the one that all stages share. */
function fileOf(stage: string, folder: string): string {
  if (!/^[A-Za-z0-9-]{1,40}$/.test(stage)) {
    throw new WrongFile(`Invalid stage ${JSON.stringify(stage)}: use 1 to 40 letters, digits or hyphens.`);
  }
  const names = [`occi.${stage}.yml`, 'occi.yml'];
  const name = names.find((one) => existsSync(join(folder, one)));
  if (!name) throw new WrongFile(`There is neither ${names.join(' nor ')}: copy one from deploy/examples.`);
  return name;
}

/** Parses YAML. An error names line and column and never quotes the file, which may hold secrets. */
function parsed(text: string, name: string): unknown {
  const result = parseYaml(text, name);
  if ('fault' in result) throw new WrongFile(result.fault);
  if (result.value === null) throw new WrongFile(`${name} is empty: copy one from deploy/examples.`);
  return result.value;
}

/**
 * Reads and checks the file of a stage: `occi.<stage>.yml`, else `occi.yml`.
 * @param folder of the file; by default the project's
 * @throws {WrongFile}
 */
export async function readDeployment(stage = 'dev', folder = ROOT): Promise<Deployment> {
  const file = fileOf(stage, folder);
  const { lines, settings, ...rest } = await checkFile(parsed(readFileSync(join(folder, file), 'utf8'), file));
  if (lines.length > 0) throw new WrongFile(`${file} is wrong:`, lines);
  // The check has found it to be of this shape.
  return { file, settings: settings as WrittenSettings, ...rest };
}

/** Prints the warnings on stderr, a line each. */
export function printWarnings({ file, warnings }: Pick<Deployment, 'file' | 'warnings'>): void {
  for (const warning of warnings) console.error(`${file}: warning: ${warning}.`);
}
