/** What stands under a name before 1.2: a value, or the names that go on below it. */
export type Nest = { [part: string]: unknown };

/** A client may have attributes of any name, those of built-in properties too. */
const nest = (): Nest => Object.create(null);

/** How many parts of a name are a name themselves: 3 of `occi.compute.state.message`; 0 if none are. */
function partsOfAnother(parts: readonly string[], names: ReadonlySet<string>): number {
  for (let count = 1; count < parts.length; count++) if (names.has(parts.slice(0, count).join('.'))) return count;
  return 0;
}

/**
 * Values nested by the parts of their names: `occi.core.id` stands in `occi`, `core`, `id`. A name that goes on behind
 * another, which has a value itself, keeps its dots from there: `{"state.message":"…","state":"error"}`. It comes first,
 * since rOCCI-core lets what comes later replace it.
 */
export function nested(values: Iterable<readonly [name: string, value: unknown]>): Nest {
  const all = [...values].map(([name, value]) => ({ parts: name.split('.'), value }));
  const names = new Set(all.map(({ parts }) => parts.join('.')));
  const placed = all.map((one) => ({ ...one, kept: partsOfAnother(one.parts, names) }));
  const root = nest();
  for (const { parts, value, kept } of placed.sort((one, other) => other.kept - one.kept)) {
    const depth = (kept || parts.length) - 1;
    let at = root;
    for (const part of parts.slice(0, depth)) {
      at[part] ??= nest();
      at = at[part] as Nest;
    }
    at[parts.slice(depth).join('.')] = value;
  }
  return root;
}
