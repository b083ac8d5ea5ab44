import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ServiceName } from './service.ts';

/** One exchange with a real service of 2026.2; secrets and tokens are placeholders. */
export interface Recording {
  /** `nova.servers.show--active-latest` */
  readonly name: string;
  readonly service: ServiceName;
  /** UTC; with milliseconds in recordings that also name their caller. */
  readonly recorded: string;
  /** Who sent it, where the recording says so; null for nobody. */
  readonly caller?: string | null;
  readonly request: {
    readonly method: string;
    /** With the query. */
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
  };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
    /** Set where a list was cut: the entries that it has are whole. */
    readonly _shortened_by_recorder?: unknown;
  };
}

const SERVICES: Readonly<Record<string, ServiceName>> = {
  keystone: 'identity',
  nova: 'compute',
  neutron: 'network',
  cinder: 'volume',
  glance: 'image',
};

const FOLDER = fileURLToPath(new URL('../fixtures/openstack/2026.2/', import.meta.url));

const read = (name: string): Recording => ({
  ...JSON.parse(readFileSync(`${FOLDER}${name}.json`, 'utf8')),
  name,
  service: SERVICES[name.split('.')[0]!]!,
});

/** Recordings of the services with these names: `keystone`, `nova`, … */
export const recordingsOf = (...names: readonly string[]): readonly Recording[] =>
  readdirSync(FOLDER)
    .filter((file) => names.includes(file.split('.')[0]!))
    .sort()
    .map((file) => read(file.replace(/\.json$/, '')));
