/** An OpenID provider that is not ours, on loopback: `oidc-provider`, which is certified by the OpenID Foundation. */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK } from 'jose';

/** The audience of the tokens that it makes. */
export const AUDIENCE = 'https://occi.example.org';

export type SigningAlgorithm = 'RS256' | 'ES256' | 'PS256' | 'EdDSA';

/** What a client is, and what its tokens say besides. */
export interface IssuerClient {
  readonly algorithm?: SigningAlgorithm;
  readonly claims?: Readonly<Record<string, unknown>>;
}

export interface Issuer {
  readonly url: string;
  /** Requests that it has answered, by path. */
  readonly requests: string[];
  /** A JWT access token that a client has got with its secret (RFC 6749 §4.4, RFC 8707). */
  tokenOf(client: string): Promise<string>;
  /** Begins to sign with new keys; the old ones are not published any more. */
  rotate(): Promise<void>;
  stop(): Promise<void>;
}

/** Loads the provider without its advice, which is for those who run it: a newer Node and a database. */
async function makeProvider(url: string, configuration: object): Promise<RequestListener> {
  const { warn } = console;
  console.warn = () => {};
  try {
    const { Provider } = await import('oidc-provider');
    return new Provider(url, configuration).callback();
  } finally {
    console.warn = warn;
  }
}

interface Named {
  readonly clientId?: string;
}

async function signingKeys(): Promise<JWK[]> {
  const algorithms: readonly SigningAlgorithm[] = ['RS256', 'ES256', 'PS256', 'EdDSA'];
  return await Promise.all(
    algorithms.map(async (alg) => {
      const { privateKey } = await generateKeyPair(alg, { extractable: true });
      return { ...(await exportJWK(privateKey)), alg, use: 'sig' };
    }),
  );
}

/** Starts the provider with clients that get tokens for themselves. */
export async function startIssuer(clients: Readonly<Record<string, IssuerClient>>): Promise<Issuer> {
  let answer: RequestListener = () => {};
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    answer(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const secretOf = (client: string) => `secret-of-${client}`;
  const begin = async () => {
    answer = await makeProvider(url, {
      clients: Object.keys(clients).map((client_id) => ({
        client_id,
        client_secret: secretOf(client_id),
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      })),
      jwks: { keys: await signingKeys() },
      features: {
        devInteractions: { enabled: false },
        clientCredentials: { enabled: true },
        resourceIndicators: {
          enabled: true,
          getResourceServerInfo: (_context: unknown, _resource: unknown, { clientId = '' }: Named) => ({
            scope: 'occi',
            audience: AUDIENCE,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: clients[clientId]?.algorithm ?? 'RS256' } },
          }),
        },
      },
      extraTokenClaims: (_context: unknown, { clientId = '' }: Named) => ({ ...clients[clientId]?.claims }),
      ttl: { ClientCredentials: 600 },
    });
  };
  await begin();
  return {
    url,
    requests,
    async tokenOf(client) {
      const response = await fetch(`${url}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${client}:${secretOf(client)}`).toString('base64')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials', resource: AUDIENCE, scope: 'occi' }),
      });
      const { access_token: token } = (await response.json()) as { access_token?: string };
      if (token === undefined) throw new Error(`the issuer gave ${client} no token: ${response.status}`);
      return token;
    },
    rotate: begin,
    async stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
