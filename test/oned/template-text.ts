import { Template, type Vector } from './template.ts';
import { type Token, tokens } from './template-tokens.ts';

/** The error text for a malformed template. The error code depends on the call. */
export class ParseError extends Error {}

/** `]]>` after `=` and in its line cannot be read at all (measured on 6.10). */
const unexpected = (token: Token, expected: string): ParseError =>
  new ParseError(
    token.type === 'CCDATA'
      ? 'Parse error.'
      : `Parse error: syntax error, unexpected ${token.type}, expecting ${expected} at line 0, columns ${token.from}:${token.to}`,
  );

/** Upper case; a digit cannot begin an element's name. */
export const attributeName = (name: string): string => (/^[0-9]/.test(name) ? `ONE_${name}` : name).toUpperCase();

/** `NAME = "value"` and `NAME = [ K = "v", L = "w" ]`, by the rules measured on the real parser. */
export const parseText = (text: string): Template => {
  const template = new Template();
  const scanner = tokens(text);
  const next = (): Token => scanner.next().value as Token;
  for (let token = next(); token.type !== '$end'; token = next()) {
    if (token.type !== 'VARIABLE')
      throw unexpected(token.type === 'CCDATA' ? { ...token, type: 'EQUAL' } : token, '$end');
    const name = attributeName(token.text);
    const equal = next();
    if (equal.type === 'EQUAL_EMPTY') {
      template.add(name, '');
      continue;
    }
    if (equal.type !== 'EQUAL') throw unexpected(equal, 'EQUAL or EQUAL_EMPTY');
    const value = next();
    if (value.type === 'STRING') template.add(name, value.text);
    else if (value.type === 'OBRACKET') {
      template.add(name, parseVector(next));
    } else throw unexpected(value, 'OBRACKET or CCDATA or STRING');
  }
  return template;
};

const parseVector = (next: () => Token): Vector => {
  const attributes: Vector = new Map();
  let token = next();
  if (token.type === 'CBRACKET') return attributes;
  for (let expected = 'CBRACKET or VARIABLE'; ; expected = 'VARIABLE', token = next()) {
    if (token.type !== 'VARIABLE') throw unexpected(token, expected);
    const name = attributeName(token.text);
    const equal = next();
    if (equal.type !== 'EQUAL' && equal.type !== 'EQUAL_EMPTY') throw unexpected(equal, 'EQUAL');
    if (equal.type === 'EQUAL') {
      const value = next();
      if (value.type !== 'STRING') throw unexpected(value, 'STRING');
      if (!attributes.has(name)) attributes.set(name, value.text);
    } else if (!attributes.has(name)) attributes.set(name, '');
    const end = next();
    if (end.type === 'CBRACKET') return attributes;
    if (end.type !== 'COMMA') throw unexpected(end, 'COMMA or CBRACKET');
  }
};
