import { readdir, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes that opening a database takes beside its log, which becomes a table: a manifest, the first pages of files. */
const BESIDE_THE_LOG = 256 * 1024;
const PROBE = 'room';

/**
 * Whether a database in this folder could be opened again: it writes its log anew, so that much must be free. Tried
 * by writing, since quotas and read-only file systems do not show in what is said to be free.
 */
export const hasRoom = async (path: string): Promise<boolean> => {
  const probe = join(path, PROBE);
  try {
    const logs = (await readdir(path)).filter((name) => name.endsWith('.log'));
    const sizes = await Promise.all(logs.map(async (name) => (await stat(join(path, name))).size));
    const needed = sizes.reduce((sum, size) => sum + size, BESIDE_THE_LOG);
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
