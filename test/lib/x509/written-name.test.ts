import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { oidOf } from '../../../lib/x509/attribute-types.ts';
import { type DistinguishedName, escaped, textOf } from '../../../lib/x509/distinguished-name.ts';
import { NotAName, readName } from '../../../lib/x509/written-name.ts';

const read = (text: string): string => textOf(readName(text));

const type = fc.oneof(
  fc.constantFrom('CN', 'O', 'OU', 'C', 'DC', 'UID', 'emailAddress', 'serialNumber').map((name) => oidOf(name)!),
  fc.array(fc.nat(100_000), { minLength: 1, maxLength: 6 }).map((arcs) => ['1.3', ...arcs].join('.')),
);
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: fc.constantFrom(...' #\\",+;<>=/aF0é\0\n\u202e'), maxLength: 8 }),
);
const nameOf = (value: fc.Arbitrary<string>, most: number): fc.Arbitrary<DistinguishedName> =>
  fc.array(fc.array(fc.record({ type, value: value.map(escaped) }), { minLength: 1, maxLength: most }), {
    minLength: 1,
    maxLength: 5,
  });
const isInOpenSslOrder = (name: DistinguishedName): boolean => {
  const isTop = (part: DistinguishedName[number]) =>
    part.some(({ type: one }) => [oidOf('C'), oidOf('DC')].includes(one));
  return name.length < 2 || !isTop(name.at(-1)!) || isTop(name[0]!);
};

describe('A distinguished name', () => {
  test('is read from its own text, whatever its values hold', () => {
    fc.assert(
      fc.property(nameOf(anyText, 3).filter(isInOpenSslOrder), (name) => {
        expect(read(textOf(name))).toBe(textOf(name));
      }),
      { numRuns: 500 },
    );
  });

  test('has a text of its own: other parts, other values or another order give another text', () => {
    const plain = (name: DistinguishedName) =>
      JSON.stringify(name.map((part) => part.map(({ type: one, value }) => `${one}=${value}`).sort()));
    fc.assert(
      fc.property(nameOf(anyText, 2), nameOf(anyText, 2), (one, other) => {
        expect(textOf(one) === textOf(other)).toBe(plain(one) === plain(other));
      }),
    );
  });

  test('has a text without control and invisible characters', () => {
    fc.assert(
      fc.property(nameOf(anyText, 2), (name) => {
        expect(textOf(name)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    );
  });

  test('is read from slashes where its values hold nothing that looks like a type', () => {
    const value = fc.string({ unit: 'grapheme', maxLength: 10 }).filter((text) => !/[=\\]/.test(text));
    fc.assert(
      fc.property(fc.array(fc.record({ type, value }), { minLength: 1, maxLength: 5 }), (parts) => {
        const text = parts.map((part) => `/${part.type}=${part.value}`).join('');
        expect(read(text)).toBe(textOf(parts.map((part) => [{ type: part.type, value: escaped(part.value) }])));
      }),
      { numRuns: 500 },
    );
  });

  test('is refused or read, never a crash', () => {
    fc.assert(
      fc.property(
        fc.oneof(anyText, fc.string({ unit: fc.constantFrom(...'CN=O/,+;"\\ #a0x.'), maxLength: 20 })),
        (text) => {
          try {
            expect(read(read(text))).toBe(read(text));
          } catch (error) {
            expect(error).toBeInstanceOf(NotAName);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['CN=Alice,O=Grid', 'CN=Alice,O=Grid'],
    ['cn = Alice Doe , o = Grid', 'CN=Alice Doe,O=Grid'],
    ['CN=Alice;O=Grid', 'CN=Alice,O=Grid'],
    ['CN="Doe, Alice",O=Grid', 'CN=Doe\\, Alice,O=Grid'],
    ['CN=Doe\\2C Alice,O=Grid', 'CN=Doe\\, Alice,O=Grid'],
    ['CN=Ji\\C5\\99\\C3\\AD,O=Grid', 'CN=Jiří,O=Grid'],
    ['CN=Alice\\ \\ ,O=Grid', 'CN=Alice \\ ,O=Grid'],
    ['CN=a\\\\ ,O=Grid', 'CN=a\\\\,O=Grid'],
    ['CN=#0c05416c696365,O=Grid', 'CN=Alice,O=Grid'],
    ['CN=#0403616263,O=Grid', 'CN=#0403616263,O=Grid'],
    ['OID.2.5.4.3=Alice,2.5.4.10=Grid', 'CN=Alice,O=Grid'],
    ['commonName=Alice,organizationName=Grid', 'CN=Alice,O=Grid'],
    ['EMAILADDRESS=a@example.org,CN=A', 'emailAddress=a@example.org,CN=A'],
    ['UID=7+CN=Alice,O=Grid', 'CN=Alice+UID=7,O=Grid'],
    ['CN=Alice,DC=example,DC=org', 'CN=Alice,DC=example,DC=org'],
    ['CN=,O=Grid', 'CN=,O=Grid'],
    ['/O=Grid/CN=Alice', 'CN=Alice,O=Grid'],
    ['/O=Grid/CN=Alice/Email=a@example.org', 'emailAddress=a@example.org,CN=Alice,O=Grid'],
    ['/O=Grid/CN=Alice/E=a@example.org', 'emailAddress=a@example.org,CN=Alice,O=Grid'],
    ['/O=Grid/USERID=alice/CN=A', 'CN=A,UID=alice,O=Grid'],
    ['/O=Grid/CN=host/a.example.org', 'CN=host/a.example.org,O=Grid'],
    ['/O=Grid/CN=host\\/a.example.org', 'CN=host/a.example.org,O=Grid'],
    ['/O=Grid/CN=http://a.example.org/?x=y', 'CN=http://a.example.org/?x=y,O=Grid'],
    ['/O=Grid/CN=Ji\\xC5\\x99\\xC3\\xAD', 'CN=Jiří,O=Grid'],
    ['/O=Grid, Inc./CN=C++', 'CN=C\\+\\+,O=Grid\\, Inc.'],
  ])('%s is %s', (written, text) => {
    expect(read(written)).toBe(text);
  });

  test.each([
    ['', 'must be a subject'],
    ['Alice', 'must be a subject'],
    ['/Alice', 'must be a subject'],
    ['//O=Grid', 'must be a subject'],
    ['CN=Alice,', 'must be a subject'],
    ['CN=Alice O=Grid,Grid', 'must be a subject'],
    ['NICKNAME=Alice,O=Grid', 'must have known types: write NICKNAME as its object identifier'],
    ['CN="Alice', 'must have a backslash before " in a value'],
    ['CN=Alice<a@b>', 'must have a backslash before < in a value'],
    ['CN=Alice\\', 'must have a backslash before \\ in a value'],
    ['CN=#zz', 'must have hexadecimal digits after #'],
    ['CN=#0c05', 'must have one DER element after #'],
    ['CN=\\C5', 'must have escapes that are UTF-8'],
    ['/CN=\\xC5', 'must have escapes that are UTF-8'],
    ['C = NL, O = Grid, CN = Alice', 'must have the person first'],
    ['DC=org,DC=example,CN=Alice', 'must have the person first'],
    ['/O=Grid/CN=host/port=7', 'must not have /port=, which may be a type or a part of a value'],
    ['/O=Grid/CN=Alice+UID=7', 'must not have +UID=, which may be a type or a part of a value'],
  ])('%j is refused', (written, message) => {
    expect(() => readName(written)).toThrow(NotAName);
    expect(() => readName(written)).toThrow(message);
  });
});
