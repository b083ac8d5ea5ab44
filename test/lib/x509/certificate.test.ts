import { X509Certificate } from 'node:crypto';
import { afterAll, expect, test } from '@jest/globals';
import { partsOf } from '../../../lib/x509/certificate.ts';
import { textOf } from '../../../lib/x509/distinguished-name.ts';
import { readName } from '../../../lib/x509/written-name.ts';
import { Certificates, PERSON, subjectBy } from '../../certificates.ts';

const certificates = new Certificates();
afterAll(() => certificates.remove());

const subjectOf = (pem: string): string => textOf(partsOf(new X509Certificate(pem).raw).subject);

test.each([
  ['/DC=org/DC=terena/DC=tcs/C=NL/O=Example/CN=Alice Doe', 'CN=Alice Doe,O=Example,C=NL,DC=tcs,DC=terena,DC=org'],
  ['/O=Grid/CN=Alice/emailAddress=alice@example.org', 'emailAddress=alice@example.org,CN=Alice,O=Grid'],
  ['/O=Grid/CN=Jiří Žluťoučký', 'CN=Jiří Žluťoučký,O=Grid'],
  ['/C=CZ/O=Grid/UID=alice', 'UID=alice,O=Grid,C=CZ'],
  ['/O=Grid/CN=host\\/a.example.org', 'CN=host/a.example.org,O=Grid'],
  ['/O=Grid/CN=C\\+\\+', 'CN=C\\+\\+,O=Grid'],
])('OpenSSL and we read the subject %s of a certificate alike, in both forms', (subject, expected) => {
  const issued = certificates.issue({ subject, extensions: PERSON });
  expect(subjectOf(issued.pem)).toBe(expected);
  expect(textOf(readName(subjectBy(issued, 'RFC2253')))).toBe(expected);
  expect(textOf(readName(subjectBy(issued, 'RFC2253,oid')))).toBe(expected);
  expect(textOf(readName(subjectBy(issued, 'compat')))).toBe(expected);
});

test.each([
  ['/O=Grid/CN=Doe, "Alice" <x>; #1', 'CN=Doe\\, \\"Alice\\" \\<x\\>\\; #1,O=Grid'],
  ['/O=#Grid \\\\x/CN= Alice ', 'CN=\\ Alice\\ ,O=\\#Grid \\\\x'],
  ['/O=Grid/CN=Alice+UID=7', 'CN=Alice+UID=7,O=Grid'],
  ['/O=Grid/CN=Alice\\/CN=Bob', 'CN=Alice/CN=Bob,O=Grid'],
])('what the slash form cannot say is read from RFC 2253: %s', (subject, expected) => {
  const issued = certificates.issue({ subject, extensions: PERSON });
  expect(subjectOf(issued.pem)).toBe(expected);
  expect(textOf(readName(subjectBy(issued, 'RFC2253')))).toBe(expected);
});

test('a subject whose value only looks like two parts is not the subject with these parts', () => {
  const real = certificates.issue({ subject: '/O=Grid/CN=Alice', extensions: PERSON });
  const fake = certificates.issue({ subject: '/O=Grid\\/CN=Alice', extensions: PERSON });
  expect(subjectBy(fake, 'compat').replaceAll('\\', '')).toBe(subjectBy(real, 'compat'));
  expect(subjectOf(real.pem)).toBe(textOf(readName('/O=Grid/CN=Alice')));
  expect(subjectOf(fake.pem)).not.toBe(textOf(readName('/O=Grid/CN=Alice')));
});
