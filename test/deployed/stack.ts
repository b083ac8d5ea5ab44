/** A deployment in the emulator: what the packager makes, created, updated and removed as `npm run deploy` does. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type Choices, type Packaged, packaged } from '../deploy/packaging.ts';
import { PYTHON } from './install.mjs';

/** Where the emulator is, and the folder with the built functions: `run.mjs` says both. */
export const MINISTACK = process.env.MINISTACK!;
const BUILT = process.env.BUILT!;

const SCRIPT = fileURLToPath(new URL('stack.py', import.meta.url));

async function command(name: string, parameters: object): Promise<unknown> {
  const child = spawn(PYTHON, [SCRIPT, MINISTACK, name]);
  child.stdin.end(JSON.stringify(parameters));
  const [printed, said, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  // A template in a message of an error is of no use to a reader.
  if (code !== 0) throw new Error(`stack.py ${name}: ${said.trim().slice(-1500)}`);
  return JSON.parse(printed);
}

/** A call of AWS by the name that botocore gives it: `aws('cognito-idp', 'create_user_pool', {…})`. */
// biome-ignore lint/suspicious/noExplicitAny: each operation answers in its own shape, and each test knows its own.
export const aws = (service: string, operation: string, parameters: object = {}): Promise<any> =>
  command('call', { service, operation, parameters });

type Outputs = Readonly<Record<string, string>>;

export interface Stack {
  readonly name: string;
  readonly outputs: Outputs;
  /** Deploys something else under the same name. */
  update(choices: Choices): Promise<Outputs>;
  /** Removes it; resolves to the names of the tables that are left in the account. */
  remove(): Promise<readonly string[]>;
}

const keysOf = ({ template }: Packaged): readonly string[] => [
  ...new Set(
    Object.values(template.Resources)
      .filter(({ Type }) => Type === 'AWS::Lambda::Function')
      .map(({ Properties }) => Properties.Code.S3Key as string),
  ),
];

async function updateStack(name: string, bucket: string, made: Packaged, isNew = false): Promise<Outputs> {
  const folder = mkdtempSync(join(tmpdir(), 'occi-archive-'));
  try {
    const archive = join(folder, 'archive.zip');
    writeFileSync(archive, made.archive);
    const { template } = made;
    return (await command('update', { name, bucket, template, archive, keys: keysOf(made), new: isNew })) as Outputs;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Packages and deploys; rejects with the events of CloudFormation that failed. */
export async function deploy(choices: Choices): Promise<Stack> {
  const package_ = (chosen: Choices) => packaged({ functions: BUILT, ...chosen });
  const made = await package_(choices);
  const { name: prefix = 'serverless-occi' } = choices.parameters ?? {};
  const name = `${prefix}-${choices.stage ?? 'test'}`;
  const { first } = made;
  const created = first ? ((await command('create', { name, template: first })) as Outputs) : {};
  const bucket = choices.parameters?.deploymentBucket ?? created.ServerlessDeploymentBucketName!;
  return {
    name,
    outputs: await updateStack(name, bucket, made, first === undefined),
    update: async (chosen) => updateStack(name, bucket, await package_(chosen)),
    remove: async () => (await command('remove', { name, bucket })) as readonly string[],
  };
}
