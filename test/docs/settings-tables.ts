/** Tables of settings, made from the schemas, and where they stand in documents. */
import { type Field, fieldsOf } from '../../lib/config/fields.ts';
import type { Schema } from '../../lib/config/schema.ts';

const BEGIN = '<!-- Settings. `UPDATE_DOCS=1 npm test -- test/docs` writes what follows from the schema. -->';
const END = '<!-- End of settings. -->';

/** A cell of a table: bars and angle brackets would be read as Markdown. */
const cell = (text: string): string =>
  text.replaceAll('|', '\\|').replace(/<(?![^`]*`(?:[^`]*`[^`]*`)*[^`]*$)/g, '\\<');

/** A default as YAML has it. Of a list of maps the terms are enough to recognize it. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((one) => (one as { term?: string }).term ?? String(one)).join(', ')}]`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function defaultOf({ isRequired, default: value }: Field): string {
  if (isRequired) return 'required';
  return value === undefined ? '' : `\`${shown(value)}\``;
}

const rowOf = (field: Field): string => {
  const { key, condition, values, description = '' } = field;
  const name = condition === undefined ? `\`${key}\`` : `\`${key}\` with \`${condition}\``;
  return `| ${[name, values, defaultOf(field), description].map(cell).join(' | ')} |`;
};

/** The settings of a schema as a table. */
export const tableOf = (schema: Schema): string =>
  ['| setting | values | default | description |', '|---|---|---|---|', ...fieldsOf(schema).map(rowOf)].join('\n');

/** A document with `text` between its marks. Throws for a document without marks. */
export function withGenerated(document: string, text: string): string {
  const [from, to] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (from < 0 || to < from)
    throw new Error(`The document has no place for its settings: add "${BEGIN}" and "${END}".`);
  return `${document.slice(0, from + BEGIN.length)}\n\n${text}\n\n${document.slice(to)}`;
}
