import type { ServiceName } from './service.ts';

/** One call that a service received. */
export interface LoggedCall {
  readonly service: ServiceName;
  readonly method: string;
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  readonly body: string;
  /** Of the answer; 0 until there is one. */
  status: number;
}

/** All calls of a stand-in in order, those that failed too. */
export class Log {
  readonly calls: LoggedCall[] = [];
  /** Most calls that were in flight at one time. */
  mostInFlight = 0;
  private readonly inFlight = new Set<LoggedCall>();

  add(call: Omit<LoggedCall, 'status'>): LoggedCall {
    const entry: LoggedCall = { ...call, status: 0 };
    this.calls.push(entry);
    this.inFlight.add(entry);
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight.size);
    return entry;
  }

  ended(call: LoggedCall): void {
    this.inFlight.delete(call);
  }
}

/** `compute GET /v2.1/servers/detail?limit=5`, ids left as they are. */
export const lineOf = ({ service, method, path, query }: LoggedCall): string =>
  `${service} ${method} ${path}${query === '' ? '' : `?${query}`}`;
