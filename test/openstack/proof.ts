import type { Token } from './people.ts';
import type { TokenOwner } from './service.ts';
import type { Site } from './site.ts';

/**
 * What keystonemiddleware knows of tokens, in a memory that all services share: a token that was good when one of them
 * saw it first is believed for `tokenCacheMs`, revoked or not.
 */
export class Proof {
  private readonly seen = new Map<string, { readonly token: Token; readonly until: number }>();

  constructor(private readonly site: Site) {}

  /** Whose token it is; undefined for one that is not good. */
  ownerOf(text: string | undefined): TokenOwner | undefined {
    if (!text) return undefined;
    const now = this.site.now();
    const kept = this.seen.get(text);
    const token = kept && kept.until > now ? kept.token : this.validated(text);
    if (!token || token.expires <= now) return undefined;
    if (!kept || kept.until <= now) this.seen.set(text, { token, until: now + this.site.tokenCacheMs });
    return this.owner(token);
  }

  private validated(text: string): Token | undefined {
    const { people } = this.site;
    const token = people.tokens.get(text);
    if (!token || token.revoked) return undefined;
    if (!people.users.get(token.userId)?.enabled) return undefined;
    if (token.projectId !== undefined && !people.projects.get(token.projectId)?.enabled) return undefined;
    const credential = token.applicationCredentialId;
    if (credential === undefined) return token;
    const known = people.applicationCredentials.get(credential);
    // Access rules hold for services that say their type; those of the recorded site did not, and refused everything.
    return known && !known.accessRules ? token : undefined;
  }

  private owner({ userId, projectId, roles }: Token): TokenOwner {
    return { userId, userName: this.site.people.users.get(userId)?.name ?? '', projectId, roles };
  }
}
