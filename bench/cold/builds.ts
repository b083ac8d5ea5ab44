/** The two builds that are compared: this one, and that of a commit or of another folder. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../processes.ts';

export interface Build {
  /** A commit with its state (`ebe78eb`, `6ff5282-dirty`). */
  readonly name: string;
  /** The folder of the functions. */
  readonly functions: string;
}

const git = (folder: string, ...args: readonly string[]): string =>
  execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' }).trim();

const nameOf = (folder: string): string => git(folder, 'describe', '--always', '--dirty', '--exclude', '*');

/** Bundles a folder of the project with its own build. */
const built = async (folder: string, out: string): Promise<Build> => {
  const { build } = await import(pathToFileURL(join(folder, 'build.mjs')).href);
  await build(folder, out);
  return { name: nameOf(folder), functions: join(out, 'functions') };
};

/**
 * Builds this folder and `other`: another folder of the project with packages installed, or a commit, which is built with
 * the packages of this folder.
 * @throws {Error} with git's words for what is neither
 */
export const bothBuilds = async (other: string): Promise<{ readonly builds: readonly Build[]; remove(): void }> => {
  const temporary = mkdtempSync(join(tmpdir(), 'occi-cold-'));
  const isFolder = existsSync(join(other, 'build.mjs'));
  const folder = isFolder ? resolve(other) : join(temporary, 'commit');
  const remove = () => {
    if (!isFolder) git(ROOT, 'worktree', 'remove', '--force', folder);
    rmSync(temporary, { recursive: true, force: true });
  };
  if (!isFolder) {
    git(ROOT, 'worktree', 'add', '--detach', folder, other);
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  }
  try {
    const builds = [await built(folder, join(temporary, 'before')), await built(ROOT, join(temporary, 'now'))];
    return { builds, remove };
  } catch (error) {
    remove();
    throw error;
  }
};
