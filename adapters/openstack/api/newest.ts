/** The newest microversion of a service, asked for once in a process. */
import * as z from 'zod';
import { BoundedCache, loadForEach } from '../../../lib/adapter/cache.ts';
import { isFailure } from '../../../lib/errors.ts';
import type { Calls } from './calls.ts';
import { NEWEST, older, type Versioned } from './microversions.ts';
import { path } from './path.ts';
import { Refusal } from './refusal.ts';

const versionOf = z.object({ version: z.string().default('') });
/** Nova tells one version at its endpoint, Cinder a list of one. */
const versionAnswer = z.union([z.object({ version: versionOf }), z.object({ versions: z.array(versionOf) })]);

const OLDEST = { compute: '2.1', volume: '3.0' } as const satisfies Record<Versioned, string>;
const MAX_ENDPOINTS = 100;
const TTL_MS = 3_600_000;

/** A token that has ended, or is limited, and the end of a request are no faults of those who wait for the same. */
const isOwnFault = (error: unknown): boolean =>
  (error instanceof Refusal && [401, 403].includes(error.status)) || isFailure(error, 'timedOut');

/** What a process knows of the services of its cloud. */
export class NewestVersions {
  readonly #known = new BoundedCache<Promise<string>>({ maxEntries: MAX_ENDPOINTS, ttlMs: TTL_MS });

  /** The newest that both sides know: 1 call, the first time. */
  at(calls: Calls, service: Versioned, base: string, token: string): Promise<string> {
    // The endpoint of the catalogue may have the project behind the version, where there is no document.
    const root = /^(.*\/v[\d.]+\/)/.exec(base)?.[1] ?? base;
    const ask = async () => {
      const { value } = await calls({
        service,
        method: 'GET',
        base: root,
        path: path``,
        shape: versionAnswer,
        headers: { 'x-auth-token': token },
      });
      const { version } = 'version' in value ? value.version : (value.versions[0] ?? { version: '' });
      return version === '' ? OLDEST[service] : older(version, NEWEST[service]);
    };
    return loadForEach(this.#known, `${service} ${root}`, ask, isOwnFault);
  }
}
