/** Every place of a request where a secret can stand, by scheme: a new scheme does not compile without its row. */
import type { SchemeName } from '../../../../lib/config/auth/names.ts';
import type { Call } from '../../../endpoint.ts';
import type { Marks } from './marks.ts';

/** A request beside its method and path. */
export interface Said extends Call {
  readonly query?: string;
}

export interface Place {
  readonly name: string;
  /** What a request says that has a new mark in this place. */
  said(marks: Marks, name: string): Said;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
/** A mark that is a name of letters and digits. */
const word = (core: string): string => `s${core}`;

const header = (name: string, field: string, value: (marks: Marks, place: string) => string): Place => ({
  name,
  said: (marks, place) => ({ headers: { [field]: value(marks, place) } }),
});
const JSON_TYPE = { 'content-type': 'application/json' };
const json = (name: string, value: (mark: string) => unknown): Place => ({
  name,
  said: (marks, place) => ({ headers: JSON_TYPE, body: JSON.stringify(value(marks.make(place))) }),
});

/** HTTP Basic, right up to the password and wrong in every way. */
const BASIC: readonly Place[] = [
  header('a wrong password', 'authorization', (marks, place) => {
    const mark = marks.make(place);
    return `Basic ${base64(marks.carriedBy(mark, `alice:${mark}`))}`;
  }),
  header('the password of an unknown user', 'authorization', (marks, place) => {
    const mark = marks.make(place);
    return `Basic ${base64(marks.carriedBy(mark, `nobody:${mark}`))}`;
  }),
  header(
    'a password in the place of the user',
    'authorization',
    (marks, place) => `Basic ${base64(`${marks.make(place)}:`)}`,
  ),
  header('Basic without a colon', 'authorization', (marks, place) => `Basic ${base64(marks.make(place))}`),
  header('Basic that is not encoded', 'authorization', (marks, place) => `Basic alice:${marks.make(place)}`),
  header('Basic twice', 'authorization', (marks, place) => {
    const pair = base64(`alice:${marks.make(place)}`);
    return `Basic ${pair}, Basic ${pair}`;
  }),
];

const jwt = (marks: Marks, place: string): string => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    iss: 'https://idp.example.org',
    sub: 'alice',
    aud: 'occi',
    exp: 4_000_000_000,
    nonce: marks.make(place),
  };
  return `${part({ alg: 'RS256', kid: 'k', typ: 'JWT' })}.${part(claims)}.${Buffer.from(marks.make(place)).toString('base64url')}`;
};

