import { describe, expect, test } from '@jest/globals';
import { keystone } from '../../../lib/auth/keystone.ts';
import { authSchemeContract, requestWith } from '../../contract/auth-scheme.ts';

// It proves nobody: the tokens that its login hands out are those of the scheme `token`.
authSchemeContract({ scheme: keystone, good: {} });

describe('The scheme keystone', () => {
  test('invites with the URI of the login alone, as clients match it (CLIENT-7)', () => {
    expect(keystone.challengesAlone).toBe(true);
    expect(keystone.challenge?.('https://occi.example.org')).toBe("Keystone uri='https://occi.example.org'");
  });

  test('leaves every credential to the other schemes', async () => {
    const sent: Record<string, string>[] = [
      { 'x-auth-token': 'x' },
      { authorization: 'Basic eDp5' },
      { authorization: 'Bearer x' },
    ];
    for (const headers of sent) expect(await keystone.authenticate(requestWith(headers))).toBeUndefined();
  });
});
