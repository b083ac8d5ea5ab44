import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One exchange with oned 6.10.0.1, as it went over the wire; passwords are `password`, tokens placeholders. */
export interface Recording {
  readonly name: string;
  readonly user: string;
  readonly request: { readonly body: string };
  readonly response: { readonly status: number; readonly body: string };
}

const FOLDER = fileURLToPath(new URL('../fixtures/opennebula/6.10.0.1/', import.meta.url));

const read = (name: string): Recording => JSON.parse(readFileSync(`${FOLDER}${name}.json`, 'utf8'));

export const recordings: readonly Recording[] = readdirSync(FOLDER)
  .sort()
  .map((file) => read(file.replace(/\.json$/, '')));
