/** The servers that are measured: started as `npm start` starts them, filled over HTTP. */
import type { ChildProcess } from 'node:child_process';
import { makeDataDir } from './data-dir.ts';
import { announcedUrl, end, launch, listenTo } from './processes.ts';
import { COMPUTE, type TableKind } from './workload.ts';

export interface Server {
  readonly url: string;
  readonly process: ChildProcess;
  /** Creates computes until there are so many. */
  fill(computes: number): Promise<void>;
  /** Deletes all computes. */
  clear(): Promise<void>;
  /** The URLs of all computes. */
  computes(): Promise<string[]>;
  /** Ends the server and forgets its data. Throws an `Error` if it had anything to say on stderr. */
  end(): Promise<void>;
}

/** Without the lines that a request writes at the level INFO; problems would still be written. */
export const QUIET = { POWERTOOLS_LOG_LEVEL: 'WARN' };
/** Creates that are under way at a time while a server is filled. */
const AT_ONCE = 16;

export const startServer = async (table: TableKind): Promise<Server> => {
  const dataDir = makeDataDir();
  const env = { ...QUIET, HOST: '127.0.0.1', PORT: '0', DATA_DIR: dataDir.path };
  const child = launch(process.execPath, ['local/start.mjs', '--table', table], env);
  const { complaints } = listenTo(child);
  const url = await announcedUrl(child, complaints);
  const computes = async () => (await get(`${url}/compute/`, 'text/uri-list')).split(/\r?\n/).filter(Boolean);
  return {
    url,
    process: child,
    computes,
    async fill(wanted) {
      let missing = wanted - (await computes()).length;
      const create = async () => {
        while (missing-- > 0) await post(`${url}/compute/`);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, create));
      const there = (await computes()).length;
      if (there !== wanted) throw new Error(`there are ${there} computes instead of ${wanted}`);
    },
    async clear() {
      // What one request has no time for is left to the next.
      for (let left = (await computes()).length, before = Number.POSITIVE_INFINITY; left > 0; ) {
        const response = await fetch(`${url}/compute/?all=true`, { method: 'DELETE' });
        const body = await response.text();
        if (left >= before) throw new Error(`DELETE ${url}/compute/: ${response.status} ${body}, ${left} left`);
        before = left;
        left = (await computes()).length;
      }
    },
    async end() {
      await end(child);
      dataDir.remove();
      if (complaints() !== '') throw new Error(`the server with the ${table} table complained: ${complaints()}`);
    },
  };
};

const get = async (url: string, accept: string): Promise<string> => {
  const response = await fetch(url, { headers: { Accept: accept } });
  const body = await response.text();
  if (!response.ok) throw new Error(`GET ${url}: ${response.status} ${body}`);
  return body;
};

const post = async (url: string): Promise<void> => {
  const response = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: COMPUTE });
  const body = await response.text();
  if (response.status !== 201) throw new Error(`POST ${url}: ${response.status} ${body}`);
};
