import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('.', import.meta.url));

/** What the runner prints for the vectors of this folder; `environment` says where the endpoint is. */
export const runVectors = (environment: Readonly<Record<string, string>>): Promise<string> =>
  new Promise((resolve) => {
    const env = { ...process.env, ...environment };
    execFile(process.execPath, [`${HERE}run.mjs`, `${HERE}vectors`], { env }, (_error, stdout) => resolve(stdout));
  });
