import type { Site } from './site.ts';

/** A deep copy of an object graph: plain data, Maps, Sets and class instances. Shared references stay shared. */
function copied(value: unknown, done: Map<object, object>): unknown {
  if (typeof value === 'function') throw new Error('Something is under way in the site: settle it first.');
  if (typeof value !== 'object' || value === null) return value;
  const known = done.get(value);
  if (known) return known;
  const made: object =
    value instanceof Map
      ? new Map()
      : value instanceof Set
        ? new Set()
        : Array.isArray(value)
          ? []
          : Object.create(Object.getPrototypeOf(value));
  done.set(value, made);
  if (value instanceof Map)
    for (const [key, one] of value) (made as Map<unknown, unknown>).set(copied(key, done), copied(one, done));
  else if (value instanceof Set) for (const one of value) (made as Set<unknown>).add(copied(one, done));
  for (const key of Object.keys(value)) Reflect.set(made, key, copied(Reflect.get(value, key), done));
  return made;
}

/** An independent copy of a site. Throws while a step is pending in the site. */
export const copyOf = (site: Site): Site => copied(site, new Map()) as Site;
