import { describe, expect, test } from '@jest/globals';
import { basic } from '../../../lib/auth/basic.ts';
import { authenticate } from '../../../lib/auth/index.ts';
import { principal } from '../../../lib/auth/principal.ts';
import { authSchemeContract, requestWith } from '../../contract/auth-scheme.ts';

const encoded = (text: string | Uint8Array): string => Buffer.from(text as string).toString('base64');
const of = (text: string | Uint8Array) => ({ authorization: `Basic ${encoded(text)}` });

authSchemeContract({
  scheme: basic,
  good: { alice: of('alice:s3cret'), čeština: of('čeština:s3cret'), 'a b': of('a b:s3cret:with:colons') },
  bad: [
    of('s3cret'),
    of(':s3cret'),
    of('alice:s3cret\u0007'),
    of('ali\u0000ce:s3cret'),
    of(new Uint8Array([0x61, 0x3a, 0xe9])),
    { authorization: 'Basic' },
    { authorization: 'Basic ' },
    { authorization: 'Basic a:s3cret' },
    { authorization: 'Basic YWxpY2U6czNjcmV0 YWxpY2U6czNjcmV0' },
    { authorization: 'Basic A' },
  ],
  secrets: ['s3cret', encoded('alice:s3cret')],
});

describe('HTTP Basic (RFC 7617)', () => {
  test('passes on user and password as they were sent', () => {
    expect(basic.authenticate(requestWith(of('alice:pass:wörd ')))).toEqual({
      ...principal('basic', 'alice'),
      credentials: 'alice:pass:wörd ',
    });
  });

  test('is named in any case, and padded or not', () => {
    const token = encoded('alice:pw12');
    for (const authorization of [`basic ${token}`, `BASIC  ${token}`, `Basic ${token.replace(/=+$/, '')}`]) {
      expect(basic.authenticate(requestWith({ authorization }))).toMatchObject({ name: 'alice' });
    }
  });

  test('invites with its realm and charset, also when credentials are malformed', async () => {
    const challenge = 'Basic realm="occi", charset="UTF-8"';
    for (const headers of [{}, { authorization: 'Basic !' }]) {
      await expect(authenticate(requestWith(headers as Record<string, string>), [basic])).rejects.toMatchObject({
        failure: 'unauthenticated',
        headers: { 'WWW-Authenticate': challenge },
      });
    }
  });

  test('refuses two kinds of credentials in one request', () => {
    const request = {
      ...requestWith({}),
      headers: { authorization: [of('a:b').authorization, of('c:d').authorization] },
    };
    expect(() => basic.authenticate(request)).toThrow(expect.objectContaining({ failure: 'unauthenticated' }));
  });
});
