/** Issuers that are down, slow, huge, or not what they should be: the token may be good, so nobody is refused for it. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { oidc } from '../../../../lib/auth/oidc/scheme.ts';
import { oidc as schema } from '../../../../lib/config/auth/oidc.ts';
import { requestWith } from '../../../contract/auth-scheme.ts';
import { type Answer, AUDIENCE, json, OwnIssuer, type SigningKey, signingKey } from './own-issuer.ts';

const MINUTE_MS = 60_000;
const DISCOVERY = '/.well-known/openid-configuration';
const [rsa, ec] = await Promise.all([signingKey('RS256', 'rsa'), signingKey('ES256', 'ec')]);

let issuer: OwnIssuer;
let clock: number;
beforeEach(async () => {
  issuer = await OwnIssuer.start([rsa]);
  clock = Date.now();
});
afterEach(() => issuer.stop());

const schemeOf = () => oidc(schema().parse({ issuer: issuer.url, audience: AUDIENCE }), () => clock);
const asked = async (scheme: ReturnType<typeof oidc>, key: SigningKey = rsa, header = {}) =>
  scheme.authenticate(
    requestWith({
      authorization: `Bearer ${await issuer.token(key, { exp: Math.floor(clock / 1000) + 60 }, header)}`,
    }),
  );
const down: Answer = (response) => void response.destroy();

const UNAVAILABLE = {
  failure: 'unavailable',
  message: 'The keys of the token issuer cannot be read at present.',
  headers: { 'Retry-After': expect.stringMatching(/^\d+$/) },
};

describe('A token is 503 with Retry-After', () => {
  const SLOW: Readonly<Record<string, Answer>> = {
    'never answers': () => {},
    'stops in the middle': (response) => void response.write('{"keys":['),
    'drips a byte at a time': (response) => {
      const drip = setInterval(() => response.write(' '), 100);
      response.on('close', () => clearInterval(drip));
    },
  };
  const HOSTILE: Readonly<Record<string, Answer>> = {
    'is down': down,
    'answers 500': (response) => void response.writeHead(500).end('{}'),
    'answers 404': (response) => void response.writeHead(404).end(),
    redirects: (response) => void response.writeHead(302, { location: '/elsewhere' }).end(),
    'redirects for good': (response) => void response.writeHead(308, { location: '/elsewhere' }).end(),
    'answers without end': (response) => {
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    },
    'answers 300 kB': json({ keys: [rsa.published], filling: 'x'.repeat(300_000) }),
    'answers HTML': (response) => void response.end('<html>'),
    'answers a list': json([]),
    'answers null': json(null),
  };
  const KEYS: Readonly<Record<string, Answer>> = {
    ...HOSTILE,
    'publishes no keys': json({ keys: [] }),
    'publishes keys that are no objects': json({ keys: ['key'] }),
    'publishes a thousand keys': json({ keys: Array.from({ length: 1000 }, () => rsa.published) }),
  };

  test.each(Object.entries(KEYS))('if the key endpoint %s', async (_, answer) => {
    issuer.keys = answer;
    await expect(asked(schemeOf())).rejects.toMatchObject(UNAVAILABLE);
    expect(issuer.requests).toEqual([DISCOVERY, '/keys']);
  });

  test.each(Object.entries(HOSTILE))('if discovery %s', async (_, answer) => {
    issuer.discovery = answer;
    await expect(asked(schemeOf())).rejects.toMatchObject(UNAVAILABLE);
    expect(issuer.requests).toEqual([DISCOVERY]);
  });

  test('after three seconds, if either is too slow', async () => {
    const began = Date.now();
    const slow = Object.values(SLOW).flatMap((answer) => [{ discovery: answer }, { keys: answer }]);
    await Promise.all(
      slow.map(async (answers) => {
        const own = await OwnIssuer.start([rsa]);
        Object.assign(own, answers);
        const scheme = oidc(schema().parse({ issuer: own.url, audience: AUDIENCE }));
        const request = requestWith({ authorization: `Bearer ${await own.token(rsa)}` });
        await expect(async () => scheme.authenticate(request)).rejects.toMatchObject(UNAVAILABLE);
        await own.stop();
      }),
    );
    expect(Date.now() - began).toBeGreaterThan(2900);
    expect(Date.now() - began).toBeLessThan(6000);
  });

  test.each([
    ['of another issuer', () => ({ issuer: 'https://other.example.org', jwks_uri: `${issuer.url}/keys` })],
    ['of one with a slash more', () => ({ issuer: `${issuer.url}/`, jwks_uri: `${issuer.url}/keys` })],
    ['without keys', () => ({ issuer: issuer.url })],
    ['with keys in a file', () => ({ issuer: issuer.url, jwks_uri: 'file:///etc/keys' })],
    ['with keys over http elsewhere', () => ({ issuer: issuer.url, jwks_uri: 'http://keys.example.org/keys' })],
    ['with keys that are no URL', () => ({ issuer: issuer.url, jwks_uri: '/keys' })],
  ])('if the discovery document is %s', async (_, document) => {
    issuer.discovery = json(document());
    await expect(asked(schemeOf())).rejects.toMatchObject(UNAVAILABLE);
    expect(issuer.requests).toEqual([DISCOVERY]);
  });
});

describe('An issuer that cannot be asked', () => {
  test('is not asked again for ten seconds, and then at once serves everybody', async () => {
    const scheme = schemeOf();
    issuer.discovery = down;
    await expect(asked(scheme)).rejects.toMatchObject({ ...UNAVAILABLE, headers: { 'Retry-After': '10' } });
    clock += 4000;
    await expect(asked(scheme)).rejects.toMatchObject({ ...UNAVAILABLE, headers: { 'Retry-After': '6' } });
    expect(issuer.requests).toHaveLength(1);
    issuer.discovery = json({ issuer: issuer.url, jwks_uri: `${issuer.url}/keys` });
    clock += 6000;
    expect(await asked(scheme)).toMatchObject({ name: 'alice' });
  });

  test('does not stop those whose keys are known, for an hour', async () => {
    const scheme = schemeOf();
    expect(await asked(scheme)).toMatchObject({ name: 'alice' });
    issuer.keys = down;
    for (let minutes = 12; minutes < 60; minutes += 12) {
      clock += 12 * MINUTE_MS;
      expect(await asked(scheme)).toMatchObject({ name: 'alice' });
    }
    clock += 12 * MINUTE_MS;
    await expect(asked(scheme)).rejects.toMatchObject(UNAVAILABLE);
  });

  test('leaves a key id unknown that may be new: 503, not 401', async () => {
    const scheme = schemeOf();
    await asked(scheme);
    clock += MINUTE_MS;
    issuer.keys = down;
    await expect(asked(scheme, ec)).rejects.toMatchObject(UNAVAILABLE);
    await expect(asked(scheme, ec)).rejects.toMatchObject(UNAVAILABLE);
    expect(await asked(scheme)).toMatchObject({ name: 'alice' });
    expect(issuer.requests).toHaveLength(4);
  });
});

describe('The keys of an issuer', () => {
  const refused = { failure: 'unauthenticated', message: 'The credentials are not valid.' };

  test('are asked for once a minute at most, however many key ids are unknown', async () => {
    const scheme = schemeOf();
    const unknown = (kid: string) => expect(asked(scheme, ec, { kid })).rejects.toMatchObject(refused);
    await unknown('a');
    expect(issuer.requests).toHaveLength(2);
    for (let count = 0; count < 59; count++) {
      clock += 1000;
      await unknown(`b${count}`);
    }
    expect(issuer.requests).toHaveLength(2);
    clock += 1000;
    await Promise.all(Array.from({ length: 20 }, (_, count) => unknown(`c${count}`)));
    expect(issuer.requests).toHaveLength(4);
  });

  test('change: a new one is taken at once, a withdrawn one ends within ten minutes', async () => {
    const scheme = schemeOf();
    await asked(scheme);
    issuer.publish(rsa, ec);
    clock += MINUTE_MS;
    expect(await asked(scheme, ec)).toMatchObject({ name: 'alice' });
    issuer.publish(ec);
    expect(await asked(scheme, rsa)).toMatchObject({ name: 'alice' });
    clock += 10 * MINUTE_MS;
    await expect(asked(scheme, rsa)).rejects.toMatchObject(refused);
    expect(await asked(scheme, ec)).toMatchObject({ name: 'alice' });
  });

  test('decide about a token that was verified before', async () => {
    const scheme = schemeOf();
    const exp = Math.floor(clock / 1000) + 3600;
    const request = requestWith({ authorization: `Bearer ${await issuer.token(rsa, { exp })}` });
    expect(await scheme.authenticate(request)).toMatchObject({ name: 'alice' });
    clock += 11 * MINUTE_MS;
    expect(await scheme.authenticate(request)).toMatchObject({ name: 'alice' });
    issuer.publish(ec);
    clock += 11 * MINUTE_MS;
    await expect(async () => scheme.authenticate(request)).rejects.toMatchObject(refused);
  });

  test('may be among others that we cannot use', async () => {
    issuer.keys = json({
      keys: [{ kty: 'oct', k: 'c2VjcmV0', kid: 'oct' }, { kty: 'XYZ' }, { ...ec.published, use: 'enc' }, rsa.published],
    });
    const scheme = schemeOf();
    expect(await asked(scheme)).toMatchObject({ name: 'alice' });
    await expect(asked(scheme, ec)).rejects.toMatchObject(refused);
  });
});
