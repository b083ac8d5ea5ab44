/** The calls of Keystone's API that are answered here, in one table. Whatever else it has is 404. */
import type { Token } from '../auth/token/token.ts';
import { isFailure, OcciError } from '../errors.ts';
import { refuseCrossSite } from '../http/cross-site.ts';
import type { HttpRequest } from '../http/message.ts';
import type { JsonAnswer } from './answer.ts';
import { type Held, held, projectOf, type Tokens } from './holding.ts';
import type { Login } from './login.ts';
import { callerWith, logIn, sessionOf } from './session.ts';
import { accessBody, tenantsBody } from './v2-answers.ts';
import { v2Login } from './v2-login.ts';
import { catalogAt, projectsBody, type TokenView, tokenBody } from './v3-answers.ts';
import { v3Login } from './v3-login.ts';
import { type VersionPath, versionAt } from './versions.ts';

/** A request with what is around it, the tokens, and the named parts of its path. */
export interface CallContext extends Tokens {
  readonly parts: Readonly<Record<string, string>>;
}

type Call = (context: CallContext) => Promise<JsonAnswer> | JsonAnswer;

const regionOf = ({ service }: CallContext): string => service.settings.adapter.site;

/** A token in a header field; undefined for a request without one. */
const sentIn = ({ headers }: HttpRequest, name: string): string | undefined =>
  headers[name]?.find((value) => value !== '');

/**
 * The token of the caller. An Authorization beside it has no effect, as in Keystone: IM sends its bearer token with every
 * request. Throws `unauthenticated`.
 */
async function callerOf(context: CallContext): Promise<Token> {
  const sent = sentIn(context.request, 'x-auth-token');
  if (sent === undefined) throw new OcciError('unauthenticated', 'The request has no X-Auth-Token.');
  const { token } = await held(sent, context);
  context.trail.caller = callerWith(token);
  return token;
}

const NO_TOKEN = 'There is no such token.';

/**
 * The token that a call is about, which must be the caller's own. Throws `notFound` for one of another user, as for one
 * that there is not.
 */
async function subjectOf(context: CallContext): Promise<Held> {
  const caller = await callerOf(context);
  const text = sentIn(context.request, 'x-subject-token');
  if (text === undefined) throw new OcciError('invalid', 'Name the token in the header X-Subject-Token.');
  const subject = await held(text, context).catch((error: unknown) => {
    if (isFailure(error, 'unauthenticated')) throw new OcciError('notFound', NO_TOKEN);
    throw error;
  });
  if (subject.token.name !== caller.name) throw new OcciError('notFound', NO_TOKEN);
  return subject;
}

const version =
  (path: VersionPath): Call =>
  ({ request }) => ({ status: 200, body: versionAt(request.origin, path) });

/** `?nocatalog`: some clients want the short answer. */
const tokenIn = (context: CallContext, view: TokenView) => {
  const hasCatalog = !context.request.query.some(([name]) => name === 'nocatalog');
  return tokenBody(view, context.request.origin, regionOf(context), hasCatalog);
};

async function loginWith(login: Login, context: CallContext): Promise<JsonAnswer> {
  const session = await logIn(login, context);
  return { status: 201, headers: { 'X-Subject-Token': session.text }, body: tokenIn(context, session) };
}

const showToken: Call = async (context) => {
  const session = sessionOf(await subjectOf(context));
  return { status: 200, headers: { 'X-Subject-Token': session.text }, body: tokenIn(context, session) };
};

const revokeToken: Call = async (context) => {
  const { token, credentials } = await subjectOf(context);
  if (credentials !== undefined) {
    throw new OcciError('notImplemented', 'Your tokens are those of the cloud: revoke them at /.well-known/tokens.');
  }
  await context.tokens.revoke(token.name, token.id);
  return { status: 204 };
};

const listProjects: Call = async (context) => {
  const { grants } = await callerOf(context);
  const { origin, path } = context.request;
  return { status: 200, body: projectsBody(grants, origin, path) };
};

/** Only the caller's own: whether another user exists is nobody's business. */
const listUsersProjects: Call = async (context) => {
  const { name } = await callerOf(context);
  if (context.parts.user !== name) throw new OcciError('forbidden', 'You may list your own projects only.');
  return listProjects(context);
};

const showCatalog: Call = async (context) => {
  const { origin } = context.request;
  if (!projectOf(await callerOf(context))) throw new OcciError('forbidden', 'The token is for no project.');
  const links = { self: `${origin}/v3/auth/catalog` };
  return { status: 200, body: { catalog: catalogAt(origin, regionOf(context)), links } };
};

/**
 * What an OpenID provider or a certificate proves. Any name of provider and protocol will do: clients have fixed ones.
 * Clients send GET, which makes a token here: pages of other origins may not, and it is in the audit.
 */
const logInFederated: Call = async (context) => {
  context.trail.changes = true;
  if (!context.trail.mayChange) refuseCrossSite({ ...context.request, method: 'POST' });
  return await loginWith({ proof: { by: 'request' }, wanted: 'unscoped', isOurDomain: true }, context);
};

const logInV2: Call = async (context) => {
  const session = await logIn(v2Login(context.request), context);
  return { status: 200, body: accessBody(session, context.request.origin, regionOf(context)) };
};

const listTenants: Call = async (context) => ({
  status: 200,
  body: tenantsBody((await callerOf(context)).grants),
});

interface Row {
  readonly path: RegExp;
  /** By method. HEAD is what GET is. */
  readonly calls: Readonly<Record<string, Call>>;
}

const CALLS: readonly Row[] = [
  { path: /^\/v3$/, calls: { GET: version('v3') } },
  {
    path: /^\/v3\/auth\/tokens$/,
    calls: {
      POST: (context) => loginWith(v3Login(context.request), context),
      GET: showToken,
      DELETE: revokeToken,
    },
  },
  { path: /^\/v3\/(auth|OS-FEDERATION)\/projects$/, calls: { GET: listProjects } },
  { path: /^\/v3\/auth\/catalog$/, calls: { GET: showCatalog } },
  { path: /^\/v3\/users\/(?<user>.+)\/projects$/, calls: { GET: listUsersProjects } },
  {
    path: /^\/v3\/OS-FEDERATION\/identity_providers\/[^/]+\/protocols\/[^/]+\/auth$/,
    calls: { GET: logInFederated, POST: logInFederated },
  },
  { path: /^\/v2\.0$/, calls: { GET: version('v2.0') } },
  { path: /^\/v2\.0\/tokens$/, calls: { POST: logInV2 } },
  { path: /^\/v2\.0\/tenants$/, calls: { GET: listTenants } },
];

/** Answers a call. Throws `notFound` for a path that is not here, `methodNotAllowed`, and what the call throws. */
export async function answerCall(context: Omit<CallContext, 'parts'>): Promise<JsonAnswer> {
  const { method, path } = context.request;
  const wanted = path.replace(/\/+$/, '');
  for (const row of CALLS) {
    const found = row.path.exec(wanted);
    if (!found) continue;
    const allowed = Object.keys(row.calls).flatMap((name) => (name === 'GET' ? ['GET', 'HEAD'] : [name]));
    const headers = { Allow: [...allowed, 'OPTIONS'].join(', ') };
    if (method === 'OPTIONS') return { status: 200, headers };
    const call = row.calls[method === 'HEAD' ? 'GET' : method];
    if (!call) throw new OcciError('methodNotAllowed', `${method} is not possible here.`, { headers });
    return call({ ...context, parts: found.groups ?? {} });
  }
  throw new OcciError('notFound', 'There is nothing at this path.');
}
