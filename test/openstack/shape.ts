/**
 * What two answers to one call have in common, whatever the site holds: status, the header fields that mean something,
 * every place in the body with the type or the word there. Ids, times, addresses and numbers are placeholders.
 */
export interface Shape {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: ReadonlyMap<string, string>;
}

const PLACEHOLDERS: readonly (readonly [RegExp, string])[] = [
  [/gAAAAA[\w=-]+|<TOKEN>/g, '<token>'],
  [/https?:\/\/[\w.-]+(:\d+)?/g, '<origin>'],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uuid>'],
  [/\b[0-9a-f]{56,64}\b/g, '<digest>'],
  [/\b[0-9a-f]{32}\b/g, '<hex>'],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/g, '<time>'],
  [/\b([0-9a-f]{2}:){5}[0-9a-f]{2}\b/g, '<mac>'],
  [/\b\d{1,3}(\.\d{1,3}){3}\b/g, '<ipv4>'],
  [/\b[0-9a-f]{1,4}(:[0-9a-f]{0,4}){2,7}(?=\b|\/|$)/g, '<ipv6>'],
  [/\br-[0-9a-z]{8}\b/g, '<reservation>'],
];

/** A text without what differs from site to site. */
export const plain = (text: string): string =>
  PLACEHOLDERS.reduce((done, [pattern, placeholder]) => done.replace(pattern, placeholder), text);

const HEADERS = [
  'location',
  'openstack-api-version',
  'retry-after',
  'vary',
  'www-authenticate',
  'x-openstack-nova-api-version',
];
/** Of these only whether they are there. */
const PRESENT = ['x-compute-request-id', 'x-openstack-request-id', 'x-subject-token'];

/** The type counts only where there is a body: some services name one for nothing. */
function headersOf(given: Readonly<Record<string, string>>, hasBody: boolean): Map<string, string> {
  const headers = new Map(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
  const found = new Map<string, string>();
  for (const name of HEADERS) if (headers.has(name)) found.set(name, plain(headers.get(name)!));
  for (const name of PRESENT) if (headers.has(name)) found.set(name, 'present');
  const type = headers.get('content-type')?.split(';')[0];
  if (type !== undefined && hasBody) found.set('content-type', type);
  return found;
}

const add = (found: Map<string, string>, path: string, word: string): void => {
  const before = found.get(path)?.split(' | ') ?? [];
  if (!before.includes(word)) found.set(path, [...before, word].sort().join(' | '));
};

function walk(value: unknown, path: string, found: Map<string, string>): void {
  if (Array.isArray(value)) {
    add(found, path, value.length === 0 ? 'empty list' : 'list');
    for (const one of value) walk(one, `${path}[]`, found);
  } else if (typeof value === 'object' && value !== null) {
    add(found, path, 'object');
    for (const [key, one] of Object.entries(value)) walk(one, `${path}/${plain(key)}`, found);
  } else if (typeof value === 'string') add(found, path, JSON.stringify(plain(value)));
  else add(found, path, value === null || typeof value === 'boolean' ? String(value) : typeof value);
}

export function shapeOf(status: number, headers: Readonly<Record<string, string>>, body: unknown): Shape {
  const found = new Map<string, string>();
  if (body !== undefined && body !== null) walk(body, '', found);
  return { status, headers: headersOf(headers, body !== undefined && body !== null), body: found };
}

const compared = (recorded: ReadonlyMap<string, string>, answered: ReadonlyMap<string, string>): string[] => [
  ...[...recorded].flatMap(([path, word]) =>
    answered.get(path) === word ? [] : [`${path} is ${answered.get(path) ?? 'missing'} instead of ${word}`],
  ),
  ...[...answered].flatMap(([path, word]) => (recorded.has(path) ? [] : [`${path} is too much: ${word}`])),
];

/**
 * In what an answer is of another shape than the recorded one; nothing, if it is not.
 *
 * @param free places in the body that need not agree
 */
export function differences(recorded: Shape, answered: Shape, free: readonly RegExp[] = []): string[] {
  const status =
    recorded.status === answered.status ? [] : [`status is ${answered.status} instead of ${recorded.status}`];
  const kept = ({ body }: Shape) => new Map([...body].filter(([path]) => !free.some((pattern) => pattern.test(path))));
  return [...status, ...compared(recorded.headers, answered.headers), ...compared(kept(recorded), kept(answered))];
}
