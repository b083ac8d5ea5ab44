import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AttributeValue } from '../../../../lib/occi/types.ts';
import { emptyAttributes } from '../../../../lib/renderings/attributes.ts';
import { readAttributes, writeAttribute } from '../../../../lib/renderings/text/attribute.ts';
import { Cursor } from '../../../../lib/renderings/text/cursor.ts';
import { text } from '../../../contract/entities.ts';
import { processorTime } from '../../../processor-time.ts';

function read(text: string) {
  const attributes = emptyAttributes();
  readAttributes(new Cursor(text, 'X-OCCI-Attribute'), attributes);
  return attributes;
}

describe('reading', () => {
  test('commas, quotes and equals signs in quoted strings are data (SUITE-4)', () => {
    expect(read('occi.compute.memory=3.6, occi.core.title="… \\", occi.compute.memory=1.0"')).toEqual({
      'occi.compute.memory': 3.6,
      'occi.core.title': '… ", occi.compute.memory=1.0',
    });
  });

  test('numbers with signs and without digits before the point (ADR-18)', () => {
    expect(read('a=+1, b=-2.50 ,c=.5,d=7.,e=0')).toEqual({ a: 1, b: -2.5, c: 0.5, d: 7, e: 0 });
  });

  test('any character may be escaped (TXT-28)', () => {
    expect(read('a="\\a\\\\\\"\\,"')).toEqual({ a: 'a\\",' });
  });

  test('strings without quotes, up to a comma or semicolon (GFD.185 §3.6.6, ooi)', () => {
    expect(read('occi.compute.hostname=foobar')).toEqual({ 'occi.compute.hostname': 'foobar' });
    expect(read('occi.core.target=/occi1.2/storage/f551,\t occi.core.source="/occi1.2/compute/8a97"')).toEqual({
      'occi.core.target': '/occi1.2/storage/f551',
      'occi.core.source': '/occi1.2/compute/8a97',
    });
    expect(read("a=http://h:1/b?c=d ; , b=My web é ,c=O'Brien")).toEqual({
      a: 'http://h:1/b?c=d',
      b: 'My web é',
      c: "O'Brien",
    });
  });

  test('what the tables call a string is one without quotes too, and what they do not know is a number', () => {
    expect(read('occi.core.title=007, occi.compute.hostname=true, occi.compute.cores=02, a=007, b=true')).toEqual({
      'occi.core.title': '007',
      'occi.compute.hostname': 'true',
      'occi.compute.cores': 2,
      a: 7,
      b: true,
    });
    expect(read('occi.core.title=1, occi.core.title="1"')).toEqual({ 'occi.core.title': '1' });
  });

  test.each(['', ' , ', '\t'])('%j is no attribute (RFC 9110 §5.6.1.2)', (text) => expect(read(text)).toEqual({}));

  test('a semicolon at the end (ADR-18)', () => expect(read('a="b"; , c=1;')).toEqual({ a: 'b', c: 1 }));

  test('a quoted structure where the tables want one (ADR-18)', () => {
    expect(read('occi.securitygroup.rules="[{\\"type\\":\\"inbound\\"}]", a="[1]"')).toEqual({
      'occi.securitygroup.rules': [{ type: 'inbound' }],
      a: '[1]',
    });
  });

  test('names of objects are names like any other', () => {
    const attributes = read('constructor=1, toString="x"');
    expect(Object.entries(attributes)).toEqual([
      ['constructor', 1],
      ['toString', 'x'],
    ]);
    expect(attributes.hasOwnProperty).toBeUndefined();
  });

  test('the same value twice is said twice', () => expect(read('a=1, a=1')).toEqual({ a: 1 }));

  test.each([
    ['a', 'a is not followed by an equals sign and a value'],
    ['=1', '"=1" does not begin with the name of an attribute'],
    ['__proto__=1', '"__proto__=1" does not begin with the name of an attribute'],
    ['a=', 'a has no value'],
    ['a=,b=1', 'a has no value'],
    ['occi.compute.memory=1e5', 'the value of occi.compute.memory is not a number'],
    ['occi.compute.cores=two', 'the value of occi.compute.cores is not a number'],
    ['occi.ipreservation.used=True', 'the value of occi.ipreservation.used is neither true nor false'],
    ['a=b"', 'the value of a must begin and end with a double quote, or hold no quote at all'],
    ['a=b "c"', 'the value of a must begin and end with a double quote, or hold no quote at all'],
    ["a='b'", 'the value of a must begin and end with a double quote, or hold no quote at all'],
    [
      'occi.compute.cores=2"',
      'the value of occi.compute.cores must begin and end with a double quote, or hold no quote at all',
    ],
    ['a=b c=d', 'the value of a holds an equals sign after a blank: quote it, or separate attributes by commas'],
    ['a=1 c = 2', 'the value of a holds an equals sign after a blank: quote it, or separate attributes by commas'],
    ['a=b; c', '"c" stands after the value of a'],
    ['a=b\u0000', 'the value of a holds the character U+0000'],
    ['occi.securitygroup.rules=[null]', 'the value of occi.securitygroup.rules holds a null'],
    ['a="b', 'the value of a has no closing quote'],
    ['a="b\\', 'the value of a has no closing quote'],
    ['a="b\\"', 'the value of a has no closing quote'],
    ['a="b"c', '"c" stands where a semicolon or comma is due'],
    ['a="b" c="d"', '"c="d"" stands where a semicolon or comma is due'],
    ['a="b "c" d"', 'the value of a ends at the quote before "c" d""; a quote inside a value is written \\"'],
    ['a="b\\\\"c"', 'the value of a has no closing quote before "c"", or holds a quote that is not written \\"'],
    ['a="b, c="d"', 'the value of a has no closing quote before "d"", or holds a quote that is not written \\"'],
    ['a="b"; c=1', '"c=1" stands after the value of a'],
    ['a=1, a=2', 'a is given two different values'],
    ['occi.core.title="a", occi.core.title="b"', 'occi.core.title is given two different values'],
    [`a=${'9'.repeat(400)}`, 'the number given for a is out of range'],
    ['a="\u0000"', 'the value of a holds the character U+0000'],
    ['a="\ud800"', 'the value of a holds the character U+D800'],
    ['occi.securitygroup.rules="[null]"', 'the value of occi.securitygroup.rules holds a null'],
  ])('%j is refused', (text, what) => {
    const message = `Header X-OCCI-Attribute: ${what}.`;
    expect(() => read(text)).toThrow(expect.objectContaining({ failure: 'invalid', message }));
  });

  test.each([
    ['10,000 attributes', Array.from({ length: 10_000 }, (_, index) => `a${index}="x"`).join(',')],
    ['a megabyte of escapes', `a="${'\\"'.repeat(500_000)}"`],
    ['a megabyte of quotes', `a=${'"'.repeat(1_000_000)}`],
    ['a megabyte of digits', `a=${'1'.repeat(1_000_000)}x`],
    ['a megabyte of blanks', `a=1${' '.repeat(1_000_000)}b`],
    ['a megabyte of words', `a=1${' b'.repeat(500_000)}`],
  ])('%s take no more than linear time', (_what, text) => {
    const spent = processorTime();
    try {
      read(text);
    } catch (error) {
      expect(error).toMatchObject({ failure: 'invalid' });
    }
    expect(spent()).toBeLessThan(2000);
  });
});

