/**
 * How the field's clients log in, request by request: rOCCI-api 4.3, IM 1.9 and VMDIRAC 2.5. What they do with an answer is
 * done here as they do it, so that whatever stops them throws.
 */
import type { Reply } from '../endpoint.ts';
import * as im from './im.ts';
import { ROCCI } from './rocci.ts';
import * as vmdirac from './vmdirac.ts';

/** Sends a request to a URL; the connection has the client's certificate if it has one. */
export type Send = (method: string, url: string, headers: Record<string, string>, body?: string) => Promise<Reply>;

/** What a client logs in with. */
export interface Proof {
  readonly user?: string;
  readonly password?: string;
  readonly bearer?: string;
  /** The connection has a client certificate. */
  readonly certificate?: true;
  readonly tenant?: string;
}

/** Headers of every request after the login. */
export type Headers = Record<string, string>;

const JSON_TYPES = { 'Content-Type': 'application/json', Accept: 'application/json' };

const basicOf = ({ user, password }: Proof): Headers =>
  user === undefined ? {} : { Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };

const bearerOf = ({ bearer }: Proof): Headers => (bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` });

function need(reply: Reply, isGood: boolean, what: string): Reply {
  if (!isGood) throw new Error(`${what}: ${reply.status} ${reply.body}`);
  return reply;
}

interface Version {
  readonly id: string;
  readonly links: readonly { readonly rel: string; readonly href: string }[];
}

interface Named {
  readonly id: string;
  readonly name: string;
}

const EGI = 'OS-FEDERATION/identity_providers/egi.eu/protocols';

/**
 * rOCCI-api: the header whole, by an expression that is anchored; then the versions, in the order of their ids, or the one
 * to which the `Location` of a 300 leads its HTTP library. With
 * `auth: basic` its HTTP library adds the password to every request from then on, those with a token too.
 */
export async function rocciApi(send: Send, endpoint: string, proof: Proof): Promise<Headers> {
  const first = await send('GET', `${endpoint}/-/`, { ...ROCCI, Accept: 'text/plain,text/occi;q=0.2' });
  need(first, first.status === 401, 'the endpoint asks for no login');
  const [, , , uri] = /^(Keystone|snf-auth) uri=("|')(.+)("|')$/.exec(first.headers['www-authenticate'] ?? '') ?? [];
  if (uri === undefined) throw new Error("Unable to get Keystone's URL from the response, fallback failed!");
  const json = { ...ROCCI, ...JSON_TYPES, ...basicOf(proof) };
  const choices = await send('GET', uri, json);
  const { location } = choices.headers;
  const found = choices.status === 300 && location !== undefined ? await send('GET', location, json) : choices;
  need(found, found.status < 400, 'no versions');
  const { version: one, versions: several } = JSON.parse(found.body);
  const versions: Version[] = found.status === 300 ? several.values : [one];
  const wanted = proof.bearer === undefined ? '' : '3';
  const [version] = versions
    .toSorted((one, other) => (one.id < other.id ? -1 : 1))
    .filter(({ id }) => (/^v([0-9]).*$/.exec(id)?.[1] ?? '').startsWith(wanted));
  const base = version!.links.find(({ rel }) => rel === 'self')!.href.replace(/\/$/, '');
  const token = version!.id.startsWith('v3')
    ? await rocciV3(send, base, json, proof)
    : await rocciV2(send, base, json, proof);
  return { ...ROCCI, Accept: 'text/plain,text/occi;q=0.2', ...basicOf(proof), 'X-Auth-Token': token };
}

async function rocciV2(send: Send, base: string, json: Headers, proof: Proof): Promise<string> {
  const { user: username, password, tenant } = proof;
  let token = '';
  const authenticate = async (tenantName?: string): Promise<void> => {
    const own = proof.certificate ? { voms: true } : { passwordCredentials: { username, password } };
    const body = JSON.stringify({ auth: { ...own, ...(tenantName !== undefined && { tenantName }) } });
    const reply = await send('POST', `${base}/tokens`, { ...json, ...(token && { 'X-Auth-Token': token }) }, body);
    token = JSON.parse(need(reply, reply.status === 200, 'no token').body).access.token.id;
  };
  await authenticate(tenant);
  if (tenant !== undefined) return token;
  const reply = await send('GET', `${base}/tenants`, { ...json, 'X-Auth-Token': token });
  const { tenants } = JSON.parse(need(reply, reply.status === 200, 'no tenants').body);
  await authenticate((tenants as Named[])[0]!.name);
  return token;
}

async function rocciV3(send: Send, base: string, json: Headers, proof: Proof): Promise<string> {
  const protocol = proof.bearer === undefined ? 'mapped' : 'oidc';
  const unscoped = await send('GET', `${base}/${EGI}/${protocol}/auth`, { ...json, ...bearerOf(proof) });
  const token = need(unscoped, unscoped.status === 201, 'no token').headers['x-subject-token']!;
  const withToken = { ...json, 'X-Auth-Token': token };
  const listed = await send('GET', `${base}/auth/projects`, withToken);
  const [project]: Named[] = JSON.parse(need(listed, listed.status === 200, 'no projects').body).projects;
  const identity = { methods: ['token'], token: { id: token } };
  const body = JSON.stringify({ auth: { identity, scope: { project: { id: project!.id } } } });
  const scoped = await send('POST', `${base}/auth/tokens`, withToken, body);
  return need(scoped, scoped.status === 201, 'no scoped token').headers['x-subject-token']!;
}

/**
 * IM: HEAD without credentials, the header cut at its equals sign. A bearer token goes with every request from then on; a
 * user without one needs a certificate, whatever password he has.
 */
export async function infrastructureManager(send: Send, endpoint: string, proof: Proof): Promise<Headers> {
  const first = await send('HEAD', `${endpoint}/-/`, { ...im.HEADERS });
  const header = first.headers['www-authenticate'] ?? '';
  need(first, first.status !== 200 && header.startsWith('Keystone uri'), 'the endpoint asks for no login');
  const uri = header
    .split('=')[1]!
    .replaceAll("'", '')
    .replace(/\/(v2\.0|v3)$/, '');
  const auth = bearerOf(proof);
  const found = await send('GET', uri, { ...im.AGENT, Accept: 'application/json', ...auth });
  const ids = (JSON.parse(found.body).versions.values as Version[]).map(({ id }) => id);
  const version = proof.bearer === undefined && ids.some((id) => id.startsWith('v2')) ? 2 : 3;
  const json = { ...im.AGENT, ...JSON_TYPES, Connection: 'close', ...auth };
  const token = version === 2 ? await imV2(send, uri, json) : await imV3(send, uri, json, proof);
  return { ...im.HEADERS, ...auth, 'X-Auth-Token': token };
}

async function imV2(send: Send, uri: string, json: Headers): Promise<string> {
  const unscoped = await send('POST', `${uri}/v2.0/tokens`, json, '{"auth":{"voms":true}}');
  const token = JSON.parse(need(unscoped, unscoped.status === 200, 'no token').body).access.token.id;
  const withToken = { ...json, 'X-Auth-Token': token };
  const listed = await send('GET', `${uri}/v2.0/tenants`, withToken);
  const [tenant]: Named[] = JSON.parse(need(listed, listed.status === 200, 'no tenants').body).tenants;
  const body = `{"auth":{"voms":true,"tenantName":"${tenant!.name}"}}`;
  const scoped = await send('POST', `${uri}/v2.0/tokens`, withToken, body);
  return JSON.parse(need(scoped, scoped.status === 200, 'no scoped token').body).access.token.id;
}

async function imV3(send: Send, uri: string, json: Headers, proof: Proof): Promise<string> {
  const protocol = proof.bearer === undefined ? 'mapped' : 'oidc';
  const unscoped = await send('GET', `${uri}/v3/${EGI}/${protocol}/auth`, json);
  const token = need(unscoped, unscoped.status < 400, 'no token').headers['x-subject-token']!;
  const withToken = { ...json, 'X-Auth-Token': token };
  const listed = await send('GET', `${uri}/v3/auth/projects`, withToken);
  const [project]: Named[] = JSON.parse(need(listed, listed.status < 400, 'no projects').body).projects;
  const identity = { methods: ['token'], token: { id: token } };
  const body = JSON.stringify({ auth: { identity, scope: { project: { id: project!.id } } } });
  const scoped = await send('POST', `${uri}/v3/auth/tokens`, withToken, body);
  return need(scoped, [200, 201, 202].includes(scoped.status), 'no scoped token').headers['x-subject-token']!;
}

/** Times as its parser takes them, which has cut off the letters. */
const timeIn = (text: string): number => {
  const [, date, time] = /^(\d+-\d+-\d+) (\d+:\d+:\d+(\.\d+)?)$/.exec(text.replace('T', ' ').replace('Z', '')) ?? [];
  if (date === undefined) throw new Error(`no time: ${text}`);
  return Date.parse(`${date}T${time}Z`);
};

/**
 * VMDIRAC with the URL of Keystone in its settings; it adds the version itself, and 2.0 is its default. It reads the tenant
 * and both times of every token, and sends the password with every create.
 */
export async function vmDirac(send: Send, endpoint: string, proof: Proof): Promise<Headers> {
  const url = /v[23]/.test(endpoint) ? endpoint : `${endpoint}/v2.0`;
  const own = proof.certificate
    ? { voms: true }
    : { passwordCredentials: { username: proof.user, password: proof.password } };
  const auth = { ...own, ...(proof.tenant !== undefined && { tenantName: proof.tenant }) };
  const headers = { ...vmdirac.HEADERS, 'Content-Type': 'application/json' };
  const reply = await send('POST', `${url}/tokens`, headers, JSON.stringify({ auth }));
  const { token, serviceCatalog } = JSON.parse(need(reply, reply.status === 200, 'Authorization error').body).access;
  if (!(timeIn(token.expires) > timeIn(token.issued_at))) throw new Error('the token has ended');
  if (typeof token.tenant.id !== 'string') throw new Error("KeyError: 'tenant'");
  for (const { type } of serviceCatalog) if (typeof type !== 'string') throw new Error("KeyError: 'type'");
  return { ...vmdirac.HEADERS_WITH_BODY, ...basicOf(proof), 'X-Auth-Token': token.id };
}

export const LOGINS = { 'rOCCI-api': rocciApi, IM: infrastructureManager, VMDIRAC: vmDirac } as const;
export type ClientName = keyof typeof LOGINS;
