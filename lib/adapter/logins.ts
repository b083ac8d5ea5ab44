/** The part of the contract of clouds that is about login tokens of a cloud itself. */

/** A login token that a cloud keeps for a user; its text is not in here. */
export interface Login {
  /** An opaque name for it, which does not reveal the token. */
  readonly id: string;
  /** When it ends, in seconds since the epoch; absent for one that never does. */
  readonly expires?: number;
  /** Name of the group that it is restricted to; absent for all groups of the user. */
  readonly group?: string;
}

/** Login tokens of the cloud itself, for a caller who brings credentials. */
export interface Logins {
  /**
   * Makes one. `credentials` are what a request with it brings, in the form of `Caller.credentials`. Throws `conflict` if the
   * user has too many, `invalid` for a group that the user is not in.
   */
  create(wanted: {
    readonly seconds: number;
    /** Name or number of the group that it is restricted to. */
    readonly group?: string | undefined;
  }): Promise<Login & { readonly credentials: string }>;
  /** Those of the user that are still valid. */
  list(): Promise<readonly Login[]>;
  /** Throws `notFound` for an id that the user does not have. */
  revoke(id: string): Promise<void>;
}
