/** A login, whichever version of the API it came in: what the client proves itself with, and for which project. */

/** What a client proves itself with. */
export type Proof =
  | { readonly by: 'password'; readonly user: string; readonly password: string }
  | { readonly by: 'token'; readonly token: string }
  /** The certificate of the connection. */
  | { readonly by: 'certificate' }
  /** The Authorization of the request, or the certificate of the connection if it has none. */
  | { readonly by: 'request' };

/**
 * The project that the token is for: `unscoped` for none, `default` for the only one of a user who has one project,
 * `never` for what is no project here, such as a domain.
 */
export type Wanted = 'unscoped' | 'default' | 'never' | { readonly project: string };

export interface Login {
  readonly proof: Proof;
  readonly wanted: Wanted;
  /** False if the user is said to be of a domain that is not here. Refused after the proof, in the same time. */
  readonly isOurDomain: boolean;
}

/** The only domain. Its id and its name are those that clients assume. */
export const DOMAIN = { id: 'default', name: 'Default' } as const;

/** The domain of users whom an OpenID provider or a certificate authority knows, as Keystone names it. */
export const FEDERATED = { id: 'Federated', name: 'Federated' } as const;
