/** A login, from its proof to the token with its project. */
import type { Grant, Principal } from '../auth/principal.ts';
import { BAD_CREDENTIALS } from '../auth/scheme.ts';
import type { Token } from '../auth/token/token.ts';
import { OcciError } from '../errors.ts';
import { exchanged, type Held, held, issued, type Tokens } from './holding.ts';
import type { Login, Wanted } from './login.ts';
import { provedBy } from './proofs.ts';

export interface Session {
  readonly text: string;
  readonly token: Token;
  /** The project that the token is for; absent for one that may choose. */
  readonly project?: Grant;
}

const refused = (): OcciError => new OcciError('unauthenticated', BAD_CREDENTIALS);

/**
 * The projects that a token is to be for. Throws `unauthenticated` for a project that the user does not have, like for one
 * that there is not.
 */
function grantsFor(grants: Principal['grants'], { wanted, isOurDomain }: Login): Principal['grants'] {
  if (!isOurDomain || wanted === 'never') throw refused();
  if (wanted === 'unscoped' || wanted === 'default') return grants;
  const own = grants.find(({ tenant }) => tenant === wanted.project);
  if (!own) throw refused();
  return [own];
}

/** The project of a token that is for one; a user's only project is the default one. */
export const projectOf = ({ grants: [first, ...others] }: Pick<Token, 'grants'>): Grant | undefined =>
  others.length === 0 ? first : undefined;

const sessionOf = ({ text, token }: Held, wanted: Wanted): Session => {
  const project = wanted === 'unscoped' ? undefined : projectOf(token);
  return { text, token, ...(project && { project }) };
};

/**
 * Logs in: proves the caller, and gives a token. Throws `unauthenticated` whatever is wrong with the proof, the user or the
 * project; all of it is looked at after the proof, in the same time.
 */
export async function logIn(login: Login, context: Tokens): Promise<Session> {
  const { proof, wanted } = login;
  const { request, service, trail } = context;
  if (proof.by === 'token') {
    const given = await held(proof.token, context);
    trail.caller = callerWith(given.token);
    return sessionOf(await exchanged(given, grantsFor(given.token.grants, login), context), wanted);
  }
  const caller = await provedBy(proof, request, service.schemes);
  trail.caller = caller;
  return sessionOf(await issued(caller, grantsFor(caller.grants, login), context), wanted);
}

/** The caller with a token, for the log. */
export const callerWith = ({ name, grants, scope }: Token): Principal => ({
  name,
  scheme: 'token',
  grants,
  ...(scope && { scope }),
});
