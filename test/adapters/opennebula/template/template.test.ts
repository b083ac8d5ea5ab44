import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readAnswer } from '../../../../adapters/opennebula/api/answer.ts';
import { readDocument } from '../../../../adapters/opennebula/api/document.ts';
import { tupleResult } from '../../../../adapters/opennebula/api/xml-rpc.ts';
import {
  CannotStore,
  cannotName,
  cannotStore,
  cannotStoreInContext,
  MAX_VALUE_BYTES,
  writeTemplate,
} from '../../../../adapters/opennebula/template/template.ts';
import { bytesOf, recording, recordings } from '../recordings.ts';
import { shownAfter } from '../template-model.ts';

/** What users write that hurts: the characters of both forms of a template, ends of sections, references. */
const NASTY = [
  '"',
  '\\',
  '\n',
  '\r',
  '\t',
  '[',
  ']',
  ',',
  '=',
  '#',
  '$',
  '&',
  '<',
  '>',
  ']]>',
  '&amp;',
  '&#13;',
  '😀',
  'é',
  ' ',
];
const anyText = fc.oneof(
  fc.string({ unit: fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary', maxLength: 1 })) }),
  fc.string({ unit: 'grapheme' }),
);
const name = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,8}$/).filter((one) => one !== 'CONTEXT');

describe('The model of oned’s parser', () => {
  const inXml = recordings(/^one\.vm\.update--escape-xml-/).filter((one) =>
    String(recording(one).decoded.params?.[2]).startsWith('<'),
  );

  test('is held against what was recorded', () => {
    expect(inXml.length).toBeGreaterThanOrEqual(6);
  });

  test.each(inXml)('shows after %s what oned showed', (one) => {
    const [, , template] = recording(one).decoded.params as [string, number, string];
    const readback = `${one.replace('vm.update', 'vm.info')}-readback`;
    const { VM } = readDocument(tupleResult(readAnswer(bytesOf(readback))) as string) as {
      VM: { USER_TEMPLATE: unknown };
    };
    expect(shownAfter(template)).toEqual(VM.USER_TEMPLATE === '' ? {} : VM.USER_TEMPLATE);
  });

  test('loses what oned loses', () => {
    expect(shownAfter('<T><V>a]]&gt;b</V></T>')).toBeUndefined();
    expect(shownAfter('<T><V>😀</V></T>')).toBeUndefined();
    expect(shownAfter('<T><V>a\r\nb</V></T>')).toEqual({ V: 'a\nb' });
    expect(shownAfter('<T><V/><W>a<![CDATA[b]]></W></T>')).toEqual({});
  });
});

describe('What is written to a template', () => {
  test('is read back exactly and adds no attribute, or is refused: a single value', () => {
    fc.assert(
      fc.property(name, anyText, (attribute, value) => {
        const why = cannotStore(value);
        if (why === undefined)
          expect(shownAfter(writeTemplate({ [attribute]: value }))).toEqual({ [attribute]: value });
        else expect(() => writeTemplate({ [attribute]: value })).toThrow(new CannotStore(attribute, why));
      }),
      { numRuns: 1000 },
    );
  });

  test('is read back exactly and adds no attribute, or is refused: vectors and lists', () => {
    const vector = fc.dictionary(name, anyText, { minKeys: 1, maxKeys: 4, noNullPrototype: true });
    const value = fc.oneof(anyText, vector, fc.array(fc.oneof(anyText, vector), { minLength: 2, maxLength: 3 }));
    fc.assert(
      fc.property(fc.dictionary(name, value, { maxKeys: 4, noNullPrototype: true }), (template) => {
        let written: string;
        try {
          written = writeTemplate(template);
        } catch (error) {
          expect(error).toBeInstanceOf(CannotStore);
          return;
        }
        expect(shownAfter(written)).toEqual(template);
      }),
      { numRuns: 1000 },
    );
  });

  test('is refused only for a reason that oned has', () => {
    fc.assert(
      fc.property(anyText, (value) => {
        if (cannotStore(value) === undefined || value === '') return;
        const escaped = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
        expect(shownAfter(`<T><V>${escaped}</V></T>`)).not.toEqual({ V: value });
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    'say "hi"',
    'ends in a backslash \\',
    '\\n is no line end',
    'a [b] = {c}, #d $e 100%',
    'line\nand\ttab',
    'čeština 日本語 \u00a0\u007f',
    "<a href='x'>&amp;</a>",
    ' blanks at the ends ',
    ' \n',
    '[V="x"]\nINJECTED="1"',
  ])('may be any line of the field: %j', (value) => {
    expect(cannotStore(value)).toBeUndefined();
    expect(shownAfter(writeTemplate({ V: value }))).toEqual({ V: value });
  });

  test.each([
    ['', 'is empty'],
    ['a]]>b', 'contains ]]>'],
    [']]></V><INJ>1</INJ><V><![CDATA[', 'contains ]]>'],
    ['a\rb', 'contains a carriage return'],
    ['a\u0001', 'has control characters'],
    ['😀', 'has characters above U+FFFF'],
    ['\ud83d', 'has characters above U+FFFF'],
    ['\ufffe', 'has characters that XML does not have'],
    ['é'.repeat(MAX_VALUE_BYTES / 2 + 1), 'is longer than 65536 bytes'],
  ])('is refused with a reason when oned would not keep it: %j', (value, why) => {
    expect(cannotStore(value)).toBe(why);
  });

  test('in CONTEXT has no variables for oned to fill in', () => {
    expect(cannotStoreInContext('cost: 5$')).toBe('contains $');
    expect(() => writeTemplate({ CONTEXT: { SSH_PUBLIC_KEY: '$USER[SECRET]' } })).toThrow(
      new CannotStore('CONTEXT/SSH_PUBLIC_KEY', 'contains $'),
    );
    expect(writeTemplate({ DESCRIPTION: 'cost: 5$' })).toContain('5$');
  });

  test('leaves out what is undefined, and writes numbers without exponent', () => {
    const template = { A: undefined, CPU: 0.5, SMALL: 0.00001, BIG: 1e14, DISK: [{ ID: 0, X: undefined }, { ID: 1 }] };
    expect(writeTemplate(template)).toBe(
      '<TEMPLATE><CPU>0.5</CPU><SMALL>0.00001</SMALL><BIG>100000000000000</BIG><DISK><ID>0</ID></DISK><DISK><ID>1</ID></DISK></TEMPLATE>',
    );
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 1e300])('refuses a number that is not finite: %d', (value) => {
    expect(() => writeTemplate({ V: value })).toThrow(CannotStore);
  });

  test.each(['v', '1V', 'A-B', 'A.B', 'A B', '', 'V><X'])(
    'refuses an attribute that oned would call otherwise: %j',
    (bad) => {
      expect(() => writeTemplate({ [bad]: 'x' })).toThrow(CannotStore);
      expect(() => writeTemplate({ V: { [bad]: 'x' } })).toThrow(CannotStore);
    },
  );
});

describe('A name', () => {
  test.each(['web 1 [a, b] = (c) % !', 'é'.repeat(64), 'čeština'])('may be %j', (one) => {
    expect(cannotName(one)).toBeUndefined();
  });

  test.each([...'&|:\\";/\'#{}$<>'])('cannot have %s', (character) => {
    expect(cannotName(`a${character}b`)).toBe(`contains ${character}`);
  });

  test('cannot be longer than 128 bytes, or empty', () => {
    expect(cannotName('é'.repeat(65))).toBe('is longer than 128 bytes');
    expect(cannotName('')).toBe('is empty');
  });
});
