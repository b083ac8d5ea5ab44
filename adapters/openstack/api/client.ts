/** Calls of one request: where they go, what token they bring, how long they may take, what an answer must look like. */
import type * as z from 'zod';
import { OcciError } from '../../../lib/errors.ts';
import type { Session } from '../identity/session.ts';
import type { CallAnswer, CallOptions } from './call.ts';
import type { Calls } from './calls.ts';
import { isOlder, microversionHeaders, NEWEST, older, type Versioned } from './microversions.ts';
import type { Path } from './path.ts';
import type { CatalogueService } from './services.ts';

/**
 * OpenStack as one request sees it. A call throws `Refusal` where the service refuses, and `OcciError` `unavailable` or
 * `timedOut` when it cannot be reached or answers nonsense, with `unknownOutcome` where a call that changes something may
 * have been carried out; `notImplemented` where the catalogue has no such service.
 */
export interface OpenStackClient {
  /** The value of an answer, checked by `shape`; a shape of `z.undefined()` takes an answer without a body. */
  call<T>(
    service: CatalogueService,
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: Path,
    shape: z.ZodType<T>,
    options?: CallOptions,
  ): Promise<CallAnswer<T>>;
  /** The value of a GET. */
  read<T>(service: CatalogueService, path: Path, shape: z.ZodType<T>, options?: CallOptions): Promise<T>;
  /** True if the service has this microversion: the first time in a process takes a call. */
  knows(service: 'compute' | 'volume', microversion: string): Promise<boolean>;
}

interface ClientContext {
  readonly calls: Calls;
  session(): Promise<Session>;
  /** Newest microversion of a service at this URL, by a call the first time in a process. */
  readonly newestAt: (service: Versioned, base: string, token: string) => Promise<string>;
}

const isVersioned = (service: CatalogueService): service is Versioned => service in NEWEST;

/** The services as one request sees them, by the token of its caller. */
export function openStackClient({ calls, session, newestAt }: ClientContext): OpenStackClient {
  const baseOf = async (service: CatalogueService) => {
    const { token, endpoints } = await session();
    const base = endpoints[service];
    if (base === undefined) throw new OcciError('notImplemented', `This cloud has no ${service} service.`);
    return { token, base };
  };

  const call: OpenStackClient['call'] = async (service, method, path, shape, options = {}) => {
    const { token, base } = await baseOf(service);
    const { microversion, headers } = options;
    const version =
      microversion !== undefined && isVersioned(service)
        ? microversionHeaders(service, older(microversion, await newestAt(service, base, token)))
        : {};
    return await calls({
      ...options,
      service,
      method,
      base,
      path,
      shape,
      headers: { 'x-auth-token': token, ...version, ...headers },
    });
  };

  return {
    call,
    read: async (service, path, shape, options) => (await call(service, 'GET', path, shape, options)).value,
    async knows(service, microversion) {
      const { token, base } = await baseOf(service);
      return !isOlder(await newestAt(service, base, token), microversion);
    },
  };
}
