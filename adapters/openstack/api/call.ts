/** What a call has besides its path, and what comes back. */

export interface CallOptions {
  /** A value that is undefined is left out; a list gives the name several times. */
  readonly query?: Readonly<Record<string, string | number | readonly string[] | undefined>>;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * The highest microversion that the call knows; the client sends this or the newest of the service, whichever is
   * lower. Without it the oldest one is sent.
   */
  readonly microversion?: string;
  /** Safe to send twice although it is no GET: it is sent again when its connection failed. */
  readonly repeatable?: boolean;
  /** When its last attempt must have ended, in milliseconds since the epoch, if that is before the time of all calls. */
  readonly end?: number;
}

export interface CallAnswer<T> {
  readonly status: number;
  /** In lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly value: T;
}
