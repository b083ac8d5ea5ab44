/** Tokens of the text form, by the names that oned's parser uses in its complaints. */
export type Token =
  | {
      readonly type: 'VARIABLE' | 'STRING';
      readonly text: string;
      readonly from: number;
      readonly to: number;
    }
  | {
      readonly type: 'EQUAL' | 'EQUAL_EMPTY' | 'OBRACKET' | 'CBRACKET' | 'COMMA' | 'CCDATA' | '$end';
      readonly from: number;
      readonly to: number;
    };

const UNQUOTED = /[^\s#=,[\]]+/y;
/** What oned's scanner takes for its own CDATA. */
const CDATA_END = /=[^\n]*\]\]>/y;
const VARIABLE = /[A-Za-z0-9_]+/y;
const COMMENT = /#[^\n]*\n/y;
const EMPTY = /=[ \t]*\n/y;

const at = (pattern: RegExp, text: string, position: number): RegExpExecArray | null => {
  pattern.lastIndex = position;
  return pattern.exec(text);
};

/** `\"` is the only escape: a backslash before the closing quote eats it, doubled or not. −1 when nothing closes it. */
const closingQuote = (text: string, opening: number): number => {
  let closing = text.indexOf('"', opening + 1);
  while (closing > opening + 1 && text[closing - 1] === '\\') closing = text.indexOf('"', closing + 1);
  return closing;
};

interface Found {
  readonly length: number;
  readonly text: string;
}

/** The longest of what a value may be: `"x";` is no quoted value, but an unquoted one with quotes in it. */
const valueAt = (text: string, position: number): Found | undefined => {
  const unquoted = at(UNQUOTED, text, position)?.[0] ?? '';
  const closing = text[position] === '"' ? closingQuote(text, position) : -1;
  const quoted = closing < 0 ? 0 : closing + 1 - position;
  if (quoted >= unquoted.length && quoted > 0) {
    return { length: quoted, text: text.slice(position + 1, closing).replaceAll('\\"', '"') };
  }
  return unquoted === '' ? undefined : { length: unquoted.length, text: unquoted.replaceAll('\\"', '"') };
};

/**
 * After `=` a value is looked for, elsewhere a name; what is neither is passed over, so that `MY-NAME` is two names
 * and `V = ,` has no value (measured on 6.10).
 */
export function* tokens(text: string): Generator<Token> {
  let position = 0;
  let value = false;
  const token = (type: Token['type'], length: number, content = ''): Token => {
    const from = position;
    position += length;
    return { type, from, to: position, text: content } as Token;
  };
  while (position < text.length) {
    const character = text[position]!;
    if (value) {
      const found = character === '[' ? undefined : valueAt(text, position);
      value = !found && character !== '[';
      if (character === '[') yield token('OBRACKET', 1);
      else if (found) yield token('STRING', found.length, found.text);
      else position += 1;
      continue;
    }
    const comment = at(COMMENT, text, position);
    const variable = at(VARIABLE, text, position);
    const empty = at(EMPTY, text, position);
    const cdata = at(CDATA_END, text, position);
    if (comment) position += comment[0].length;
    else if (cdata) yield token('CCDATA', cdata[0].length);
    else if (variable) yield token('VARIABLE', variable[0].length, variable[0]);
    else if (empty) yield token('EQUAL_EMPTY', empty[0].length);
    else if (character === '=') {
      yield token('EQUAL', 1);
      value = true;
    } else if (character === ',') yield token('COMMA', 1);
    else if (character === ']') yield token('CBRACKET', 1);
    else position += 1;
  }
  yield token('$end', 0);
}
