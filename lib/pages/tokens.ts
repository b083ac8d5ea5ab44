/** `/.well-known/tokens`: a user makes, lists and revokes tokens, in JSON or in text for curl. */
import { authenticate } from '../auth/index.ts';
import type { Principal } from '../auth/principal.ts';
import { tokensOf } from '../auth/token/scheme.ts';
import { settingsOf } from '../config/auth/index.ts';
import { OcciError } from '../errors.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import { isSafe } from '../http/safe.ts';
import type { Page, PageContext } from '../request/page.ts';
import { answered, done, methodsShown, noSuchMethod } from './answer.ts';
import { askedToken, longestLife } from './token-request.ts';
import { cloudShelf, ownShelf, type ShownToken, type TokenShelf } from './token-shelf.ts';

const PATH = '/.well-known/tokens';
const METHODS_OF_ALL = 'DELETE, GET, HEAD, OPTIONS, POST';
const METHODS_OF_ONE = 'DELETE, OPTIONS';

const invalid = (message: string): OcciError => new OcciError('invalid', message);

/** Throws `forbidden` for a token that is for something else: one for reading revokes nothing, one for kinds sees none. */
function refuseScoped({ scope }: Principal, method: string): void {
  if (scope?.kinds) throw new OcciError('forbidden', `The token is for these kinds only: ${scope.kinds.join(', ')}.`);
  if (scope?.readOnly && !isSafe(method)) throw new OcciError('forbidden', 'The token is for reading only.');
}

/** Throws `invalid` for parts of a request that would have no effect. */
function refuseUnused({ method, query, body, headers }: HttpRequest, isOne: boolean): void {
  if (isSafe(method)) return;
  const used = method === 'DELETE' && !isOne ? ['all'] : [];
  const unused = query.find(([name]) => !used.includes(name));
  if (unused) throw invalid(`${method} here does not use the query parameter ${unused[0].slice(0, 50)}.`);
  if (method === 'DELETE' && body !== '') throw invalid('DELETE here does not use a payload.');
  if (headers['idempotency-key']) throw invalid('Tokens do not use Idempotency-Key: send the request without it.');
}

const scopeText = ({ readOnly, kinds }: ShownToken): string =>
  [readOnly ? 'reads only' : '', kinds ? `only ${kinds.join(', ')}` : ''].filter((part) => part !== '').join(', ');

/** A token as a line for people. */
function lineOf(token: ShownToken): string {
  const { id, label, expires, tenants = [], group, login } = token;
  const parts = [
    id,
    expires === undefined ? 'never expires' : `expires ${expires}`,
    ...tenants.map(({ tenant, role }) => `${role} of ${tenant}`),
    group === undefined ? '' : `group ${group}`,
    scopeText(token),
    login ? 'made by a login' : '',
    label ?? '',
  ];
  return `${parts.filter((part) => part !== '').join('  ')}\n`;
}

async function list(request: HttpRequest, shelf: TokenShelf): Promise<HttpResponse> {
  const tokens = await shelf.list();
  return answered(request, { json: { tokens }, text: tokens.map(lineOf).join('') || 'You have no tokens.\n' });
}

async function create(request: HttpRequest, shelf: TokenShelf, maxDays: number): Promise<HttpResponse> {
  const { text, shown } = await shelf.create(askedToken(request, maxDays), longestLife(maxDays));
  // In text it stands alone, so that TOKEN=$(curl …) works.
  const response = answered(request, { json: { token: text, ...shown }, text: `${text}\n` }, 201);
  return { ...response, headers: { ...response.headers, Location: `${request.origin}${PATH}/${shown.id}` } };
}

async function revoke(request: HttpRequest, shelf: TokenShelf, id: string): Promise<HttpResponse> {
  if (id !== '') await shelf.revoke(id);
  else if (request.query.length === 1 && request.query[0]![1] === 'true') await shelf.revokeAll();
  else throw invalid('To revoke all your tokens send DELETE with ?all=true; for one add its id to the path.');
  return done(request);
}

async function shelfOf(caller: Principal, { service, backendOf }: PageContext): Promise<TokenShelf> {
  if (caller.credentials === undefined) return ownShelf(tokensOf(service.schemes)!, caller);
  const { adapter } = await backendOf(caller.grants[0], caller);
  if (adapter.logins) return cloudShelf(adapter.logins);
  throw new OcciError('notImplemented', 'The cloud hands out no tokens to callers with a password.');
}

export const tokens: Page = {
  operation: 'tokens',
  async respond(context) {
    const { request, service, trail } = context;
    const caller = await authenticate(request, service.schemes);
    trail.caller = caller;
    const id = request.path.slice(PATH.length + 1);
    const methods = id === '' ? METHODS_OF_ALL : METHODS_OF_ONE;
    if (request.method === 'OPTIONS') return methodsShown(request, methods);
    if (!methods.split(', ').includes(request.method)) throw noSuchMethod(request, methods);
    refuseScoped(caller, request.method);
    refuseUnused(request, id !== '');
    if (request.method === 'POST' && caller.scheme === 'token') {
      throw new OcciError('forbidden', 'A token makes no other tokens: send the credentials with which you log in.');
    }
    const shelf = await shelfOf(caller, context);
    await context.admit(caller);
    if (request.method === 'DELETE') return revoke(request, shelf, id);
    if (request.method === 'POST') {
      const [{ maxDays }] = settingsOf(service.settings.auth, 'token') as [{ maxDays: number }];
      return create(request, shelf, maxDays);
    }
    return list(request, shelf);
  },
};
