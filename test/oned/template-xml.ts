import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { Template, type Vector } from './template.ts';
import { ParseError } from './template-text.ts';

type Node = { readonly [name: string]: Node[] | string };

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: true,
  processEntities: false,
  parseTagValue: false,
  trimValues: false,
  cdataPropName: '#cdata',
  commentPropName: '#comment',
});

const nameOf = (node: Node): string => Object.keys(node).find((key) => key !== ':@')!;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Undefined when an entity is left that only a DTD could explain: such a value is dropped. */
const decoded = (text: string): string | undefined => {
  let known = true;
  const result = text.replace(/&(#x?)?([^;]+);/g, (_, number: string | undefined, name: string) => {
    if (number) return String.fromCodePoint(Number.parseInt(name, number === '#x' ? 16 : 10));
    known &&= Object.hasOwn(ENTITIES, name);
    return ENTITIES[name] ?? '';
  });
  return known ? result.replace(/\r\n?/g, '\n') : undefined;
};

/** CDATA sections that stand side by side are one. */
const joined = (children: readonly Node[]): readonly Node[] => {
  if (children.length < 2 || children.some((child) => nameOf(child) !== '#cdata')) return children;
  return [{ '#cdata': [{ '#text': children.map((child) => textOf([child])).join('') }] }];
};

/** The value of a text node or CDATA section. An empty section is a value; an empty element has no value. */
const textOf = ([node]: readonly Node[]): string | undefined => {
  const kind = node && nameOf(node);
  if (kind === '#text') return decoded(node![kind] as string) || undefined;
  return kind === '#cdata' ? (((node![kind] as Node[])[0]?.['#text'] as string | undefined) ?? '') : undefined;
};

/** What has more than one node is silently dropped (measured on 6.10). */
const onlyText = (children: readonly Node[]): string | undefined => {
  const nodes = joined(children);
  return nodes.length === 1 ? textOf(nodes) : undefined;
};

/** Without the prefix of a name space. */
const localName = (node: Node): string => nameOf(node).replace(/^.*:/, '');

const isElement = (node: Node): boolean => !nameOf(node).startsWith('#') && !nameOf(node).startsWith('?');

/** Besides what the library looks at: no `]]>` in text. */
export const isWellFormed = (text: string): boolean =>
  XMLValidator.validate(text) === true && !text.replace(/<!\[CDATA\[[\s\S]*?\]\]>/g, '').includes(']]>');

/**
 * The XML form: the root's name is free, names may hold `-` and `.`, those of the top are upper-cased. Empty elements,
 * mixed content and anything deeper than a vector are dropped without a word.
 */
export const parseXml = (text: string): Template => {
  if (!isWellFormed(text)) throw new ParseError('Parse error: XML Template malformed.');
  const root = (parser.parse(text) as Node[]).find(isElement);
  const template = new Template();
  if (!root) return template;
  for (const element of (root[nameOf(root)] as Node[]).filter(isElement)) {
    const name = localName(element).toUpperCase();
    const children = element[nameOf(element)] as Node[];
    const inner = children.filter(isElement);
    if (inner.length === 0) {
      const value = onlyText(children);
      if (value !== undefined) template.add(name, value);
      continue;
    }
    const attributes: Vector = new Map();
    for (const child of inner) {
      const value = textOf(child[nameOf(child)] as Node[]);
      if (value !== undefined) attributes.set(localName(child), value);
    }
    if (attributes.size > 0) template.add(name, attributes);
  }
  return template;
};
