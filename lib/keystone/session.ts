/** What a login gives: a token with what it is good for. */
import type { Grant, Principal } from '../auth/principal.ts';
import { BAD_CREDENTIALS } from '../auth/scheme.ts';
import type { TokenStore } from '../auth/token/store.ts';
import type { Token, TokenOwner } from '../auth/token/token.ts';
import { OcciError } from '../errors.ts';
import type { PageContext } from '../request/page.ts';
import type { Login, Wanted } from './login.ts';
import { provedBy } from './proofs.ts';

/** Life of a token from a login, unless the proof ends before: Keystone's default, which its clients are used to. */
const LIFE_SECONDS = 3600;

export interface Session {
  readonly text: string;
  readonly token: Token;
  /** The project that the token is for; absent for one that may choose. */
  readonly project?: Grant;
}

const refused = (): OcciError => new OcciError('unauthenticated', BAD_CREDENTIALS);

/**
 * The projects that a token is to be for. A user's only project is the default one. Nobody gets more than the proof is good
 * for. Throws `unauthenticated` for a project that the user does not have, like for one that there is not.
 */
function grantsFor(grants: Principal['grants'], wanted: Wanted): Principal['grants'] {
  if (wanted === 'never') throw refused();
  if (wanted === 'unscoped' || wanted === 'default') return grants;
  const own = grants.find(({ tenant }) => tenant === wanted.project);
  if (!own) throw refused();
  return [own];
}

/** The project of a token: that of a token with one. */
export const projectOf = ({ grants: [first, ...others] }: Pick<Token, 'grants'>): Grant | undefined =>
  others.length === 0 ? first : undefined;

/** Whom a proof proves, with what a token for this caller may have, and until when. */
interface Proved {
  readonly owner: TokenOwner;
  readonly grants: Principal['grants'];
  /** Seconds since the epoch. */
  readonly expires?: number;
}

async function provedIn(
  { proof }: Login,
  { request, service, tokens }: PageContext & { readonly tokens: TokenStore },
): Promise<Proved> {
  if (proof.by !== 'token') {
    const caller = await provedBy(proof, request, service.schemes);
    return { owner: caller, grants: caller.grants };
  }
  const token = await tokens.verify(proof.token);
  return { owner: token, grants: token.grants, expires: token.expires };
}

/**
 * Logs in: proves the caller, and makes a token. One that is made with another token ends when that one does, as in
 * Keystone. Throws `unauthenticated` whatever is wrong with the proof, the user or the project.
 */
export async function logIn(login: Login, context: PageContext & { readonly tokens: TokenStore }): Promise<Session> {
  const { owner, grants, expires } = await provedIn(login, context);
  context.trail.caller = { name: owner.name, scheme: owner.scheme, grants };
  const chosen = login.isOurDomain ? grantsFor(grants, login.wanted) : undefined;
  if (!chosen) throw refused();
  const now = Math.floor(Date.now() / 1000);
  const seconds = expires === undefined ? LIFE_SECONDS : Math.max(1, expires - now);
  const { text, token } = await context.tokens.issue(owner, {
    grants: chosen,
    seconds,
    scope: owner.scope,
    label: 'Keystone login',
    isLogin: true,
  });
  const project = login.wanted === 'unscoped' ? undefined : projectOf(token);
  return { text, token, ...(project && { project }) };
}
