/** The service's settings as the package holds them; the rights of the functions follow from them. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Needs, WrittenSettings } from '../stack/stack.ts';
import type { Deployment } from './deployment.ts';

/** The settings, beside the functions that read them; and their stage and needs. */
const SETTINGS = 'dist/functions/settings.json';
const NEEDS = 'dist/settings-of.json';

/**
 * Puts the settings of a stage into the package.
 * @param folder in which the packager is called
 */
export const writePackagedSettings = (stage: string, deployment: Deployment, folder: string): void => {
  const { file, settings, secrets, roles, callLimit, notYet } = deployment;
  mkdirSync(join(folder, 'dist/functions'), { recursive: true });
  writeFileSync(join(folder, SETTINGS), JSON.stringify(settings));
  writeFileSync(join(folder, NEEDS), JSON.stringify({ stage, file, secrets, roles, callLimit, notYet }));
};

/** What the package holds of a deployment. */
export interface Packaged extends Needs {
  readonly settings: WrittenSettings;
  /** One for each reason not to deploy it. */
  readonly notYet: readonly string[];
}

/**
 * The settings in the package of this stage, and what they need.
 * @throws {Error} when there are none, or those of another stage: the packager was called without `npm run package`
 */
export const readPackagedSettings = (stage: string): Packaged => {
  const cure = `use \`npm run package -- --stage ${stage}\`, or \`npm run deploy -- --stage ${stage}\``;
  if (![SETTINGS, NEEDS].every((path) => existsSync(path))) throw new Error(`${SETTINGS} has not been made: ${cure}.`);
  const {
    stage: made,
    secrets,
    roles,
    callLimit,
    notYet,
  } = JSON.parse(readFileSync(NEEDS, 'utf8')) as Omit<Packaged, 'settings'> & { readonly stage: string };
  if (made !== stage) throw new Error(`${SETTINGS} was made for the stage ${made}, not for ${stage}: ${cure}.`);
  const settings = JSON.parse(readFileSync(SETTINGS, 'utf8')) as WrittenSettings;
  return { settings, secrets, roles, callLimit, notYet };
};
