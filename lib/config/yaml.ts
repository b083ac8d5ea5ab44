/** Reads the YAML of a deployment's file. Only commands load it, never a function. */
import { LineCounter, parseDocument } from 'yaml';

/** Plain words for the most common faults: the parser's own messages quote the file. */
const FAULTS: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'this key stands twice',
  TAB_AS_INDENT: 'indent with spaces, not with a tab',
  BAD_INDENT: 'the indentation does not fit',
  MISSING_CHAR: 'a character is missing, such as a closing quote or bracket',
  UNEXPECTED_TOKEN: 'unexpected token',
  MULTILINE_IMPLICIT_KEY: 'a colon is missing, or the indentation does not fit',
  BLOCK_AS_IMPLICIT_KEY: 'a colon too many in one line: put quotes around the value',
  TAG_RESOLVE_FAILED: 'there are no tags here',
};

/**
 * The value in a text of YAML, or a sentence about its first fault, with line and column. The sentence never quotes the
 * text, which may hold secrets.
 */
export function parseYaml(text: string, name: string): { readonly value: unknown } | { readonly fault: string } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [fault] = [...document.errors, ...document.warnings];
  if (!fault) return { value: document.toJS() as unknown };
  const { line, col } = lines.linePos(fault.pos[0]);
  return { fault: `${name}:${line}:${col}: ${FAULTS[fault.code] ?? 'this is not YAML'} (${fault.code}).` };
}
