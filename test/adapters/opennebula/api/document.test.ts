import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';
import { readAnswer } from '../../../../adapters/opennebula/api/answer.ts';
import { readDocument } from '../../../../adapters/opennebula/api/document.ts';
import { NotXmlRpc } from '../../../../adapters/opennebula/api/xml-rpc.ts';
import { decodeReferences } from '../../../../adapters/opennebula/api/xml-text.ts';

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
    ['an undeclared entity', '<T><V>&e;</V></T>'],
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

/** A peer that reads any XML. What it makes of text beside elements is its own. */
const peer = new XMLParser({
  parseTagValue: false,
  trimValues: false,
  ignoreAttributes: true,
  entityDecoder: {
    decode: decodeReferences,
    reset() {},
    setXmlVersion() {},
    setExternalEntities() {},
    addInputEntities() {},
  },
});

describe('Any document', () => {
  const name = fc.constantFrom(
    'VM',
    'ID',
    'A',
    'NIC',
    'a-b.c',
    '_x',
    'ČESKÝ',
    'A_NAME_THAT_IS_LONGER_THAN_32_BYTES_IS',
  );
  const text = fc
    .string({ unit: fc.constantFrom('x', ' ', '\n', '\r', '0', '&amp;', '&lt;', '&#233;', 'é', '😀', ']', '>', '"') })
    .filter((value) => !value.includes(']]>'));
  const section = fc
    .string({ unit: fc.constantFrom('x', ' ', '\r', '<', '>', '&', ']', '</VM>', '<A>', 'é', '&amp;', '[') })
    .filter((value) => !value.includes(']]>') && !value.endsWith(']'))
    .map((value) => `<![CDATA[${value}]]>`);
  const value = fc.array(fc.oneof(text, section), { maxLength: 3 }).map((parts) => parts.join(''));
  const { element } = fc.letrec<{ element: string }>((tie) => ({
    element: fc.oneof(
      { maxDepth: 4 },
      name.map((one) => `<${one}/>`),
      fc.tuple(name, fc.constantFrom('', ' ', '\n'), value).map(([one, blank, of]) => `<${one}${blank}>${of}</${one}>`),
      fc
        .tuple(name, fc.array(tie('element'), { minLength: 1, maxLength: 6 }))
        .map(([one, inside]) => `<${one}>${inside.join('')}</${one}>`),
    ),
  }));

  test('is read as fast-xml-parser reads it', () => {
    fc.assert(
      fc.property(fc.array(element, { maxLength: 6 }), (inside) => {
        const document = `<ROOT>${inside.join('')}</ROOT>`;
        expect(readDocument(document)).toEqual(peer.parse(document));
      }),
      { numRuns: 1000 },
    );
  });

  test('does not need its bytes any more once it is read', () => {
    fc.assert(
      fc.property(element, (one) => {
        const bytes = Buffer.from(`<ROOT>${one}</ROOT>`);
        const read = readDocument(bytes);
        bytes.fill('#');
        expect(read).toEqual(readDocument(`<ROOT>${one}</ROOT>`));
      }),
    );
  });

  test('that is cut off anywhere is refused', () => {
    fc.assert(
      fc.property(element, fc.nat(), (one, place) => {
        const document = `<ROOT>${one}</ROOT>`;
        expect(() => readDocument(document.slice(0, place % document.length))).toThrow(NotXmlRpc);
      }),
    );
  });

  test.each([
    ['text before it', 'x<T/>'],
    ['text behind it', '<T/>x'],
    ['a lone ampersand beside an element', '<T>a & b<A/></T>'],
    ['an end tag that is empty as well', '<T></T/>'],
    ['an end tag of a longer name', '<T></TT>'],
  ])('is refused with %s', (_name, document) => {
    expect(() => readDocument(document)).toThrow(NotXmlRpc);
  });

  test('has no text beside elements', () => {
    expect(readDocument('<T>\n  <A>1</A>x<B/>\n</T>')).toEqual({ T: { A: '1', B: '' } });
  });
});

describe('A page of machines', () => {
  const element = `<VM>${'&amp;&lt;'.repeat(50)}</VM>`;
  const around = (text: string) =>
    Buffer.from(
      `<methodResponse><params><param><value><string>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</string></value></param></params></methodResponse>`,
    );

  test('is left in the bytes of its answer, and has as many references as it likes', () => {
    const document = readAnswer(around(`<ROOT>${element.repeat(400)}</ROOT>`));
    expect(document).toBeInstanceOf(Buffer);
    const read = readDocument(document as Buffer) as { ROOT: { VM: string[] } };
    expect(read.ROOT.VM).toEqual(Array(400).fill('&<'.repeat(50)));
  });

  test('is a text where something stands before it', () => {
    const text = `<?xml version="1.0"?><ROOT>${element.repeat(400)}</ROOT>`;
    expect(readAnswer(around(text))).toBe(text);
  });
});
