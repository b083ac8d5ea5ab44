/** What every auth scheme must do: decline credentials of other schemes, and never reveal a secret. */
import { describe, expect, test } from '@jest/globals';
import type { AuthScheme } from '../../lib/auth/scheme.ts';
import { OcciError } from '../../lib/errors.ts';
import type { HttpRequest } from '../../lib/http/message.ts';

type Headers = Readonly<Record<string, string>>;

export interface AuthSchemeContract<Credentials = Headers> {
  readonly scheme: AuthScheme;
  /** Valid credentials, by the name of the caller that they authenticate. */
  readonly good: Readonly<Record<string, Credentials>>;
  /** Invalid credentials of this scheme. */
  readonly bad?: readonly Credentials[];
  /** The request that carries credentials, if they are not headers. */
  readonly bearing?: (credentials: Credentials) => HttpRequest;
  /** Texts that must not appear in any name or error. */
  readonly secrets?: readonly string[];
  /** True for a scheme that accepts every caller and therefore declines nothing. */
  readonly takesAll?: boolean;
}

const NOT_ITS_OWN: readonly Headers[] = [
  {},
  { authorization: '' },
  { authorization: 'Other x' },
  { authorization: 'constructor' },
  { 'x-authorization': 'Basic eDp5' },
];

export const requestWith = (headers: Headers): HttpRequest => ({
  method: 'GET',
  path: '/',
  query: [],
  headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
  body: '',
  origin: 'http://127.0.0.1',
  requestId: 'r-1',
});

/** Runs the contract suite for a scheme. */
export function authSchemeContract<Credentials = Headers>({
  scheme,
  good,
  bad = [],
  bearing = (credentials) => requestWith(credentials as Headers),
  secrets = [],
  takesAll = false,
}: AuthSchemeContract<Credentials>): void {
  const authenticate = async (credentials: Credentials) => scheme.authenticate(bearing(credentials));

  describe(`The auth scheme ${scheme.name}`, () => {
    test('has a name and, optionally, a challenge that is a valid header value', () => {
      expect(scheme.name).toMatch(/^[a-z][a-z0-9-]*$/);
      const challenge = scheme.challenge?.('https://occi.example.org');
      if (challenge !== undefined) expect(challenge).toMatch(/^[!-~][ -~]*$/);
    });

    for (const [name, credentials] of Object.entries(good)) {
      test(`accepts the credentials of ${name}`, async () => {
        const caller = await authenticate(credentials);
        expect(caller?.name).toBe(name);
        expect(caller?.name).not.toBe('');
        expect(caller?.scheme).toBe(scheme.name);
        expect(caller?.grants.length).toBeGreaterThan(0);
      });
    }

    if (!takesAll) {
      test.each(NOT_ITS_OWN)('declines credentials of other schemes: %j', async (headers) => {
        expect(await scheme.authenticate(requestWith(headers))).toBeUndefined();
      });
    }

    for (const [place, credentials] of bad.entries()) {
      test(`refuses bad credentials: ${place + 1}, ${Object.keys(credentials as object)}`, async () => {
        await expect(authenticate(credentials)).rejects.toMatchObject({ failure: 'unauthenticated' });
      });
    }

    test('says the same whatever is wrong with credentials', async () => {
      const messages = new Set<string>();
      for (const credentials of bad) await authenticate(credentials).catch(({ message }) => messages.add(message));
      expect(messages.size).toBeLessThanOrEqual(1);
    });

    test('reveals no secret, neither in a name nor in an error', async () => {
      const texts: string[] = [];
      for (const credentials of [...Object.values(good), ...bad]) {
        const said = await authenticate(credentials).then(
          (caller) => JSON.stringify({ ...caller, credentials: undefined, token: undefined }),
          (error) =>
            error instanceof OcciError ? `${error.message} ${JSON.stringify(error.headers)}` : `not ours: ${error}`,
        );
        expect(said).not.toMatch(/^not ours/);
        texts.push(said);
      }
      for (const secret of secrets) expect(texts.join('\n')).not.toContain(secret);
    });
  });
}
