/**
 * A model of how oned parses, stores and shows a template in XML form, by the rules of its parser as measured on 6.10.
 * `template.test.ts` checks the model against the recordings `escape-xml-*`.
 */

/** Attributes as they are shown: a text, or the texts of a vector; several of one name are a list. */
export type Stored = Readonly<Record<string, unknown>>;

type Node =
  | { readonly kind: 'text' | 'cdata'; readonly text: string }
  /** A reference to an entity of a DTD, which oned does not expand. */
  | { readonly kind: 'entity' }
  | { readonly kind: 'element'; readonly name: string; readonly children: readonly Node[] };

type Element = Extract<Node, { kind: 'element' }>;

const PREDEFINED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** libxml2 loses a text of more than ten million bytes. */
const TEXT_LIMIT = 10_000_000;

/** What is left of a request body's text after XML-RPC: CR is never kept; undefined for a fault -503. */
function received(text: string): string | undefined {
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code > 0xffff || (code >= 0xd800 && code <= 0xdfff) || code >= 0xfffe) return undefined;
    if (code < 0x20 && ![9, 10, 13].includes(code)) return undefined;
  }
  return text.replace(/\r\n?/g, '\n');
}

/** The document's root; undefined if it is not well-formed. */
function parsed(xml: string): Element | undefined {
  const open: { name: string; children: Node[] }[] = [{ name: '', children: [] }];
  const put = (node: Node) => open.at(-1)!.children.push(node);
  const addText = (text: string) => {
    const { children } = open.at(-1)!;
    const last = children.at(-1);
    if (last?.kind === 'text') children[children.length - 1] = { kind: 'text', text: last.text + text };
    else put({ kind: 'text', text });
  };
  const token =
    /<!\[CDATA\[([\s\S]*?)\]\]>|<!DOCTYPE[^[>]*(?:\[[^\]]*\])?>|<\?[^>]*\?>|<(\/?)([\w.-]+)\s*(\/?)>|&([^;]*);|([^<&]+)|(.)/g;
  for (const [all, cdata, end, name, empty, reference, text, stray] of xml.matchAll(token)) {
    if (stray !== undefined) return undefined;
    if (cdata !== undefined) put({ kind: 'cdata', text: cdata });
    else if (text !== undefined) {
      // `]]>` must not stand in text.
      if (text.includes(']]>')) return undefined;
      addText(text);
    } else if (reference !== undefined) {
      const code = /^#(x?)([0-9A-Fa-f]+)$/.exec(reference);
      if (code) addText(String.fromCodePoint(Number.parseInt(code[2]!, code[1] ? 16 : 10)));
      else if (Object.hasOwn(PREDEFINED, reference)) addText(PREDEFINED[reference]!);
      else put({ kind: 'entity' });
    } else if (name !== undefined && end) {
      const closed = open.pop()!;
      if (closed.name !== name || open.length === 0) return undefined;
      put({ kind: 'element', name, children: closed.children });
    } else if (name !== undefined) {
      if (empty) put({ kind: 'element', name, children: [] });
      else open.push({ name, children: [] });
    } else if (!all.startsWith('<')) return undefined;
  }
  if (open.length !== 1) return undefined;
  return open[0]!.children.find((node): node is Element => node.kind === 'element');
}

/** The one text of an element; undefined for what is empty, mixed or refers to an entity. */
const textOf = ({ children }: Element): string | undefined => {
  const [only] = children;
  return children.length === 1 && only && 'text' in only ? only.text : undefined;
};

/** Our values are written as a single CDATA section and read back from it. */
const kept = (text: string): boolean => !text.includes(']]>') && Buffer.byteLength(text) <= TEXT_LIMIT;

/**
 * What is shown after an update that replaces everything with `template`. Undefined: nothing of it is kept, because the
 * request is a fault, the template is malformed, or oned loses it when it is written.
 */
export function shownAfter(template: string): Stored | undefined {
  const text = received(template);
  const root = text?.startsWith('<') ? parsed(text) : undefined;
  if (!root) return undefined;
  const attributes: [string, unknown][] = [];
  for (const element of root.children) {
    if (element.kind !== 'element') continue;
    const single = textOf(element);
    if (single !== undefined) {
      if (!kept(single)) return undefined;
      attributes.push([element.name.toUpperCase(), single]);
      continue;
    }
    const entries = element.children.flatMap((child): [string, string][] => {
      const value = child.kind === 'element' ? textOf(child) : undefined;
      return value === undefined ? [] : [[(child as Element).name, value]];
    });
    if (!entries.every(([, value]) => kept(value))) return undefined;
    if (entries.length > 0) attributes.push([element.name.toUpperCase(), Object.fromEntries(entries)]);
  }
  const shown: Record<string, unknown> = {};
  for (const [name, value] of attributes) {
    const before = shown[name];
    shown[name] = before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value];
  }
  return shown;
}
