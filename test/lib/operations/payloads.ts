/** Requests and answers as tests speak of them: one entity written in each rendering, locations read from each. */
import type { AttributeValue } from '../../../lib/occi/types.ts';
import type { Call, Endpoint, Reply } from '../../endpoint.ts';

export const INFRASTRUCTURE = 'http://schemas.ogf.org/occi/infrastructure#';
export const OS_TPL = 'http://dummy.example.org/occi/infrastructure/os_tpl#';
export const CRTP = 'http://schemas.ogf.org/occi/infrastructure/compute/template/1.1#';

/** The renderings that carry an entity both ways. */
export const RENDERINGS = ['text/plain', 'text/occi', 'application/occi+json'] as const;
export type MediaType = (typeof RENDERINGS)[number];

/** The renderings of an answer. */
export const ANSWERS = [...RENDERINGS, 'text/uri-list'] as const;

export interface WantedLink {
  readonly target: string;
  /** Term of the link's kind. */
  readonly kind: string;
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
}

export interface Wanted {
  /** Term of an infrastructure kind. */
  readonly kind?: string;
  /** Type identifiers. */
  readonly mixins?: readonly string[];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly links?: readonly WantedLink[];
}

/** `term; scheme="…"; class="…"` of a type identifier. */
export function category(id: string, of: 'kind' | 'mixin' | 'action'): string {
  const cut = id.lastIndexOf('#') + 1;
  return `${id.slice(cut)}; scheme="${id.slice(0, cut)}"; class="${of}"`;
}

const quoted = (value: AttributeValue): string => {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
};

const TARGETS: Readonly<Record<string, string>> = {
  networkinterface: 'network',
  storagelink: 'storage',
  securitygrouplink: 'securitygroup',
};

const linkLine = ({ target, kind, attributes = {} }: WantedLink): string =>
  [
    `<${target}>; rel="${INFRASTRUCTURE}${TARGETS[kind] ?? kind}"; category="${INFRASTRUCTURE}${kind}"`,
    ...Object.entries(attributes).map(([name, value]) => `${name}=${quoted(value)}`),
  ].join('; ');

/** Fields of the text renderings, in the order of the grammar. */
function fieldsOf({ kind, mixins = [], attributes = {}, links = [] }: Wanted): [name: string, value: string][] {
  return [
    ...(kind === undefined ? [] : [['Category', category(INFRASTRUCTURE + kind, 'kind')] as [string, string]]),
    ...mixins.map((id): [string, string] => ['Category', category(id, 'mixin')]),
    ...links.map((link): [string, string] => ['Link', linkLine(link)]),
    ...Object.entries(attributes).map(([name, value]): [string, string] => [
      'X-OCCI-Attribute',
      `${name}=${quoted(value)}`,
    ]),
  ];
}

/** The JSON object of an entity. */
export const json = ({ kind, mixins, attributes, links }: Wanted) => ({
  ...(kind !== undefined && { kind: INFRASTRUCTURE + kind }),
  ...(mixins && { mixins }),
  ...(attributes && { attributes }),
  ...(links && {
    links: links.map((link) => ({
      kind: INFRASTRUCTURE + link.kind,
      target: { location: link.target },
      ...(link.attributes && { attributes: link.attributes }),
    })),
  }),
});

/** Values of repeated fields under one header each. */
function headersOf(fields: readonly (readonly [string, string])[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of fields)
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  return headers;
}

/** One entity, whole or in part, in a rendering; answered in the same. */
export function entity(mediaType: MediaType, wanted: Wanted): Call {
  const headers = { 'Content-Type': mediaType, Accept: mediaType };
  if (mediaType === 'application/occi+json') return { headers, body: JSON.stringify(json(wanted)) };
  const fields = fieldsOf(wanted);
  if (mediaType === 'text/occi') return { headers: { ...headers, ...headersOf(fields) } };
  return { headers, body: fields.map(([name, value]) => `${name}: ${value}\r\n`).join('') };
}

/** A JSON collection of entities. */
export const collection = (members: Readonly<Record<string, unknown>>, accept = 'application/occi+json'): Call => ({
  headers: { 'Content-Type': 'application/occi+json', Accept: accept },
  body: JSON.stringify(members),
});

/** A text/plain payload. */
export const plain = (...lines: readonly string[]): Call => ({
  headers: { 'Content-Type': 'text/plain', Accept: 'text/plain' },
  body: lines.join('\r\n'),
});

/** Filters stand in the headers (HTTP-15). */
export const filter = (...fields: readonly (readonly [string, string])[]): Call => ({ headers: headersOf(fields) });

/** An action invocation in a rendering. */
export function action(mediaType: MediaType, id: string, attributes: Wanted['attributes'] = {}): Call {
  const headers = { 'Content-Type': mediaType, Accept: mediaType };
  if (mediaType === 'application/occi+json') return { headers, body: JSON.stringify({ action: id, attributes }) };
  const fields: [string, string][] = [['Category', category(id, 'action')], ...fieldsOf({ attributes })];
  if (mediaType === 'text/occi') return { headers: { ...headers, ...headersOf(fields) } };
  return { headers, body: fields.map(([name, value]) => `${name}: ${value}\r\n`).join('') };
}

/** Locations in an answer of a text rendering, as they stand there. */
export function locationsIn({ headers, body }: Reply): string[] {
  const type = headers['content-type']?.split(';')[0];
  if (type === 'text/occi') return headers['x-occi-location']?.split(/, ?/) ?? [];
  if (type === 'text/uri-list') return body.split(/\r?\n/).filter(Boolean);
  return [...body.matchAll(/^X-OCCI-Location: (.*)$/gm)].map(([, location]) => location!.trim());
}

/** The path in a URL of the endpoint. */
export const pathOf = (url: string): string => url.replace(/^https?:\/\/[^/]*/, '');

/** Makes an entity and gives its path. */
export async function make(endpoint: Pick<Endpoint, 'send'>, wanted: Wanted & { kind: string }): Promise<string> {
  const reply = await endpoint.send('POST', `/${wanted.kind}/`, entity('text/plain', wanted));
  if (reply.status !== 201) throw new Error(`${reply.status}: ${reply.body}`);
  return pathOf(reply.headers.location!);
}

/** Paths of the members of a collection. */
export async function list(endpoint: Pick<Endpoint, 'send'>, path: string, call: Call = {}): Promise<string[]> {
  const headers = { ...call.headers, Accept: 'text/uri-list' };
  const reply = await endpoint.send('GET', path, { ...call, headers });
  if (reply.status !== 200) throw new Error(`${reply.status}: ${reply.body}`);
  return locationsIn(reply).map(pathOf);
}

/** The pages of a listing: what a client gets that follows the links to the next, with the same headers. */
export async function walk(
  endpoint: Pick<Endpoint, 'send'>,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<readonly Reply[]> {
  const pages: Reply[] = [];
  for (let at: string | undefined = path; at !== undefined; ) {
    const page: Reply = await endpoint.send('GET', at, { headers });
    pages.push(page);
    const next: string | undefined = /<([^>]+)>; rel="next"/.exec(page.headers.link ?? '')?.[1];
    at = next === undefined ? undefined : pathOf(next);
  }
  return pages;
}

/** The JSON of an entity. */
export async function read(endpoint: Pick<Endpoint, 'send'>, path: string) {
  const reply = await endpoint.send('GET', path, { headers: { Accept: 'application/occi+json' } });
  if (reply.status !== 200) throw new Error(`${reply.status}: ${reply.body}`);
  return JSON.parse(reply.body);
}
