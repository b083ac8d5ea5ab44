/** Calls of one request: where they go, what token they bring, how long they may take, what an answer must look like. */
import type * as z from 'zod';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import { endedMidway, notValid } from '../identity/login.ts';
import type { Session } from '../identity/session.ts';
import type { CallAnswer, CallOptions } from './call.ts';
import type { Calls } from './calls.ts';
import { isOlder, microversionHeaders, NEWEST, older, type Versioned } from './microversions.ts';
import type { Path } from './path.ts';
import { Refusal } from './refusal.ts';
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
  /** Another session after a service has refused this one's token. Throws `unauthenticated` if there is none. */
  renewed(ended: Session): Promise<Session>;
  /** Newest microversion of a service at this URL, by a call the first time in a process. */
  readonly newestAt: (service: Versioned, base: string, token: string) => Promise<string>;
}

const isUnauthenticated = (error: unknown): boolean => error instanceof Refusal && error.status === 401;

/** True for a call that a service has refused, so that it has changed nothing. */
const isRefused = (error: unknown): boolean => error instanceof Refusal && !error.mayHaveActed;

const isVersioned = (service: CatalogueService): service is Versioned => service in NEWEST;

/** The services as one request sees them, by the token of its caller. */
export function openStackClient({ calls, session, renewed, newestAt }: ClientContext): OpenStackClient {
  const baseIn = ({ endpoints }: Session, service: CatalogueService): string => {
    const base = endpoints[service];
    if (base === undefined) throw new OcciError('notImplemented', `This cloud has no ${service} service.`);
    return base;
  };

  /** Calls of this request that have changed something, or may have. */
  let changes = 0;
  const changing = async <T>(run: () => Promise<T>): Promise<T> => {
    // Counted at once: others of the request may fail before this one is answered.
    changes += 1;
    try {
      return await run();
    } catch (error) {
      if (isRefused(error)) changes -= 1;
      throw error;
    }
  };

  /** The error for a caller whose token has ended: what a request has begun is completed by a repeated one. */
  const unauthenticated = (error: unknown): unknown =>
    changes > 0 && isFailure(error, 'unauthenticated') ? endedMidway(error) : error;

  /**
   * Runs calls with the caller's token. A service that does not take it has done nothing, so they are sent again with
   * another token if the caller has one.
   */
  const withSession = async <T>(run: (current: Session) => Promise<T>): Promise<T> => {
    const first = await session();
    try {
      return await run(first);
    } catch (error) {
      if (!isUnauthenticated(error)) throw error;
    }
    try {
      const second = await renewed(first);
      return await run(second);
    } catch (error) {
      throw unauthenticated(isUnauthenticated(error) ? notValid(error) : error);
    }
  };

  const callWith = async <T>(current: Session, ...given: Parameters<typeof call<T>>): Promise<CallAnswer<T>> => {
    const [service, method, path, shape, options = {}] = given;
    const { token } = current;
    const base = baseIn(current, service);
    const { microversion, headers } = options;
    const version =
      microversion !== undefined && isVersioned(service)
        ? microversionHeaders(service, older(microversion, await newestAt(service, base, token)))
        : {};
    const send = () =>
      calls({
        ...options,
        service,
        method,
        base,
        path,
        shape,
        headers: { 'x-auth-token': token, ...version, ...headers },
      });
    return await (method === 'GET' ? send() : changing(send));
  };

  const call = async <T>(
    service: CatalogueService,
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: Path,
    shape: z.ZodType<T>,
    options?: CallOptions,
  ): Promise<CallAnswer<T>> => await withSession((current) => callWith(current, service, method, path, shape, options));

  return {
    call,
    read: async (service, path, shape, options) => (await call(service, 'GET', path, shape, options)).value,
    async knows(service, microversion) {
      const newest = await withSession((current) => newestAt(service, baseIn(current, service), current.token));
      return !isOlder(newest, microversion);
    },
  };
}
