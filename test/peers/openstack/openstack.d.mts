import type { User } from './rest.mjs';

/** Python of the virtual environment, for clients of OpenStack: `PYTHON -m openstackclient.shell`. */
export declare const PYTHON: string;

export declare const USERS: Readonly<Record<'alice' | 'bob' | 'rita' | 'dora' | 'erik' | 'many', User>>;

export declare const FEDERATION: Readonly<Record<'provider' | 'protocol' | 'issuer' | 'group' | 'project', string>>;

export interface OpenStack {
  /** URL of Keystone, with its version. */
  readonly keystone: string;
  /** Where MariaDB listens, for `populate`. */
  readonly database: string;
  /** Ends everything and removes its folder. */
  readonly stop: () => Promise<void>;
}

export declare const startOpenStack: () => Promise<OpenStack>;
