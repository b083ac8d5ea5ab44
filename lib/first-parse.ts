/** How zod parses with a schema for the first time. */

const seen = new WeakSet<object>();

/**
 * The context of a parse. At a second parse zod writes code for the objects of a schema, which takes longer than most
 * parses do: what a container parses once, it parses without.
 */
export function firstParse(schema: object): { readonly jitless: true } | undefined {
  if (seen.has(schema)) return undefined;
  seen.add(schema);
  return { jitless: true };
}
