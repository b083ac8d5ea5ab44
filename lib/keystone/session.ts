/** A login, from its proof to the token with its project. */
import type { Grant, Principal } from '../auth/principal.ts';
import { BAD_CREDENTIALS } from '../auth/scheme.ts';
import type { Token } from '../auth/token/token.ts';
import { isFailure, OcciError } from '../errors.ts';
import { type Chosen, exchanged, type Held, held, issued, projectOf, type Tokens } from './holding.ts';
import type { Login } from './login.ts';
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
function chosenOf(grants: Principal['grants'], { wanted, isOurDomain }: Login): Chosen {
  if (!isOurDomain || wanted === 'never') throw refused();
  if (wanted === 'unscoped' || wanted === 'default') return { grants, isUnscoped: wanted === 'unscoped' };
  const own = grants.find(({ tenant }) => tenant === wanted.project);
  if (!own) throw refused();
  return { grants: [own], isUnscoped: false };
}

/** A token with its project. */
export const sessionOf = ({ text, token }: Held): Session => {
  const project = projectOf(token);
  return { text, token, ...(project && { project }) };
};

/** Asks the cloud that checks its users itself. Throws `unauthenticated` with the sentence that all others get. */
async function requireAccepted({ grants, credentials }: Principal, { backendOf }: Tokens): Promise<void> {
  try {
    await backendOf(grants[0], { credentials });
  } catch (error) {
    throw isFailure(error, 'unauthenticated') ? refused() : error;
  }
}

/**
 * Logs in: proves the caller, and gives a token. Throws `unauthenticated` whatever is wrong with the proof, the user or the
 * project; all of it is looked at after the proof, in the same time.
 */
export async function logIn(login: Login, context: Tokens): Promise<Session> {
  const { proof } = login;
  const { request, service, trail, admit } = context;
  if (proof.by === 'token') {
    const given = await held(proof.token, context);
    trail.caller = callerWith(given.token);
    await admit(trail.caller);
    return sessionOf(await exchanged(given, chosenOf(given.token.grants, login), context));
  }
  const caller = await provedBy(proof, request, service.schemes);
  if (caller.credentials !== undefined) await requireAccepted(caller, context);
  trail.caller = caller;
  await admit(caller);
  return sessionOf(await issued(caller, chosenOf(caller.grants, login), context));
}

/** The caller with a token, for the log. */
export const callerWith = ({ name, grants, scope }: Token): Principal => ({
  name,
  scheme: 'token',
  grants,
  ...(scope && { scope }),
});
