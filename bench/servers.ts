/** The servers that are measured: started as `npm start` starts them, filled over HTTP. */
import type { ChildProcess } from 'node:child_process';
import { makeDataDir } from './data-dir.ts';
import { announcedUrl, end, launch, listenTo } from './processes.ts';
import { COMPUTE, type TableKind } from './workload.ts';

export interface Server {
  readonly url: string;
  readonly process: ChildProcess;
  /** Creates computes until there are `computes` of them. */
  fill(computes: number): Promise<void>;
  /** Deletes all computes. */
  clear(): Promise<void>;
  /** The URLs of all computes. */
  computes(): Promise<string[]>;
  /** Ends the server and deletes its data. Throws an `Error` if it wrote to stderr. */
  end(): Promise<void>;
}

/** Suppresses the INFO line of each request; warnings and errors are still logged. */
export const QUIET = { POWERTOOLS_LOG_LEVEL: 'WARN' };
/** Number of concurrent creates while a server is filled. */
const CONCURRENT_CREATES = 16;

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
      await Promise.all(Array.from({ length: CONCURRENT_CREATES }, create));
      const found = (await computes()).length;
      if (found !== wanted) throw new Error(`there are ${found} computes instead of ${wanted}`);
    },
    async clear() {
      // A request deletes as many as it has time for; the next one continues.
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
