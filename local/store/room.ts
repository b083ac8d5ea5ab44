import { readdir, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes that opening a database needs besides its log, which is rewritten as a table: manifest, first pages of files. */
const OVERHEAD_BYTES = 256 * 1024;
const PROBE = 'room';

/**
 * Checks whether a database in this folder could be reopened: LevelDB then rewrites its log, which needs that much
 * space. We try it by writing, since quotas and read-only mounts do not show in the reported free space.
 */
export const hasRoom = async (path: string): Promise<boolean> => {
  const probe = join(path, PROBE);
  try {
    const logs = (await readdir(path)).filter((name) => name.endsWith('.log'));
    const sizes = await Promise.all(logs.map(async (name) => (await stat(join(path, name))).size));
    const needed = sizes.reduce((sum, size) => sum + size, OVERHEAD_BYTES);
    const { bavail, bsize } = await statfs(path);
    if (bavail * bsize < needed) return false;
    await writeFile(probe, Buffer.alloc(needed));
    return true;
  } catch {
    return false;
  } finally {
    await rm(probe, { force: true }).catch(() => {});
  }
};
