/** An element of an answer of EC2: it holds either text or elements, and no attributes but a namespace. */
export interface Element {
  readonly name: string;
  /** What stands behind the name in the start tag: the namespace of a root. */
  attributes: string;
  children: Element[];
  /** As it stands in the document, entities and all. */
  text: string;
}

const TOKEN = /<(\/?)([A-Za-z][\w.:-]*)([^<>]*?)(\/?)>|([^<]+)/g;

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Text of a document as it is meant. */
const unescaped = (text: string): string =>
  text.replace(/&(#x[\da-f]+|#\d+|\w+);/gi, (whole, name: string) => {
    if (name.startsWith('#x')) return String.fromCodePoint(Number.parseInt(name.slice(2), 16));
    if (name.startsWith('#')) return String.fromCodePoint(Number(name.slice(1)));
    return ENTITIES[name] ?? whole;
  });

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Text as it may stand in a document. */
export const escaped = (text: string): string => text.replace(/[&<>]/g, (sign) => ESCAPES[sign]!);

export const element = (name: string, content: string | Element[] = []): Element =>
  typeof content === 'string'
    ? { name, attributes: '', children: [], text: escaped(content) }
    : { name, attributes: '', children: content, text: '' };

/** Reads what a machine wrote: no comments, no CDATA, no mixed content. Throws for anything that is not closed. */
export const parse = (document: string): Element => {
  const top = element('');
  const open = [top];
  for (const [, closing, name, attributes, empty, text] of document.replace(/^<\?.*?\?>\s*/s, '').matchAll(TOKEN)) {
    const current = open.at(-1)!;
    if (text !== undefined) current.text += text;
    else if (closing) open.pop();
    else {
      const made = { ...element(name!), attributes: attributes!.trimEnd() };
      current.children.push(made);
      if (!empty) open.push(made);
    }
  }
  if (open.length !== 1 || !top.children[0]) throw new Error('An answer that is no XML');
  return top.children[0];
};

const print = ({ name, attributes, children, text }: Element): string => {
  const start = attributes ? `${name}${attributes.startsWith(' ') ? '' : ' '}${attributes}` : name;
  if (children.length > 0) return `<${start}>${children.map(print).join('')}</${name}>`;
  return text ? `<${start}>${text}</${name}>` : `<${start}/>`;
};

export const documentOf = (root: Element): string => `<?xml version="1.0" encoding="utf-8"?>\n${print(root)}`;

/** The first element at the end of a path of names. */
export const at = (from: Element | undefined, ...path: string[]): Element | undefined =>
  path.reduce<Element | undefined>((here, name) => here?.children.find((child) => child.name === name), from);

/** All elements at the end of a path of names, in order. */
export const all = (from: Element | undefined, ...path: string[]): Element[] =>
  path.reduce<Element[]>(
    (here, name) => here.flatMap((one) => one.children.filter((child) => child.name === name)),
    from ? [from] : [],
  );

/** The text at the end of a path, as it is meant; empty where there is none. */
export const textAt = (from: Element | undefined, ...path: string[]): string =>
  unescaped(at(from, ...path)?.text ?? '');

/** Gives an element one child of a name, in the place of what it had of that name. */
export const put = (into: Element, made: Element): void => {
  const place = into.children.findIndex((child) => child.name === made.name);
  if (place < 0) into.children.push(made);
  else into.children[place] = made;
};

export const remove = (from: Element, name: string): void => {
  from.children = from.children.filter((child) => child.name !== name);
};

export const copy = (one: Element): Element => structuredClone(one);
