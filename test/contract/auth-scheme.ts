/** What every auth scheme must do: leave alone what is not its own, and never tell a secret. */
import { describe, expect, test } from '@jest/globals';
import type { AuthScheme } from '../../lib/auth/scheme.ts';
import { OcciError } from '../../lib/errors.ts';
import type { HttpRequest } from '../../lib/http/message.ts';

export interface AuthSchemeContract {
  readonly scheme: AuthScheme;
  /** Requests with good credentials, by the name of the caller that they prove. */
  readonly good: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Requests of this scheme whose credentials are bad. */
  readonly bad?: readonly Readonly<Record<string, string>>[];
  /** What must never be told. */
  readonly secrets?: readonly string[];
  /** True for a scheme that lets everybody in, so that there is nothing to decline. */
  readonly takesAll?: boolean;
}

const NOT_ITS_OWN: readonly Readonly<Record<string, string>>[] = [
  {},
  { authorization: '' },
  { authorization: 'Other x' },
  { authorization: 'constructor' },
  { 'x-authorization': 'Basic eDp5' },
];

export const requestWith = (headers: Readonly<Record<string, string>>): HttpRequest => ({
  method: 'GET',
  path: '/',
  query: [],
  headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
  body: '',
  origin: 'http://127.0.0.1',
  requestId: 'r-1',
});

/** Runs the contract over a scheme. */
export function authSchemeContract({
  scheme,
  good,
  bad = [],
  secrets = [],
  takesAll = false,
}: AuthSchemeContract): void {
  const authenticate = async (headers: Readonly<Record<string, string>>) => scheme.authenticate(requestWith(headers));

  describe(`The auth scheme ${scheme.name}`, () => {
    test('has a name, and a challenge that can stand in a header, if any', () => {
      expect(scheme.name).toMatch(/^[a-z][a-z0-9-]*$/);
      if (scheme.challenge !== undefined) expect(scheme.challenge).toMatch(/^[!-~][ -~]*$/);
    });

    test.each(Object.entries(good))('knows %s', async (name, headers) => {
      const caller = await authenticate(headers);
      expect(caller?.name).toBe(name);
      expect(caller?.name).not.toBe('');
    });

    if (!takesAll) {
      test.each(NOT_ITS_OWN)('declines what is not its own: %j', async (headers) => {
        expect(await authenticate(headers)).toBeUndefined();
      });
    }

    for (const headers of bad) {
      test(`refuses bad credentials: ${Object.keys(headers)}`, async () => {
        await expect(authenticate(headers)).rejects.toMatchObject({ failure: 'unauthenticated' });
      });
    }

    test('tells no secret: not in the name, not in an error', async () => {
      const told: string[] = [];
      for (const headers of [...Object.values(good), ...bad]) {
        const said = await authenticate(headers).then(
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
