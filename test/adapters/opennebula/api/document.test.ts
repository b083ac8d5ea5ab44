import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readDocument } from '../../../../adapters/opennebula/api/document.ts';
import { NotXmlRpc } from '../../../../adapters/opennebula/api/xml-rpc.ts';

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

describe('A long document', () => {
  /** Length in characters from which a document is read one child of its root at a time. */
  const MIN_SPLIT_CHARS = 65_536;

  const name = fc.constantFrom('VM', 'ID', 'A', 'NIC', 'a-b.c', '_x', 'toString', 'hasOwnProperty', 'ČESKÝ');
  const refused = fc.constantFrom('__proto__', 'constructor', 'prototype');
  const text = fc
    .string({ unit: fc.constantFrom('x', ' ', '\n', '0', '&amp;', '&lt;', '&#233;', 'é', ']', '>', '"') })
    .filter((value) => !value.includes(']]>'));
  const section = fc
    .string({ unit: fc.constantFrom('x', ' ', '<', '>', '&', ']', '</VM>', '<A>', '<constructor>', '&amp;', '[') })
    .filter((value) => !value.includes(']]>') && !value.endsWith(']'))
    .map((value) => `<![CDATA[${value}]]>`);

  const element = (names: fc.Arbitrary<string>): fc.Arbitrary<string> =>
    fc.letrec<{ element: string; content: string }>((tie) => ({
      element: fc.oneof(
        { maxDepth: 3 },
        names.map((one) => `<${one}/>`),
        fc.tuple(names, tie('content')).map(([one, content]) => `<${one}>${content}</${one}>`),
      ),
      content: fc
        .array(fc.oneof({ maxDepth: 3 }, text, section, tie('element')), { maxLength: 4 })
        .map((parts) => parts.join('')),
    })).element;

  /** Children of a root, alone or with something between them. */
  const children = (names: fc.Arbitrary<string>) =>
    fc.oneof(
      fc.array(element(names), { maxLength: 8 }),
      fc.array(fc.oneof(element(names), element(names), text, section), { maxLength: 8 }),
    );

  const padded = (parts: readonly string[], place: number, pad: string): string =>
    `<ROOT>${parts.toSpliced(place, 0, `<PAD>${pad}</PAD>`).join('')}</ROOT>`;

  /** The same document twice, with values of different length. */
  const compare = (parts: readonly string[], place: number): void => {
    const pad = 'y'.repeat(MIN_SPLIT_CHARS);
    const [short, long] = ['y', pad].map((one) => readDocument(padded(parts, place, one))) as [
      { ROOT: Record<string, unknown> },
      { ROOT: Record<string, unknown> },
    ];
    expect(long.ROOT.PAD).toBe(pad);
    expect({ ROOT: { ...long.ROOT, PAD: 'y' } }).toEqual(short);
    expect(Object.keys(long.ROOT)).toEqual(Object.keys(short.ROOT));
    expect(Object.getPrototypeOf(long.ROOT)).toBe(Object.prototype);
  };

  const arbitrary = (names: fc.Arbitrary<string>) => [children(names), fc.nat({ max: 8 })] as const;

  test('reads as a short one does', () => {
    fc.assert(fc.property(...arbitrary(name), compare), { numRuns: 300 });
  });

  test('reads as a short one does with names that the parser refuses', () => {
    fc.assert(fc.property(...arbitrary(fc.oneof(name, refused)), compare), { numRuns: 100 });
  });

  test.each([
    ['blanks around it', (inner: string) => `\n  <ROOT>${inner}</ROOT>\n`],
    ['blanks in its tags', (inner: string) => `<ROOT >${inner}</ROOT >`],
  ])('reads as a short one does with %s', (_name, around) => {
    const pad = 'y'.repeat(MIN_SPLIT_CHARS);
    expect(readDocument(around(`<A>1</A><PAD>${pad}</PAD><A/>`))).toEqual({ ROOT: { A: ['1', ''], PAD: pad } });
  });

  test('of blanks alone is an empty element', () => {
    const blanks = ' '.repeat(MIN_SPLIT_CHARS);
    expect(readDocument(`<ROOT></ROOT>${blanks}`)).toEqual(readDocument('<ROOT></ROOT>'));
    expect(readDocument(`<ROOT${blanks}/>`)).toEqual(readDocument('<ROOT/>'));
  });

  test('has as many references as it likes', () => {
    const element = `<VM>${'&amp;&lt;'.repeat(50)}</VM>`;
    const read = readDocument(`<ROOT>${element.repeat(400)}</ROOT>`) as { ROOT: { VM: string[] } };
    expect(new Set(read.ROOT.VM)).toEqual(new Set(['&<'.repeat(50)]));
    const between = readDocument(`<ROOT>\n${element.repeat(400)}</ROOT>`) as { ROOT: { VM: string[] } };
    expect(between.ROOT.VM).toEqual(read.ROOT.VM);
  });

  test.each([
    ['an element without end', (long: string) => `<ROOT>${long}<A>1</ROOT>`],
    ['an undeclared entity', (long: string) => `<ROOT>${long}<A>&e;</A></ROOT>`],
    ['a comment between elements', (long: string) => `<ROOT>${long}<!-- x --></ROOT>`],
    ['two roots', (long: string) => `<ROOT>${long}</ROOT><ROOT/>`],
    ['no end', (long: string) => `<ROOT>${long}`],
  ])('is refused with %s', (_name, document) => {
    expect(() => readDocument(document(`<PAD>${'y'.repeat(MIN_SPLIT_CHARS)}</PAD>`))).toThrow(NotXmlRpc);
  });
});
