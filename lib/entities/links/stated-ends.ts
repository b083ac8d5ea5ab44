/** What a payload says of the ends of a link, in all the places where it may. */
import { CORE } from '../../occi/schemes.ts';
import type { ParsedLink, Part } from '../../renderings/rendering.ts';

export type Side = 'source' | 'target';

/** All that a payload says of one end: references that must mean one entity, kinds that it must have. */
export interface SaidEnd {
  readonly references: readonly unknown[];
  /** Type identifiers. */
  readonly kinds: readonly unknown[];
  /** A path that counts only if it leads somewhere. */
  readonly perhaps?: string;
}

export const nameOf = (side: Side) => `occi.core.${side}` as const;

/** What a link of its own, or an inline link, says of an end in its attributes. */
export function saidOf({ attributes, again }: Pick<Part, 'attributes' | 'again'>, side: Side): SaidEnd {
  const name = nameOf(side);
  return {
    references: [attributes[name], again?.[name]].filter((value) => value !== undefined),
    kinds: [attributes[`${name}.kind`]].filter((value) => value !== undefined),
  };
}

/** Says no more of an inline link than that it is one: some clients send it as its category, or in `rel`. */
export const A_LINK = `${CORE}link`;

/**
 * What an inline link says of its target. Some clients write any path in the angle brackets, and the target in
 * `occi.core.target`: the path counts where it is an entity.
 */
export function saidOfTarget(link: ParsedLink): SaidEnd {
  const { references, kinds } = saidOf(link, 'target');
  const all = [...kinds, ...link.rel.filter((id) => id !== A_LINK)];
  if (references.length === 0 || references.includes(link.target))
    return { references: [link.target, ...references], kinds: all };
  return { references, kinds: all, perhaps: link.target };
}
