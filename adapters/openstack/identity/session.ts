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
  /** When the token ends, in milliseconds since the epoch. */
  readonly expires: number;
  /** Base URLs of the services in the region of the settings, each with a slash at the end; absent where there is none. */
  readonly endpoints: { readonly [S in CatalogueService]?: string };
}