describe('writing', () => {
  test.each<[string, AttributeValue, string]>([
    ['occi.compute.cores', 2, '2'],
    ['occi.compute.memory', 2, '2.0'],
    ['occi.compute.memory', 2.5, '2.5'],
    ['occi.compute.memory', 1e21, '1000000000000000000000.0'],
    ['occi.compute.memory', 1e-7, '0.0000001'],
    ['occi.compute.memory', -1.25e-9, '-0.00000000125'],
    ['com.example.unknown', 1.5e22, '15000000000000000000000'],
    ['com.example.unknown', -3, '-3'],
    ['com.example.unknown', 0.25, '0.25'],
    ['com.example.unknown', true, 'true'],
    ['com.example.unknown', 'true', '"true"'],
    ['com.example.unknown', 'a "b" \\ é', '"a \\"b\\" \\\\ é"'],
    ['occi.compute.state', 'active', '"active"'],
    ['occi.securitygroup.rules', [{ type: 'inbound' }], '"[{\\"type\\":\\"inbound\\"}]"'],
  ])('%s = %j (TXT-9, ADR-19)', (name, value, written) => {
    expect(writeAttribute(name, value)).toBe(`${name}=${written}`);
  });

  test('a line break cannot be written (H11-26)', () => {
    expect(() => writeAttribute('a', 'b\nc')).toThrow(
      expect.objectContaining({
        failure: 'notAcceptable',
        message: 'A value holds the character U+000A, which text cannot carry; ask for application/occi+json.',
      }),
    );
  });
});

describe('what is written, what is sent without quotes, and what is read are the same', () => {
  /** Texts that may stand without quotes; blanks at the ends are not part of the value. */
  const bare = text
    .map((value) => value.replace(/[",;]/g, '').trim().replace(/^'+/, ''))
    .filter((value) => value !== '' && value === value.trim() && !/[ \t][\w.-]+[ \t]*=/.test(value));
  const STRINGS = ['occi.core.title', 'occi.compute.hostname', 'occi.core.target'];

  test('a string of the tables', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...STRINGS),
        fc.oneof(bare, fc.float().map(String), fc.boolean().map(String)),
        (name, value) => {
          expect(read(`${name}=${value}`)).toEqual({ [name]: value });
          expect(read(`${name} = ${value} ;, a=1`)).toEqual({ [name]: value, a: 1 });
          expect(read(writeAttribute(name, value))).toEqual({ [name]: value });
        },
      ),
    );
  });

  test('a string that the tables do not know, unless it looks like a number, true or false', () => {
    fc.assert(
      fc.property(bare, (value) => {
        const [sent] = Object.values(read(`a=${value}`));
        expect(String(sent) === value || Number(value) === sent).toBe(true);
        expect(read(writeAttribute('a', sent!))).toEqual({ a: sent });
        expect(read(writeAttribute('a', value))).toEqual({ a: value });
      }),
    );
  });

  test('numbers and booleans', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
    fc.assert(
      fc.property(fc.integer(), number, fc.boolean(), (cores, memory, used) => {
        const attributes = {
          'occi.compute.cores': cores,
          'occi.compute.memory': memory,
          'occi.ipreservation.used': used,
        };
        const written = Object.entries(attributes).map(([name, value]) => writeAttribute(name, value));
        expect(read(written.join(','))).toEqual(attributes);
      }),
    );
  });

  test('a value that is cut anywhere in its quotes is refused for its quote, never read as another', () => {
    fc.assert(
      fc.property(text, fc.nat(), (value, at) => {
        const written = writeAttribute('occi.core.title', value);
        const cut = written.slice(
          0,
          'occi.core.title='.length + 1 + (at % (written.length - 'occi.core.title='.length - 1)),
        );
        expect(() => read(cut)).toThrow(/occi\.core\.title has no closing quote/);
      }),
    );
  });
});
