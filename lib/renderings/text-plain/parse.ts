import { OcciError } from '../../errors.ts';
import type { HttpRequest } from '../../http/message.ts';
import { excerpt } from '../characters.ts';
import type { Parsed } from '../rendering.ts';
import { suggestion } from '../suggestion.ts';
import { Cursor } from '../text/cursor.ts';
import { FIELDS, type Field, FieldReader } from '../text/fields.ts';
import { type Line, linesOf } from './lines.ts';

const NAMES: readonly Field[] = [...new Set(FIELDS.values())];

const invalid = (line: Line, what: string): OcciError => new OcciError('invalid', `Line ${line.number}: ${what}.`);

/** Reads a body of `name: value` lines (TXT-21, TXT-27); a line without a value says nothing. Throws `OcciError('invalid')` naming the line. */
export function parseTextPlain({ body }: Pick<HttpRequest, 'body'>): Parsed {
  const reader = new FieldReader();
  const cursor = new Cursor(body);
  for (const line of linesOf(body)) {
    if (!cursor.turnTo('', line.number, line.start, line.end).more()) continue;
    const colon = body.indexOf(':', cursor.at);
    if (colon < 0 || colon >= line.end) throw invalid(line, 'there is no colon after the name of a field');
    const field = fieldOf(body.slice(cursor.at, colon), line);
    reader.read(field, cursor.turnTo(field, line.number, colon + 1, line.end));
  }
  return reader.parsed();
}

function fieldOf(name: string, line: Line): Field {
  const field = FIELDS.get(name) ?? FIELDS.get(name.trim().toLowerCase());
  if (field) return field;
  const written = excerpt(name.trim());
  throw invalid(line, `"${written}" is not a field of OCCI${suggestion(written, NAMES)}`);
}
