/** Packages the service as `npm run package` does, in a folder of its own: the template and the archive that come out. */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { FUNCTIONS } from '../../build.mjs';
import { readDeployment } from '../../deploy/settings/deployment.ts';
import { writePackagedSettings } from '../../deploy/settings/packaged.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

// biome-ignore lint/suspicious/noExplicitAny: a template is JSON of many shapes, and each test knows its own.
export type Json = any;

export interface Template {
  readonly Resources: Readonly<Record<string, Json>>;
  readonly Outputs: Readonly<Record<string, Json>>;
  readonly Conditions?: Readonly<Record<string, Json>>;
}

export interface Choices {
  readonly stage?: string;
  /** What the packager is asked to do; `deploy` without credentials ends before anything is sent. */
  readonly command?: 'package' | 'deploy';
  /** More of the command line. */
  readonly args?: readonly string[];
  /** What `--param` is given, as text. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Settings of the service. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Folder with built functions; without one they are empty files, which is enough for a template. */
  readonly functions?: string;
  /** The project that packages, if it is another than this one. */
  readonly root?: string;
}

export interface Packaged {
  /** What the stack is first made of, the bucket for the archive; none with a bucket that is there. */
  readonly first?: Template;
  readonly template: Template;
  readonly archive: Buffer;
}

/** Nothing that a packager could take credentials from, or a proxy. */
const BARE = { PATH: process.env.PATH ?? '', HOME: tmpdir(), SLS_TELEMETRY_DISABLED: '1' };

/** Runs the packager. Rejects with what it printed. */
export async function packaged(choices: Choices): Promise<Packaged> {
  const { stage = 'test', command = 'package', args: more = [], parameters = {}, settings, functions } = choices;
  const { root = ROOT } = choices;
  const folder = mkdtempSync(join(tmpdir(), 'occi-package-'));
  try {
    for (const name of ['serverless.yml', 'package.json']) cpSync(join(root, name), join(folder, name));
    for (const name of ['deploy', 'node_modules']) symlinkSync(join(root, name), join(folder, name));
    const built = join(folder, 'dist/functions');
    mkdirSync(built, { recursive: true });
    if (functions) cpSync(functions, built, { recursive: true });
    else for (const name of FUNCTIONS) writeFileSync(join(built, `${name}.mjs`), '');
    // JSON is YAML.
    writeFileSync(join(folder, 'occi.yml'), JSON.stringify(settings));
    writePackagedSettings(stage, await readDeployment(stage, folder), folder);
    const chosen = Object.entries(parameters).flatMap(([name, value]) => ['--param', `${name}=${value}`]);
    const args = ['node_modules/serverless/bin/serverless.js', command, '--stage', stage, ...more, ...chosen];
    await run(process.execPath, args, { cwd: folder, env: BARE }).catch(({ stdout, stderr }) => {
      throw new Error(`${stdout}\n${stderr}`);
    });
    const made = join(folder, '.serverless');
    const templateFile = (step: string): string => join(made, `cloudformation-template-${step}-stack.json`);
    const templateOf = (step: string): Template => JSON.parse(readFileSync(templateFile(step), 'utf8'));
    const archive = readFileSync(join(made, 'serverless-occi.zip'));
    const first = existsSync(templateFile('create')) ? { first: templateOf('create') } : {};
    return { ...first, template: templateOf('update'), archive };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs several at a time, for a machine of few cores. */
export async function packagedAll<K extends string>(all: Readonly<Record<K, Choices>>): Promise<Record<K, Template>> {
  const left = Object.entries(all) as [K, Choices][];
  const templates = {} as Record<K, Template>;
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) templates[next[0]] = (await packaged(next[1])).template;
  };
  await Promise.all([work(), work()]);
  return templates;
}