export const PLACES: { readonly [S in SchemeName]: readonly Place[] } = {
  basic: BASIC,
  users: BASIC,
  token: [
    header('a token that never was', 'x-auth-token', (marks, place) => marks.make(place)),
    header('a token of ours that never was', 'x-auth-token', (marks, place) =>
      marks.make(place, [], (core) => `occi_${core}`),
    ),
    header(
      'a bearer token',
      'authorization',
      (marks, place) => `Bearer ${marks.make(place, [], (core) => `occi_${core}`)}`,
    ),
    header('several tokens', 'x-auth-token', (marks, place) => `${marks.make(place)}, ${marks.make(place)}`),
    {
      name: 'a token beside a password',
      said: (marks, place) => ({
        headers: { 'x-auth-token': marks.make(place), authorization: `Basic ${base64(`alice:${marks.make(place)}`)}` },
      }),
    },
  ],
  oidc: [
    header('a JWT', 'authorization', (marks, place) => `Bearer ${jwt(marks, place)}`),
    header(
      'half a JWT',
      'authorization',
      (marks, place) => `Bearer ${jwt(marks, place).split('.').slice(0, 2).join('.')}`,
    ),
    header(
      'a JWT with a signature that is none',
      'authorization',
      (marks, place) => `bearer ${jwt(marks, place)}.${marks.make(place)}`,
    ),
  ],
  keystone: [
    header('a token to look up', 'x-subject-token', (marks, place) => marks.make(place)),
    json('a password for v2.0', (mark) => ({
      auth: { passwordCredentials: { username: 'alice', password: mark }, tenantName: 'alice' },
    })),
    json('a token for v2.0', (mark) => ({ auth: { token: { id: mark }, tenantName: 'alice' } })),
    json('a password for v3', (mark) => ({
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { name: 'alice', domain: { id: 'default' }, password: mark } },
        },
      },
    })),
    json('a token for v3', (mark) => ({ auth: { identity: { methods: ['token'], token: { id: mark } } } })),
    json('an application credential for v3', (mark) => ({
      auth: {
        identity: { methods: ['application_credential'], application_credential: { id: 'alice', secret: mark } },
      },
    })),
    json('a one-time password for v3', (mark) => ({
      auth: { identity: { methods: ['totp'], totp: { user: { id: 'alice', passcode: mark } } } },
    })),
    {
      name: 'a login that is no JSON',
      said: (marks, place) => ({ headers: JSON_TYPE, body: `{"auth": {"password": "${marks.make(place)}"` }),
    },
  ],
  'cloud-token': [
    header(
      'a token of the cloud that never was',
      'x-auth-token',
      (marks, place) => `gAAAAA${marks.make(place, [], word)}`,
    ),
    header('a bearer token of a provider', 'authorization', (marks, place) => `Bearer ${marks.make(place, [], word)}`),
    {
      name: 'a token of the cloud beside a bearer token',
      said: (marks, place) => ({
        headers: {
          'x-auth-token': `gAAAAA${marks.make(place, [], word)}`,
          authorization: `Bearer ${marks.make(place, [], word)}`,
        },
      }),
    },
  ],
  x509: [
    header('a certificate with its key, in a header', 'x-client-cert', (marks, place) => {
      const key = marks.make(place);
      return encodeURIComponent(
        `-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\n${key}\n`,
      );
    }),
  ],
  gateway: [
    {
      name: 'a token in the query',
      said: (marks, place) => ({ query: `token=${encodeURIComponent(marks.make(place))}` }),
    },
    {
      name: 'an access token in the query',
      said: (marks, place) => ({ query: `access_token=${encodeURIComponent(marks.make(place))}&page=x` }),
    },
    {
      name: 'a signature in the query',
      said: (marks, place) => ({
        query: `X-Amz-Signature=${marks.make(place, [], word)}&X-Amz-Security-Token=${marks.make(place, [], word)}`,
      }),
    },
    header(
      'a signature of AWS',
      'authorization',
      (marks, place) =>
        `AWS4-HMAC-SHA256 Credential=${marks.make(place, [], word)}/20261130/r/execute-api/aws4_request, Signature=${marks.make(place, [], word)}`,
    ),
  ],
  anonymous: [
    header(
      'credentials that nobody asked for',
      'proxy-authorization',
      (marks, place) => `Basic ${base64(`alice:${marks.make(place)}`)}`,
    ),
  ],
};

/** Places beside those of any scheme. */
export const ELSEWHERE: readonly Place[] = [
  header('an unknown scheme', 'authorization', (marks, place) => `Negotiate ${marks.make(place)}`),
  header('Authorization without a scheme', 'authorization', (marks, place) => marks.make(place)),
  header('a misspelled header', 'x-authtoken', (marks, place) => marks.make(place)),
  header('a cookie', 'cookie', (marks, place) => `session=${marks.make(place)}; other=1`),
  header(
    'a Referer with a token',
    'referer',
    (marks, place) => `https://portal.example.org/?token=${encodeURIComponent(marks.make(place))}`,
  ),
  header('an attribute', 'x-occi-attribute', (marks, place) => `password="${marks.make(place)}"`),
  header('an Idempotency-Key', 'idempotency-key', (marks, place) => marks.make(place, ['row'], word)),
  header('a forwarded address', 'x-forwarded-for', (marks, place) => marks.make(place)),
  {
    name: 'a login in a text body',
    said: (marks, place) => ({
      headers: { 'content-type': 'text/plain' },
      body: `username: alice\npassword: ${marks.make(place)}`,
    }),
  },
  {
    name: 'a form',
    said: (marks, place) => ({
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `grant_type=password&username=alice&password=${encodeURIComponent(marks.make(place))}`,
    }),
  },
  {
    name: 'a member of OCCI JSON',
    said: (marks, place) => ({
      headers: { 'content-type': 'application/occi+json' },
      body: JSON.stringify({ kind: 'http://schemas.ogf.org/occi/infrastructure#compute', password: marks.make(place) }),
    }),
  },
  {
    name: 'OCCI JSON that is cut off',
    said: (marks, place) => ({
      headers: { 'content-type': 'application/occi+json' },
      body: `{"attributes": {"occi.compute.userdata": "${marks.make(place)}`,
    }),
  },
  {
    name: 'a query that is no valid percent-encoding',
    said: (marks, place) => ({ query: `token=${marks.make(place, [], word)}%` }),
  },
];
