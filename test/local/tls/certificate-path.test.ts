import { X509Certificate } from 'node:crypto';
import { afterAll, describe, expect, test } from '@jest/globals';
import { verifyProxy } from '../../../local/tls/certificate-path.ts';
import { AUTHORITY, Certificates, type Issued, PERSON, proxyOf } from '../../certificates.ts';

const certificates = new Certificates();
afterAll(() => certificates.remove());

const issue = (subject: string, issuer: Issued | undefined, extensions: readonly string[], more: object = {}): Issued =>
  certificates.issue({ subject, ...(issuer && { issuer }), extensions, ...more });

const root = issue('/O=Grid/CN=Root', undefined, AUTHORITY);
const middle = issue('/O=Grid/CN=Middle', root, AUTHORITY);
const person = issue('/O=Grid/CN=Alice', root, PERSON);
const name = '/O=Grid/CN=Alice/CN=1';
const proxy = issue(name, person, proxyOf());

const verify = (chain: readonly Issued[], authorities: readonly Issued[] = [root], now = Date.now()) =>
  verifyProxy(
    chain.map(({ pem }) => new X509Certificate(pem)),
    authorities.map(({ pem }) => new X509Certificate(pem)),
    now,
  );

describe('A proxy certificate', () => {
  test('stands for the person who signed it', () => {
    expect(verify([proxy, person]).person.subject).toBe('O=Grid\nCN=Alice');
    expect(verify([proxy, person, root]).person.subject).toBe('O=Grid\nCN=Alice');
  });

  test('may be signed by another proxy, as deep as each permits', () => {
    const second = issue(`${name}/CN=2`, proxy, proxyOf());
    expect(verify([second, proxy, person]).person.subject).toBe('O=Grid\nCN=Alice');
    const last = issue(name, person, proxyOf(undefined, 0));
    const beyond = issue(`${name}/CN=2`, last, proxyOf());
    expect(verify([last, person]).person.subject).toBe('O=Grid\nCN=Alice');
    expect(() => verify([beyond, last, person])).toThrow('more proxies below it than it permits');
  });

  test('counts until the first certificate of its chain expires', () => {
    const short = issue(name, person, proxyOf(), { notAfter: '20890101000000Z' });
    expect(verify([proxy, person]).until).toBeLessThan(Date.now() + 3 * 86_400_000);
    expect(verify([short, person]).until).toBe(verify([proxy, person]).until);
    expect(() => verify([proxy, person], [root], Date.now() + 3 * 86_400_000)).toThrow('a certificate has expired');
    expect(() => verify([proxy, person], [root], Date.now() - 86_400_000)).toThrow('a certificate is not valid yet');
  });

  test('of a person whose authority stands between them and the root', () => {
    const bob = issue('/O=Grid/CN=Bob', middle, PERSON);
    const own = issue('/O=Grid/CN=Bob/CN=1', bob, proxyOf());
    expect(verify([own, bob, middle]).person.subject).toBe('O=Grid\nCN=Bob');
    expect(verify([own, bob], [root, middle]).person.subject).toBe('O=Grid\nCN=Bob');
    expect(() => verify([own, bob])).toThrow('not signed by an authority');
    // Trust ends at a root, as with OpenSSL.
    expect(() => verify([own, bob, middle], [middle])).toThrow('not signed by an authority');
  });

  test.each<[string, () => readonly Issued[], string]>([
    ['of nobody', () => [proxy], 'the certificate of the person is missing'],
    ['without a proxy', () => [person], 'not signed by an authority of --client-ca'],
    [
      'with another language',
      () => [issue(name, person, proxyOf('1.3.6.1.4.1.3536.1.1.1.9')), person],
      'does not have all rights',
    ],
    [
      'independent of its person',
      () => [issue(name, person, proxyOf('id-ppl-independent')), person],
      'does not have all rights',
    ],
    [
      'with another name',
      () => [issue('/O=Grid/CN=Bob/CN=1', person, proxyOf()), person],
      'does not extend that of its issuer',
    ],
    ['with the name of its person', () => [issue('/O=Grid/CN=Alice', person, proxyOf()), person], 'does not extend'],
    ['with two names more', () => [issue(`${name}/CN=2`, person, proxyOf()), person], 'does not extend'],
    [
      'whose last name is no common name',
      () => [issue('/O=Grid/CN=Alice/OU=1', person, proxyOf()), person],
      'does not extend',
    ],
    [
      'whose last name has two parts',
      () => [issue('/O=Grid/CN=Alice/CN=1+OU=2', person, proxyOf()), person],
      'does not extend',
    ],
    [
      'with an alternative name',
      () => [issue(name, person, [...proxyOf(), 'subjectAltName=DNS:a']), person],
      'alternative name',
    ],
    [
      'that is an authority',
      () => [issue(name, person, [...AUTHORITY, proxyOf()[1]!]), person],
      'not signed by the certificate that follows',
    ],
    [
      'signed by an authority',
      () => {
        const free = issue('/O=Grid/CN=Free', undefined, ['basicConstraints=critical,CA:true']);
        return [issue('/O=Grid/CN=Free/CN=1', free, proxyOf()), free];
      },
      'a proxy is signed by an authority',
    ],
    [
      'signed by somebody else of that name',
      () => [issue(name, issue('/O=Grid/CN=Alice', root, PERSON), proxyOf()), person],
      'not signed by the certificate that follows',
    ],
    [
      'with an unknown critical extension',
      () => [issue(name, person, [...proxyOf(), '1.2.3.4=critical,DER:0500']), person],
      'the critical extension 1.2.3.4',
    ],
    [
      'for servers',
      () => [issue(name, person, [...proxyOf(), 'extendedKeyUsage=serverAuth']), person],
      'not for clients',
    ],
    [
      'whose extension is not critical',
      () => [issue(name, person, ['proxyCertInfo=language:id-ppl-inheritAll']), person],
      'not critical',
    ],
    [
      'signed with SHA-1',
      () => [issue(name, person, proxyOf(), { options: ['-md', 'sha1'] }), person],
      'signed with the algorithm 1.2.840.10045.4.1',
    ],
    [
      'with a short key',
      () => [
        issue(name, person, proxyOf(), { keyOptions: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024'] }),
        person,
      ],
      'a key of 1024 bits',
    ],
    ['in a chain without end', () => Array.from({ length: 11 }, () => proxy), 'the chain is too long'],
  ])('is refused: one %s', (_, chain, message) => {
    expect(() => verify(chain())).toThrow(message);
  });

  test.each<[string, () => readonly Issued[]]>([
    [
      'signs itself',
      () => {
        const self = issue('/O=Grid/CN=Alice', undefined, PERSON);
        return [issue(name, self, proxyOf()), self];
      },
    ],
    [
      'brings a root of its own',
      () => {
        const own = issue('/O=Grid/CN=Root', undefined, AUTHORITY);
        const self = issue('/O=Grid/CN=Alice', own, PERSON);
        return [issue(name, self, proxyOf()), self, own];
      },
    ],
    [
      'is signed by another person',
      () => {
        const other = issue('/O=Grid/CN=Mallory', root, PERSON);
        const self = issue('/O=Grid/CN=Alice', other, PERSON);
        return [issue(name, self, proxyOf()), self, other];
      },
    ],
    [
      'is below an authority that permits none',
      () => {
        const last = issue('/O=Grid/CN=Last', root, ['basicConstraints=critical,CA:true,pathlen:0', AUTHORITY[1]!]);
        const below = issue('/O=Grid/CN=Below', last, AUTHORITY);
        const self = issue('/O=Grid/CN=Alice', below, PERSON);
        return [issue(name, self, proxyOf()), self, below, last];
      },
    ],
    [
      'is below an authority with constraints on names',
      () => {
        const narrow = issue('/O=Grid/CN=Narrow', root, [
          ...AUTHORITY,
          'nameConstraints=critical,permitted;DNS:example.org',
        ]);
        const self = issue('/O=Grid/CN=Alice', narrow, PERSON);
        return [issue(name, self, proxyOf()), self, narrow];
      },
    ],
  ])('is refused if its person %s', (_, chain) => {
    expect(() => verify(chain())).toThrow('not signed by an authority of --client-ca');
  });
});
