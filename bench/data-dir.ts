/** A folder for the data of one server; deleted when the bench ends. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface DataDir {
  readonly path: string;
  remove(): void;
}

export const makeDataDir = (): DataDir => {
  const path = mkdtempSync(join(tmpdir(), 'serverless-occi-bench-'));
  // A server that was just killed may still hold its files, so the deletion is retried.
  const removeFolder = () => rmSync(path, { recursive: true, force: true, maxRetries: 5 });
  process.once('exit', removeFolder);
  return {
    path,
    remove() {
      process.off('exit', removeFolder);
      removeFolder();
    },
  };
};
