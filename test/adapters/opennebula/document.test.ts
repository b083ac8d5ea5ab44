import { describe, expect, test } from '@jest/globals';
import { readDocument } from '../../../adapters/opennebula/document.ts';
import { NotXmlRpc } from '../../../adapters/opennebula/xml-rpc.ts';

describe('The document in an answer', () => {
  test('keeps every value as a text', () => {
    const values = '<A>007</A><B>1e5</B><C>0x1F</C><D>true</D><E> x </E><F><![CDATA[ ]]></F><G/><H></H>';
    expect(readDocument(`<T>${values}</T>`)).toEqual({
      T: { A: '007', B: '1e5', C: '0x1F', D: 'true', E: ' x ', F: ' ', G: '', H: '' },
    });
  });

  test('decodes references in text once, and none in CDATA', () => {
    expect(readDocument('<T><A>&lt;&amp;lt;&#233;&#x10D;</A><B><![CDATA[&lt;<b>&amp;]]></B></T>')).toEqual({
      T: { A: '<&lt;éč', B: '&lt;<b>&amp;' },
    });
  });

  test('joins text and CDATA of one value', () => {
    expect(readDocument('<T><A>a<![CDATA[b]]>c<![CDATA[<d]]></A></T>')).toEqual({ T: { A: 'abc<d' } });
  });

  test('has a list where an element is there several times', () => {
    expect(readDocument('<T><A>1</A><B>x</B><A>2</A></T>')).toEqual({ T: { A: ['1', '2'], B: 'x' } });
  });

  test('is read whatever users call their attributes', () => {
    const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'ČESKÝ', 'a-b.c'];
    const read = readDocument(
      `<T>${names.map((name) => `<${name}>1</${name}>`).join('')}<V><![CDATA[<constructor>]]></V><ID>5</ID></T>`,
    ) as { T: Record<string, unknown> };
    expect(read.T.ID).toBe('5');
    expect(read.T.V).toBe('<constructor>');
    expect(Object.getPrototypeOf(read.T)).toBe(Object.prototype);
  });

  test.each([
    ['a DTD', '<!DOCTYPE T [<!ENTITY e "boom">]><T><V>&e;</V></T>'],
    ['an entity that nobody declared', '<T><V>&e;</V></T>'],
    ['a processing instruction', '<?x y?><T/>'],
    ['a comment', '<T><!-- x --></T>'],
    ['attributes', '<T a="1"/>'],
    ['tags that cross', '<T><A><B></A></B></T>'],
    ['an element without end', '<T><A>1</T>'],
    ['an end without beginning', '<T></A></T>'],
    ['no end', '<T><A>1</A>'],
    ['a CDATA section without end', '<T><![CDATA[x</T>'],
    ['two roots', '<T/><T/>'],
    ['nothing', ''],
    ['text alone', 'hello'],
    ['too many levels', `${'<T>'.repeat(100)}${'</T>'.repeat(100)}`],
  ])('is refused with %s', (_name, document) => {
    expect(() => readDocument(document)).toThrow(NotXmlRpc);
  });

  test('that names the same entity a thousand times costs nothing', () => {
    const bombs = '&lol;'.repeat(1000);
    expect(() => readDocument(`<T>${bombs}</T>`)).toThrow(NotXmlRpc);
  });
});
