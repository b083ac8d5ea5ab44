import { afterAll, describe, expect, test } from '@jest/globals';
import { x509 } from '../../../lib/auth/x509.ts';
import { auth } from '../../../lib/config/auth/index.ts';
import { x509 as settingsOfX509 } from '../../../lib/config/auth/x509.ts';
import { checked } from '../../../lib/config/issues.ts';
import { toRequest } from '../../../lib/http/event.ts';
import { Certificates, PERSON } from '../../certificates.ts';
import { authSchemeContract, requestWith } from '../../contract/auth-scheme.ts';
import { processorTime } from '../../processor-time.ts';

const certificates = new Certificates();
afterAll(() => certificates.remove());

const ALICE = 'CN=Alice,O=Grid';
const alice = certificates.issue({ subject: '/O=Grid/CN=Alice', extensions: PERSON }).pem;
const bob = certificates.issue({ subject: '/O=Grid/CN=Bob/emailAddress=bob@example.org', extensions: PERSON }).pem;
const mallory = certificates.issue({ subject: '/O=Grid/CN=Mallory', extensions: PERSON }).pem;
const lookalike = certificates.issue({ subject: '/O=Grid\\/CN=Alice', extensions: PERSON }).pem;
const past = certificates.issue({
  subject: '/O=Grid/CN=Alice',
  extensions: PERSON,
  notBefore: '20200101000000Z',
  notAfter: '20210101000000Z',
}).pem;
const future = certificates.issue({
  subject: '/O=Grid/CN=Alice',
  extensions: PERSON,
  notBefore: '20900101000000Z',
  notAfter: '20910101000000Z',
}).pem;

const settings = settingsOfX509().parse({
  users: {
    '/O=Grid/CN=Alice': {},
    '/O=Grid/CN=Bob/Email=bob@example.org': { name: 'bob', tenant: 'physics', role: 'reader' },
  },
});
const scheme = x509(settings);
const bearing = (clientCertificate: string) => ({ ...requestWith({}), clientCertificate });

authSchemeContract<string>({
  scheme,
  bearing,
  good: { [ALICE]: alice, bob },
  bad: [past, future, 'x', alice.slice(0, 200), alice.replace(/.{20}\n/, 'AAAAAAAAAAAAAAAAAAAA\n')],
});

describe('A client certificate', () => {
  test('gives the name, tenant and role of its subject', async () => {
    expect(await scheme.authenticate(bearing(alice))).toEqual({
      name: ALICE,
      scheme: 'x509',
      grants: [{ tenant: ALICE, role: 'member' }],
    });
    expect(await scheme.authenticate(bearing(bob))).toEqual({
      name: 'bob',
      scheme: 'x509',
      grants: [{ tenant: 'physics', role: 'reader' }],
    });
  });

  test.each([
    ['another person', mallory],
    ['a value that looks like two parts of the subject', lookalike],
  ])('with a subject that the settings do not have is forbidden: %s', async (_, pem) => {
    expect(() => scheme.authenticate(bearing(pem))).toThrow(
      expect.objectContaining({ failure: 'forbidden', message: expect.stringContaining(' has no user with ') }),
    );
  });

  test('counts only while it is valid, also one that was valid before', () => {
    let now = Date.now();
    const clocked = x509(settings, () => now);
    expect(clocked.authenticate(bearing(alice))).toMatchObject({ name: ALICE });
    now += 3 * 86_400_000;
    expect(() => clocked.authenticate(bearing(alice))).toThrow(expect.objectContaining({ failure: 'unauthenticated' }));
  });

  test('keeps the tokens of its user for as long as the settings have the user', () => {
    const grants = [{ tenant: 'physics', role: 'reader' }] as const;
    expect(scheme.stillGrants?.('bob', grants)).toBe(true);
    expect(scheme.stillGrants?.('bob', [{ tenant: 'physics', role: 'member' }])).toBe(false);
    expect(scheme.stillGrants?.(ALICE, grants)).toBe(false);
  });

  test('is read from the event of the gateway, and only where the settings ask for it', () => {
    const event = {
      version: '2.0',
      rawPath: '/',
      requestContext: {
        requestId: 'r',
        domainName: 'occi.example.org',
        http: { method: 'GET' },
        authentication: { clientCert: { clientCertPem: alice, subjectDN: 'CN=Somebody Else' } } as unknown,
      },
    };
    const base = { trustProxy: false, local: false, limits: { bodyBytes: 1024 } };
    const read = (authentication: unknown, clientCertificate = true) =>
      toRequest(
        { ...event, requestContext: { ...event.requestContext, authentication } },
        { ...base, clientCertificate },
      ).clientCertificate;
    expect(read(event.requestContext.authentication)).toBe(alice);
    expect(read(event.requestContext.authentication, false)).toBeUndefined();
    for (const none of [undefined, null, {}, { clientCert: null }]) expect(read(none)).toBeUndefined();
    for (const wrong of [
      { clientCert: {} },
      { clientCert: { clientCertPem: '' } },
      { clientCert: { clientCertPem: 7 } },
    ]) {
      expect(() => read(wrong)).toThrow(TypeError);
    }
  });

  test('costs less than 0.3 ms of processor time when a container knows it', () => {
    const request = bearing(alice);
    scheme.authenticate(request);
    const spent = processorTime();
    // A new string each time, as from a new event.
    for (let at = 0; at < 1000; at++)
      scheme.authenticate(bearing(JSON.parse(JSON.stringify(request.clientCertificate))));
    expect(spent() / 1000).toBeLessThan(0.3);
  });
});

describe('The settings of x509', () => {
  const lines = (users: unknown) => {
    const result = checked(settingsOfX509(), { users });
    return 'lines' in result ? result.lines : [];
  };

  test('take a subject in both forms', () => {
    expect(lines({ '/O=Grid/CN=Alice': {}, 'CN=Bob,O=Grid': { name: 'bob' } })).toEqual([]);
  });

  test.each([
    [{}, /users: .*must name a subject/],
    [{ Alice: {} }, /users\.Alice: must be a subject: CN=Alice,O=Grid or/],
    [{ 'C=NL,O=Grid,CN=Alice': {} }, /must have the person first/],
    [
      { '/O=Grid/CN=Alice/Email=a@b': {}, 'emailAddress=a@b,CN=Alice,O=Grid': {} },
      /users\.emailAddress=.*must not be \/O=Grid\/CN=Alice\/Email=a@b in another form/,
    ],
    [{ [`/O=Grid/CN=${'x'.repeat(300)}`]: {} }, /must have a name: its subject is longer than 256 characters/],
  ])('are refused where they are wrong: %j', (users, message) => {
    expect(lines(users).join('\n')).toMatch(message);
  });
});

test('x509 and the schemes that know all their callers stand once in a file', () => {
  const x509Of = (subject: string) => ({ x509: { users: { [subject]: {} } } });
  const result = checked(auth, [x509Of('CN=A'), 'basic', x509Of('CN=B')], ['auth']);
  expect(result).toMatchObject({ lines: [expect.stringContaining('must hold x509 once')] });
  expect(checked(auth, [x509Of('CN=A'), 'basic'], ['auth'])).toHaveProperty('value');
});
