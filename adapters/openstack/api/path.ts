/** Paths of calls, below the endpoint of a service. */

export interface Path {
  /** As it is sent, its parts escaped. */
  readonly text: string;
  /** Without ids, for log and metrics: `servers/{}`. */
  readonly name: string;
}

/** A path with ids in it: each is escaped, and stands as `{}` in the name. */
export const path = (parts: TemplateStringsArray, ...ids: readonly string[]): Path => ({
  text: String.raw({ raw: parts }, ...ids.map(encodeURIComponent)),
  name: parts.join('{}'),
});
