/** What every auth scheme must do: leave alone what is not its own, and never tell a secret. */
import { describe, expect, test } from '@jest/globals';
import type { AuthScheme } from '../../lib/auth/scheme.ts';
import { OcciError } from '../../lib/errors.ts';
import type { HttpRequest } from '../../lib/http/message.ts';

type Headers = Readonly<Record<string, string>>;

export interface AuthSchemeContract<Credentials = Headers> {
  readonly scheme: AuthScheme;
  /** Credentials that are good, by the name of the caller that they prove. */
  readonly good: Readonly<Record<string, Credentials>>;
  /** Credentials of this scheme that are bad. */
  readonly bad?: readonly Credentials[];
  /** The request that bears credentials, where they are no headers. */
  readonly bearing?: (credentials: Credentials) => HttpRequest;
  /** What must never be told. */
  readonly secrets?: readonly string[];
  /** True for a scheme that lets everybody in, so that there is nothing to decline. */
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

/** Runs the contract over a scheme. */
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
    test('has a name, and a challenge that can stand in a header, if any', () => {
      expect(scheme.name).toMatch(/^[a-z][a-z0-9-]*$/);
      if (scheme.challenge !== undefined) expect(scheme.challenge).toMatch(/^[!-~][ -~]*$/);
    });

    test.each(Object.entries(good))('knows %s', async (name, credentials) => {
      const caller = await authenticate(credentials);
      expect(caller?.name).toBe(name);
      expect(caller?.name).not.toBe('');
    });

    if (!takesAll) {
      test.each(NOT_ITS_OWN)('declines what is not its own: %j', async (headers) => {
        expect(await scheme.authenticate(requestWith(headers))).toBeUndefined();
      });
    }

    for (const [place, credentials] of bad.entries()) {
      test(`refuses bad credentials: ${place + 1}, ${Object.keys(credentials as object)}`, async () => {
        await expect(authenticate(credentials)).rejects.toMatchObject({ failure: 'unauthenticated' });
      });
    }

    test('tells no secret: not in the name, not in an error', async () => {
      const told: string[] = [];
      for (const credentials of [...Object.values(good), ...bad]) {
        const said = await authenticate(credentials).then(
          (caller) => caller?.name ?? '',
          (error) =>
            error instanceof OcciError ? `${error.message} ${JSON.stringify(error.headers)}` : `not ours: ${error}`,
        );
        expect(said).not.toMatch(/^not ours/);
        told.push(said);
      }
      for (const secret of secrets) expect(told.join('\n')).not.toContain(secret);
    });
  });
}
