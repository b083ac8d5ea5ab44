/** Who the caller is, as Keystone says, and what his token opens. */
import type { CatalogueService } from '../api/services.ts';

export interface Session {
  /** Scoped to the project. Sent with each call; never logged. */
  readonly token: string;
  readonly userId: string;
  readonly userName: string;
  readonly projectId: string;
  /** Names of the roles in the project. */
  readonly roles: readonly string[];
  /** True for an application credential with access rules, which opens the paths of services that these name. */
  readonly isLimited?: boolean;
  /** When the token ends, in milliseconds since the epoch. */
  readonly expires: number;
  /** That of the settings, or the one that the catalogue names; absent where it names none. */
  readonly region?: string | undefined;
  /** Base URLs of the services in the region, each with a slash at the end; absent where there is none. */
  readonly endpoints: { readonly [S in CatalogueService]?: string };
}

/** Who sees the same of a project: a key for what is kept of it. */
export const viewOf = ({ projectId, roles }: Pick<Session, 'projectId' | 'roles'>): string =>
  JSON.stringify([projectId, ...roles.toSorted()]);

/** True for a caller to whom OpenStack's own policies show what is other projects'. */
export const isAdministrator = ({ roles }: Pick<Session, 'roles'>): boolean => roles.includes('admin');

/** True for a caller without any other role than Keystone's `reader`, which is for reading only. */
export const isReader = ({ roles }: Pick<Session, 'roles'>): boolean =>
  roles.length > 0 && roles.every((role) => role === 'reader');
