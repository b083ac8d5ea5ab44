/** Answers as the page for users shows them. */
import type { Reply } from '../endpoint.ts';

/** Headers that a page shows where nobody has chosen others; the rest is the same in every answer. */
const TELLING = [
  'Location',
  'Content-Type',
  'Allow',
  'Retry-After',
  'WWW-Authenticate',
  'Category',
  'Link',
  'X-OCCI-Attribute',
  'X-OCCI-Location',
  'X-OCCI-Error',
];

const WIDTH = 118;

/** JSON on one line, with blanks. */
function flat(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(flat).join(', ')}]`;
  const parts = Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${flat(one)}`);
  return parts.length > 0 ? `{ ${parts.join(', ')} }` : '{}';
}

/** JSON as one reads it: what fits stands on one line. `before` is how much stands on the first one already. */
function pretty(value: unknown, indent = '', before = indent.length): string {
  const line = flat(value);
  if (typeof value !== 'object' || value === null || before + line.length <= WIDTH) return line;
  const inner = `${indent}  `;
  if (Array.isArray(value)) return `[\n${value.map((one) => inner + pretty(one, inner)).join(',\n')}\n${indent}]`;
  const parts = Object.entries(value).map(([key, one]) => {
    const name = `${inner}${JSON.stringify(key)}: `;
    return name + pretty(one, inner, name.length);
  });
  return `{\n${parts.join(',\n')}\n${indent}}`;
}

const bodyOf = ({ headers, body }: Reply): string =>
  body !== '' && /json/.test(headers['content-type'] ?? '') ? pretty(JSON.parse(body)) : body;

/** The names of the headers that a block shows, as it spells them. */
export const headersIn = (block: string): readonly string[] =>
  block
    .split('\n\n')[0]!
    .split('\n')
    .slice(1)
    .flatMap((line) => /^([\w-]+): /.exec(line)?.[1] ?? []);

/** An answer as a block of the page, with these headers. */
export function shown(reply: Reply, chosen: readonly string[]): string {
  const names = chosen.length > 0 ? chosen : TELLING.filter((name) => name.toLowerCase() in reply.headers);
  const head = names.map((name) => `${name}: ${reply.headers[name.toLowerCase()] ?? '(none)'}`);
  const body = bodyOf(reply).replace(/\n$/, '');
  return `${[`HTTP/1.1 ${reply.status} ${reply.reason}`, ...head, ...(body === '' ? [] : ['', body])].join('\n')}\n`;
}

const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;

/** Entity tags hold a digest of ids. */
const TAG = /"[0-9a-f]{32}(\.[a-z]")/g;

/**
 * Gives each id a name that is the same in every run: the first that is shown becomes 00000001-…, and so on. Readers
 * see what is the same, and that these are not theirs.
 */
export function renamer(): (text: string) => string {
  const names = new Map<string, string>();
  const nameOf = (id: string): string => {
    if (!names.has(id)) names.set(id, `${(names.size + 1).toString(16).padStart(8, '0')}-0000-5000-8000-000000000000`);
    return names.get(id)!;
  };
  const tags = new Map<string, string>();
  const tagOf = (tag: string, rest: string): string => {
    if (!tags.has(tag)) tags.set(tag, `"${(tags.size + 1).toString(16).padStart(8, '0')}${'0'.repeat(24)}${rest}`);
    return tags.get(tag)!;
  };
  return (text) => text.replace(UUID, nameOf).replace(TAG, tagOf);
}
