/** The tokens that logins give and that clients bring: of our own store, or of a cloud that checks its users itself. */
import type { Grant, Principal } from '../auth/principal.ts';
import type { AuthScheme } from '../auth/scheme.ts';
import { cloudTokenOf, credentialsIn } from '../auth/token/cloud-token.ts';
import type { TokenStore } from '../auth/token/store.ts';
import type { NewToken, Token, TokenOwner } from '../auth/token/token.ts';
import { OcciError } from '../errors.ts';
import type { PageContext } from '../request/page.ts';

export interface Tokens extends PageContext {
  readonly tokens: TokenStore;
}

/** A token that somebody brings. */
export interface Held {
  readonly text: string;
  readonly token: Token;
  /** The user and the token, for a token of the cloud. */
  readonly credentials?: string;
}

/** Life of a token from a login: Keystone's default, which its clients are used to. */
const LIFE_SECONDS = 3600;

/** Labels of tokens, which their users see; a token without a project is known by its label. */
const LABEL = 'Keystone login';
const UNSCOPED_LABEL = 'Keystone login without a project';

const nowInSeconds = (): number => Math.floor(Date.now() / 1000);

/** A scheme that passes on what the caller brings has a cloud that checks it, and that hands out tokens itself. */
const isPassedOn = ({ name }: AuthScheme): boolean => name === 'basic';

const asToken = (name: string, grants: Principal['grants'], id: string, expires: number): Token => ({
  id,
  name,
  scheme: 'basic',
  grants,
  isLogin: true,
  created: nowInSeconds(),
  expires,
});

const ownGrants = (tenant: string): Principal['grants'] => [{ tenant, role: 'member' }];

/** A token of the cloud. Which of the user's it is cannot be seen, so it ends with the first of them. */
async function heldInCloud(text: string, credentials: string, { backendOf }: Tokens): Promise<Held> {
  const name = credentials.slice(0, credentials.indexOf(':'));
  const grants = ownGrants(name);
  const { adapter } = await backendOf(grants[0], { credentials });
  const all = (await adapter.logins?.list()) ?? [];
  const ends = all.flatMap(({ expires }) => expires ?? []);
  const expires = Math.min(nowInSeconds() + LIFE_SECONDS, ...ends);
  return { text, credentials, token: asToken(name, grants, all[0]?.id ?? 'cloud', expires) };
}

/** The token with this text. Throws `unauthenticated` for one that is not valid, whatever the reason. */
export async function held(text: string, context: Tokens): Promise<Held> {
  const credentials = context.service.schemes.some(isPassedOn) ? credentialsIn(text) : undefined;
  if (credentials !== undefined) return heldInCloud(text, credentials, context);
  return { text, token: await context.tokens.verify(text) };
}

/** A token of the cloud for a caller whose credentials it has accepted. */
async function issuedByCloud(caller: Principal, credentials: string, { backendOf }: Tokens): Promise<Held> {
  const { adapter } = await backendOf(caller.grants[0], { credentials });
  if (!adapter.logins) {
    throw new OcciError('notImplemented', 'The cloud hands out no tokens: send user and password with each request.');
  }
  const made = await adapter.logins.create({ seconds: LIFE_SECONDS });
  const expires = made.expires ?? nowInSeconds() + LIFE_SECONDS;
  const token = asToken(caller.name, caller.grants, made.id, expires);
  return { text: cloudTokenOf(made.credentials), token, credentials: made.credentials };
}

/** What a new token is to be for. */
export interface Chosen {
  readonly grants: Principal['grants'];
  /** For no project, also where there is only one. */
  readonly isUnscoped: boolean;
}

/** A new token for a caller whom a scheme has proved. Throws what the cloud throws for bad credentials. */
export async function issued(caller: Principal, chosen: Chosen, context: Tokens): Promise<Held> {
  if (caller.credentials !== undefined) return issuedByCloud(caller, caller.credentials, context);
  return fromStore(caller, chosen, {}, context);
}

/**
 * A token in exchange for another one, for some of its projects. It ends when the other does. A token of the cloud is good
 * for all that its user has, so it is given back.
 */
export async function exchanged(given: Held, chosen: Chosen, context: Tokens): Promise<Held> {
  if (given.credentials !== undefined) return given;
  const { root, id } = given.token;
  const made = await fromStore(given.token, chosen, { until: given.token.expires, root: root ?? id }, context);
  try {
    // It may have been revoked since it was read, before there was anything else to revoke with it.
    await context.tokens.verify(given.text);
  } catch (error) {
    await context.tokens.revoke(made.token.name, made.token.id);
    throw error;
  }
  return made;
}

/** The project that a token is for; a user's only project is the default one. */
export function projectOf({ grants: [first, ...others], label }: Pick<Token, 'grants' | 'label'>): Grant | undefined {
  return others.length === 0 && label !== UNSCOPED_LABEL ? first : undefined;
}

async function fromStore(
  owner: TokenOwner,
  { grants, isUnscoped }: Chosen,
  from: Pick<NewToken, 'until' | 'root'>,
  { tokens }: Tokens,
): Promise<Held> {
  const wanted = {
    grants,
    seconds: LIFE_SECONDS,
    ...from,
    scope: owner.scope,
    label: isUnscoped ? UNSCOPED_LABEL : LABEL,
    isLogin: true,
  };
  return tokens.issue(owner, wanted);
}
