/** The service's settings as the package holds them: what the functions may do follows from what they are told to do. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The settings, beside the functions that read them; and what is known of them: their stage, and what they need. */
const SETTINGS = 'dist/functions/settings.json';
const NEEDS = 'dist/settings-of.json';

/**
 * Puts the settings of a stage into the package.
 * @param {string} stage
 * @param {import('./deployment.d.mts').Deployment} deployment
 * @param {string} folder the one that the packager is called in
 */
export const writePackagedSettings = (stage, { file, settings, secrets, roles }, folder) => {
  mkdirSync(join(folder, 'dist/functions'), { recursive: true });
  writeFileSync(join(folder, SETTINGS), JSON.stringify(settings));
  writeFileSync(join(folder, NEEDS), JSON.stringify({ stage, file, secrets, roles }));
};

/**
 * The settings in the package of this stage, the secrets that they name, and the roles.
 * @throws {Error} when there are none, or those of another stage: whoever calls the packager by itself has not made
 *   them
 */
export const readPackagedSettings = (stage) => {
  const cure = `use \`npm run package -- --stage ${stage}\`, or \`npm run deploy -- --stage ${stage}\``;
  if (![SETTINGS, NEEDS].every((path) => existsSync(path))) throw new Error(`${SETTINGS} has not been made: ${cure}.`);
  const { stage: made, secrets, roles } = JSON.parse(readFileSync(NEEDS, 'utf8'));
  if (made !== stage) throw new Error(`${SETTINGS} was made for the stage ${made}, not for ${stage}: ${cure}.`);
  return { settings: JSON.parse(readFileSync(SETTINGS, 'utf8')), secrets, roles };
};
