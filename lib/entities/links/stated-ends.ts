/** Collects what a payload states about the ends of a link, from all places where it may do so. */
import { CORE } from '../../occi/schemes.ts';
import type { ParsedLink, Part } from '../../renderings/rendering.ts';

export type Side = 'source' | 'target';

/** All statements about one end: references that must mean the same entity, and kinds that it must be of. */
export interface SaidEnd {
  readonly references: readonly unknown[];
  /** Type identifiers. */
  readonly kinds: readonly unknown[];
  /** A path that is ignored if it leads to no entity. */
  readonly perhaps?: string;
}

export const nameOf = (side: Side) => `occi.core.${side}` as const;

/** What the attributes of a link state about an end. */
export function saidOf({ attributes, again }: Pick<Part, 'attributes' | 'again'>, side: Side): SaidEnd {
  const name = nameOf(side);
  return {
    references: [attributes[name], again?.[name]].filter((value) => value !== undefined),
    kinds: [attributes[`${name}.kind`]].filter((value) => value !== undefined),
  };
}

/** Carries no information in an inline link; some clients send it as the category or in `rel`. */
export const A_LINK = `${CORE}link`;

/**
 * What an inline link states about its target. Some clients put an arbitrary path in the angle brackets and the target
 * in `occi.core.target`, so the path is ignored unless it is an entity.
 */
export function saidOfTarget(link: ParsedLink): SaidEnd {
  const { references, kinds } = saidOf(link, 'target');
  const all = [...kinds, ...link.rel.filter((id) => id !== A_LINK)];
  if (references.length === 0 || references.includes(link.target))
    return { references: [link.target, ...references], kinds: all };
  return { references, kinds: all, perhaps: link.target };
}
