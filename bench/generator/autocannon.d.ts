/** Types for the part of autocannon that is used here; the package has no types. */
declare module 'autocannon' {
  export interface Options {
    url: string;
    method: string;
    headers: Readonly<Record<string, string>>;
    body: string | undefined;
    connections: number;
    pipelining: number;
    /** Seconds. */
    duration: number;
    /** Seconds until a request without a response is an error. */
    timeout: number;
    /** Milliseconds between checks whether to stop. */
    sampleInt: number;
  }
  export interface Totals {
    readonly non2xx: number;
    readonly errors: number;
    readonly timeouts: number;
    readonly statusCodeStats: Readonly<Record<string, { readonly count: number }>>;
  }
  export interface Instance extends PromiseLike<Totals> {
    on(event: 'response', listener: (client: unknown, status: number, bytes: number, ms: number) => void): this;
    stop(): void;
  }
  export default function autocannon(options: Options): Instance;
}
