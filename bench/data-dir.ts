/** A folder for the data of one server, gone when the bench ends. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface DataDir {
  readonly path: string;
  remove(): void;
}

export const makeDataDir = (): DataDir => {
  const path = mkdtempSync(join(tmpdir(), 'serverless-occi-bench-'));
  // A server that was killed this very moment may still hold its files, so it is tried again.
  const forget = () => rmSync(path, { recursive: true, force: true, maxRetries: 5 });
  process.once('exit', forget);
  return {
    path,
    remove() {
      process.off('exit', forget);
      forget();
    },
  };
};
