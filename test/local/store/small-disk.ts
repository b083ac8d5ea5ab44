/** A file system of few megabytes that can be filled up. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  readonly path: string;
  /** Leaves no byte free, or as many as are said. */
  fill(left?: number): void;
  /** Gives back all that `fill` took. */
  empty(): void;
  remove(): void;
}

/** Makes a disk. Only root may, so elsewhere, as in a container without the right to mount, there is none. */
export const makeSmallDisk = (size: string): SmallDisk | undefined => {
  const path = mkdtempSync(join(tmpdir(), 'small-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path], { stdio: 'pipe' });
  } catch {
    rmdirSync(path);
    return undefined;
  }
  const filler = join(path, 'filler');
  return {
    path,
    fill(left = 0) {
      const file = openSync(filler, 'a');
      const page = Buffer.alloc(4096);
      const free = () => {
        const { bavail, bsize } = statfsSync(path);
        return bavail * bsize;
      };
      try {
        while (left === 0 || free() > left) writeSync(file, page);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      } finally {
        closeSync(file);
      }
    },
    empty: () => rmSync(filler, { force: true }),
    remove() {
      execFileSync('umount', ['-l', path]);
      rmdirSync(path);
    },
  };
};
