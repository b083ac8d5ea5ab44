// Where Chromium is. In CI it is installed, from the packages of Debian, where it is missing.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Why there is no Chromium, in one line. */
export class Missing extends Error {}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const isExecutable = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const found = () => {
  const { CHROMIUM, PATH = '' } = process.env;
  if (CHROMIUM) return CHROMIUM;
  return PATH.split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find(isExecutable);
};

const APT = [
  ['apt-get', 'update', '-qq'],
  ['apt-get', 'install', '-qq', '--yes', '--no-install-recommends', 'chromium'],
];

/**
 * The path of Chromium, or of Chrome; `CHROMIUM` names another.
 * @throws {Missing} where there is none, and none may or can be installed
 */
export const chromiumPath = () => {
  const path = found();
  if (path) return path;
  if (!process.env.CI) throw new Missing('there is no Chromium here');
  if (process.getuid?.() !== 0) throw new Missing('there is no Chromium here, and only root may install it');
  console.error('Installing Chromium, once …');
  for (const [command, ...args] of APT) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8', env });
    const why = error?.message ?? stderr?.trim().split('\n').at(-1);
    if (status !== 0) throw new Missing(`Chromium cannot be installed (${why})`);
  }
  const installed = found();
  if (!installed) throw new Missing('the package of Chromium has brought none');
  return installed;
};
