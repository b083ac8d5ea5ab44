import { OcciError } from '../../errors.ts';
import { excerpt } from '../characters.ts';
import { beginsName, COMMA, continuesName, EQUALS, isBlank, isSeparator, QUOTE, SEMICOLON } from './alphabet.ts';

/**
 * Reads the value of one field from left to right. Every character is looked at once or twice, whatever the input
 * (no backtracking), and every error names the field and its line.
 */
export class Cursor {
  readonly text: string;
  at = 0;
  /** Where the value ends. */
  end: number;
  field: string;
  /** Line of the body, from 1; 0 for a header. */
  line: number;

  constructor(text: string, field = '', line = 0) {
    this.text = text;
    this.end = text.length;
    this.field = field;
    this.line = line;
  }

  /** Moves to another field of the same text. */
  turnTo(field: string, line: number, at: number, end: number): this {
    this.field = field;
    this.line = line;
    this.at = at;
    this.end = end;
    return this;
  }

  /** Throws `OcciError('invalid')`: where, then what. */
  fail(what: string): never {
    const where = this.line > 0 ? `Line ${this.line} (${this.field})` : `Header ${this.field}`;
    throw new OcciError('invalid', `${where}: ${what}.`);
  }

  /** Skips blanks; true if something is left. */
  more(): boolean {
    const { text, end } = this;
    let { at } = this;
    while (at < end && isBlank(text.charCodeAt(at))) at++;
    this.at = at;
    return at < end;
  }

  /**
   * Steps to the next element of a comma list (H11-21), over empty ones; false at the end. What precedes must have
   * been read to its end.
   */
  nextElement(): boolean {
    while (this.more()) {
      if (this.text.charCodeAt(this.at) !== COMMA) return true;
      this.at++;
    }
    return false;
  }

  /** Steps to the next `;name=value` of the present element, over empty ones (ADR-18: trailing semicolons). */
  nextParameter(): boolean {
    let parted = false;
    while (this.more()) {
      const code = this.text.charCodeAt(this.at);
      if (code === COMMA) return false;
      if (code !== SEMICOLON) return parted || this.fail(`"${this.rest()}" stands where a semicolon or comma is due`);
      parted = true;
      this.at++;
    }
    return false;
  }

  /** Reads a term or name (TXT-3); empty if none stands here. */
  name(): string {
    const { text, at: start, end } = this;
    if (start >= end || !beginsName(text.charCodeAt(start))) return '';
    let at = start + 1;
    while (at < end && continuesName(text.charCodeAt(at))) at++;
    this.at = at;
    return text.slice(start, at);
  }

  /** Skips `=` and blanks around it; false if there is no `=`. */
  equals(): boolean {
    if (!this.more() || this.text.charCodeAt(this.at) !== EQUALS) return false;
    this.at++;
    this.more();
    return true;
  }

  /** True at the end and where a blank stands. */
  atBreak(): boolean {
    return this.at >= this.end || isBlank(this.text.charCodeAt(this.at));
  }

  isQuoted(): boolean {
    return this.at < this.end && this.text.charCodeAt(this.at) === QUOTE;
  }

  /** Reads up to the next blank, comma or semicolon. */
  bare(): string {
    const { text, at: start, end } = this;
    let at = start;
    for (; at < end; at++) {
      const code = text.charCodeAt(at);
      if (isSeparator(code) || isBlank(code)) break;
    }
    this.at = at;
    return text.slice(start, at);
  }

  /** Reads up to the next comma or semicolon, without the blanks before it. */
  unquoted(): string {
    const { text, at: start, end } = this;
    let at = start;
    let last = start;
    for (; at < end; at++) {
      const code = text.charCodeAt(at);
      if (isSeparator(code)) break;
      if (!isBlank(code)) last = at + 1;
    }
    this.at = at;
    return text.slice(start, last);
  }

  /** Reads up to `close`, the cursor standing on `open`; undefined if it is not there. */
  between(open: string, close: string): string | undefined {
    const { text, at: start, end } = this;
    if (start >= end || text.charAt(start) !== open) return undefined;
    const at = text.indexOf(close, start);
    if (at < 0 || at >= end) return undefined;
    this.at = at + 1;
    return text.slice(start + 1, at);
  }

  /** The rest of the value. */
  remainder(): string {
    return this.text.slice(this.at, this.end);
  }

  /** The rest of the value in a form that can be shown to the client. */
  rest(): string {
    return excerpt(this.remainder());
  }
}
