/** Requests put together: the least that a verb needs, what is said beside it, and the ways to write both. */
import type { Target } from '../../../../lib/entities/backend.ts';
import type { KindTerm } from '../../../../lib/occi/kinds/index.ts';
import type { Verb } from '../../../../lib/operations/index.ts';
import { attribute, categoryField, definition, kindField, SCHEME } from './fields.ts';
import type { Said } from './names.ts';
import { METHODS } from './targets.ts';
import type { Asked } from './worlds.ts';

const STOP = `${SCHEME.slice(0, -1)}/compute/action#stop`;

/** The least that a request of a verb says about a target, so that it would be carried out. */
export const LEAST: Readonly<Record<Verb, (target: Target['is'], kind: KindTerm) => Said>> = {
  get: () => ({}),
  delete: () => ({}),
  act: () => ({ fields: [categoryField(STOP, '; class="action"')], json: { action: STOP } }),
  post: (target, kind) => {
    if (target === 'queryInterface') return { fields: [definition('/new/')] };
    if (target === 'mixinCollection') return {};
    if (target === 'entity') return { fields: [attribute('occi.core.title', 'new')], json: { title: 'new' } };
    const size = kind === 'storage' ? { 'occi.storage.size': 1 } : {};
    const sizes = Object.keys(size).map((name) => ['X-OCCI-Attribute', `${name}=1`] as const);
    return { fields: [kindField(kind), ...sizes], json: { kind: SCHEME + kind, attributes: size } };
  },
  put: (target, kind) =>
    target === 'entity' ? { fields: [kindField(kind)], json: { kind: SCHEME + kind } } : { json: { resources: [] } },
};

const QUERY: Readonly<Record<Verb, string>> = { get: '', post: '', put: '', delete: '', act: 'action=stop' };

const asHeaders = (fields: Said['fields'] = []): Record<string, string> => {
  const headers: Record<string, string> = {};
  for (const [name, value] of fields) {
    const key = name.toLowerCase();
    headers[key] = headers[key] === undefined ? value : `${headers[key]}, ${value}`;
  }
  return headers;
};
const asLines = (fields: Said['fields'] = []): string => fields.map(([name, value]) => `${name}: ${value}`).join('\n');
const TYPES = { plain: 'text/plain', occi: 'text/occi', json: 'application/occi+json' } as const;
const typed = (type: keyof typeof TYPES) => ({ 'content-type': TYPES[type], accept: TYPES[type] });

/** The ways to send what is said with the least that the verb needs, or alone. */
export const FORMS: readonly ((least: Said, said: Said) => Pick<Asked, 'headers' | 'body'> | undefined)[] = [
  (least, { fields }) => fields && { headers: typed('plain'), body: asLines([...(least.fields ?? []), ...fields]) },
  (_, { fields }) => fields && { headers: typed('plain'), body: asLines(fields) },
  (least, { fields }) =>
    fields && { headers: { ...asHeaders([...(least.fields ?? []), ...fields]), ...typed('occi') } },
  (_, { fields }) => fields && { headers: { ...asHeaders(fields), ...typed('occi') } },
  (least, { fields }) =>
    fields && { headers: { ...asHeaders(fields), ...typed('plain') }, body: asLines(least.fields) },
  (least, { json }) => json && { headers: typed('json'), body: JSON.stringify({ ...least.json, ...json }) },
  (_, { json }) => json && { headers: typed('json'), body: JSON.stringify(json) },
];

/** A request of a verb to a place, once by each of its methods. */
export function* asked(
  verb: Verb,
  path: string,
  { query = '', ...rest }: Omit<Asked, 'method' | 'path'> = {},
): Generator<Asked> {
  const queries = [QUERY[verb], query].filter(Boolean).join('&');
  for (const method of METHODS[verb]) yield { method, path, query: queries, ...rest };
}
