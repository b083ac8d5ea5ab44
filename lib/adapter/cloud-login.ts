/** What callers bring whom only the cloud can prove, and where they log in. */

/** A token of the cloud's own login, or of a provider that it trusts, as the client sent it. */
export interface CloudToken {
  /** `bearer`: in `Authorization`. */
  readonly sentAs: 'x-auth-token' | 'bearer';
  readonly text: string;
}

/** What only the cloud can prove: a user with a password, or a token. */
export interface OwnCredentials {
  /** `user:password`. */
  readonly credentials?: string | undefined;
  readonly token?: CloudToken | undefined;
  /** Other credentials of the same request, with a `token`: they must be those of the same user, and have no other use. */
  readonly beside?: Omit<OwnCredentials, 'beside'> | undefined;
}

/** Where users of a cloud log in, for the challenge of the scheme `cloud-token`. */
export interface CloudLogin {
  /** URL of a Keystone without its version, as clients reach it. */
  readonly uri: string;
  /** Whether the cloud takes bearer tokens of an OpenID provider too. */
  readonly takesBearer: boolean;
}
