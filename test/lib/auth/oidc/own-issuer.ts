/** An issuer whose documents and tokens may be as wrong as a test wants. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, SignJWT } from 'jose';

export const AUDIENCE = 'https://occi.example.org';

/** Writes an answer, or leaves it unwritten. */
export type Answer = (response: ServerResponse) => void;

export const json =
  (value: unknown): Answer =>
  (response) =>
    void response.setHeader('content-type', 'application/json').end(JSON.stringify(value));

export interface SigningKey {
  readonly alg: string;
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly published: JWK;
}

export async function signingKey(alg: string, kid: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { alg, kid, privateKey, published: { ...(await exportJWK(publicKey)), kid, use: 'sig' } };
}

export class OwnIssuer {
  readonly url: string;
  /** Paths that were asked for. */
  readonly requests: string[] = [];
  discovery: Answer;
  keys: Answer;
  readonly #server;

  private constructor(server: ReturnType<typeof createServer>, published: readonly SigningKey[]) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.discovery = json({ issuer: this.url, jwks_uri: `${this.url}/keys` });
    this.keys = json({ keys: published.map((key) => key.published) });
    server.on('request', ({ url = '' }, response) => {
      this.requests.push(url);
      const answer = { '/.well-known/openid-configuration': this.discovery, '/keys': this.keys }[url];
      if (answer) answer(response);
      else response.writeHead(404).end();
    });
  }

  static async start(published: readonly SigningKey[]): Promise<OwnIssuer> {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return new OwnIssuer(server, published);
  }

  publish(...keys: readonly SigningKey[]): void {
    this.keys = json({ keys: keys.map((key) => key.published) });
  }

  /** A token that is right but for what `claims` and `header` change; undefined leaves a member out. */
  token(key: SigningKey, claims: object = {}, header: Partial<JWTHeaderParameters> = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const all = { iss: this.url, aud: AUDIENCE, sub: 'alice', iat: now, exp: now + 300, ...claims };
    return new SignJWT(all).setProtectedHeader({ alg: key.alg, kid: key.kid, ...header }).sign(key.privateKey);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
