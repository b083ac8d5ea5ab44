import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { Fault } from './refusal.ts';

export type Param =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'integer'; readonly value: number }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'array'; readonly value: readonly Param[] }
  | { readonly type: 'struct'; readonly value: ReadonlyMap<string, Param> }
  | { readonly type: 'other' };

export interface NativeCall {
  readonly method: string;
  readonly params: readonly Param[];
}

type Node = { readonly [name: string]: Node[] | string };

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: true,
  processEntities: false,
  parseTagValue: false,
  trimValues: false,
  cdataPropName: '#cdata',
});

const NOT_A_CALL = 'Call XML not a proper XML-RPC call.';
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** A CR never arrives: CRLF, CR and `&#13;` are all LF (measured on 6.10). */
const decoded = (text: string): string =>
  text
    .replace(/&(#x?)?([^;]+);/g, (_, number: string | undefined, name: string) =>
      number ? String.fromCodePoint(Number.parseInt(name, number === '#x' ? 16 : 10)) : (ENTITIES[name] ?? ''),
    )
    .replace(/\r\n?/g, '\n');

const nameOf = (node: Node): string => Object.keys(node)[0]!;
const elements = (nodes: readonly Node[]): Node[] => nodes.filter((node) => !/^[#?]/.test(nameOf(node)));
const within = (nodes: readonly Node[], name: string): Node[] =>
  elements(nodes).find((node) => nameOf(node) === name)?.[name] as Node[];
const textOf = (nodes: readonly Node[]): string =>
  nodes
    .map((node) =>
      nameOf(node) === '#cdata' ? textOf(node['#cdata'] as Node[]) : decoded((node['#text'] as string) ?? ''),
    )
    .join('');

const param = (value: readonly Node[]): Param => {
  const [typed] = elements(value);
  if (!typed) return { type: 'string', value: textOf(value) };
  const type = nameOf(typed);
  const inner = typed[type] as Node[];
  if (type === 'string') return { type: 'string', value: textOf(inner) };
  if (type === 'i4' || type === 'int') return { type: 'integer', value: Number(textOf(inner)) };
  if (type === 'boolean') return { type: 'boolean', value: textOf(inner).trim() === '1' };
  if (type === 'array') {
    return { type: 'array', value: elements(within(inner, 'data') ?? []).map((node) => param(node.value as Node[])) };
  }
  if (type !== 'struct') return { type: 'other' };
  const members = elements(inner).map(({ member }) => {
    const [name, content] = [within(member as Node[], 'name'), within(member as Node[], 'value')];
    return [textOf(name), param(content)] as const;
  });
  return { type: 'struct', value: new Map(members) };
};

/** Control characters and everything beyond the Basic Multilingual Plane end in a fault (measured on 6.10). */
const refuseCharacters = (body: string): void => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.exec(body);
  if (control) {
    const code = control[0].charCodeAt(0).toString(16).padStart(2, '0');
    const start = `\\x${code}${body.slice(control.index + 1, control.index + 37)}`;
    const problem = `Problem with token at '${start}...': Invalid token, starting 0 bytes in`;
    throw new Fault(-503, `${NOT_A_CALL}  Call is not valid XML.  Invalid XML "content".  ${problem}`);
  }
  if (/[\u{10000}-\u{10ffff}]/u.test(body)) {
    const plane = 'UTF-8 string contains a character not in the Basic Multilingual Plane (first byte 0xfffffff0)';
    throw new Fault(
      -503,
      `${NOT_A_CALL}  ${Buffer.byteLength(body)}-byte supposed UTF-8 string is not valid UTF-8.  ${plane}`,
    );
  }
};

/** @throws {Fault} −503 for what is no call */
export const readCall = (body: string): NativeCall => {
  refuseCharacters(body);
  if (XMLValidator.validate(body) !== true) {
    const problem = "Problem with token at '...': no element found";
    throw new Fault(-503, `${NOT_A_CALL}  Call is not valid XML.  Invalid XML "content".  ${problem}`);
  }
  const call = within(parser.parse(body) as Node[], 'methodCall');
  if (!call) throw new Fault(-503, `${NOT_A_CALL}  XML-RPC call should be a <methodCall> element`);
  const params = within(call, 'params') ?? [];
  return {
    method: textOf(within(call, 'methodName') ?? []),
    params: elements(params).map((node) => param(within(node.param as Node[], 'value') ?? [])),
  };
};
