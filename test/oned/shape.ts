/** The shape of an answer: what two answers to one call have in common, whatever the site holds. */
export interface Shape {
  /** Types of the items of the tuple, or what stands in its place. */
  readonly types: readonly string[];
  readonly code: number | undefined;
  /** The sentence of a refusal or a fault, without its numbers. */
  readonly sentence: string | undefined;
  /** Whether a refusal names an object. */
  readonly object: boolean;
  /** Paths of all elements of the XML in it; of those with CDATA once more, marked. */
  readonly paths: ReadonlySet<string>;
  /** `VM/DISK: IMAGE < SIZE`: of two elements side by side, which comes first. */
  readonly order: ReadonlySet<string>;
}

const NOTHING = {
  code: undefined,
  sentence: undefined,
  object: false,
  paths: new Set<string>(),
  order: new Set<string>(),
};

const decoded = (text: string): string => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** The line and column of a parse error are ignored, because those of oned are sometimes uninitialised. */
const withoutNumbers = (text: string): string =>
  decoded(text)
    .replace(/Problem with token at '[\s\S]*?': /, '')
    .replace(/-?\d+/g, '#');

export const shapeOf = (body: string): Shape => {
  const fault = /<fault>[\s\S]*?<i4>(-?\d+)<\/i4>[\s\S]*?<string>([\s\S]*?)<\/string>/.exec(body);
  if (fault) return { ...NOTHING, types: ['fault'], code: Number(fault[1]), sentence: withoutNumbers(fault[2]!) };
  if (!body.includes('<methodResponse>')) return { ...NOTHING, types: ['html'] };
  const items = [...body.matchAll(/<value><(boolean|string|i4|i8|array)>([^<]*)/g)].map(([, type, value]) => ({
    type: type!,
    value: value!,
  }));
  const types = items.map(({ type }) => type);
  const [, succeeded, value, code, object] = items;
  if (types[0] !== 'array' || types[1] !== 'boolean') return { ...NOTHING, types };
  if (succeeded!.value === '1') return { ...NOTHING, types, ...elements(decoded(value!.value)) };
  const refused = {
    code: Number(code!.value),
    sentence: withoutNumbers(value!.value),
    object: Number(object!.value) >= 0,
  };
  return { ...NOTHING, types, ...refused };
};

const elements = (xml: string): Pick<Shape, 'paths' | 'order'> => {
  const [paths, order] = [new Set<string>(), new Set<string>()];
  if (!xml.startsWith('<')) return { paths, order };
  const open: { path: string; children: string[] }[] = [{ path: '', children: [] }];
  for (const [token, closing, name, empty] of xml.matchAll(
    /<!\[CDATA\[[\s\S]*?\]\]>|<(\/?)([A-Za-z0-9_.-]+)(\s*\/)?>/g,
  )) {
    const within = open.at(-1)!;
    if (name === undefined) paths.add(`${within.path} ${token.slice(2, 8)}`);
    else if (closing) open.pop();
    else {
      for (const before of within.children) order.add(`${within.path}: ${before} < ${name}`);
      if (!within.children.includes(name)) within.children.push(name);
      const path = within.path === '' ? name : `${within.path}/${name}`;
      paths.add(path);
      if (!empty) open.push({ path, children: [] });
    }
  }
  return { paths, order };
};

const reversed = (pair: string): string => pair.replace(/: (.*) < (.*)$/, ': $2 < $1');

/** In what an answer is of another shape than the recorded one; nothing, if it is not. */
export const differences = (recorded: Shape, answered: Shape): string[] => {
  const found: string[] = [];
  for (const what of ['code', 'sentence', 'object'] as const) {
    if (recorded[what] !== answered[what]) found.push(`${what} is ${answered[what]} instead of ${recorded[what]}`);
  }
  if (recorded.types.join() !== answered.types.join())
    found.push(`types are ${answered.types} instead of ${recorded.types}`);
  for (const path of recorded.paths) if (!answered.paths.has(path)) found.push(`${path} is missing`);
  for (const path of answered.paths) if (!recorded.paths.has(path)) found.push(`${path} is too much`);
  for (const pair of answered.order) {
    if (!recorded.order.has(pair) && recorded.order.has(reversed(pair))) found.push(`order: ${pair}`);
  }
  return found;
};
