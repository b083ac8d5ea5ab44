/**
 * Entities as renderings show them: every identifier is OCCI's, no native id is left (GFD.221 §5.4).
 */
import type { Attributes, Category } from './types.ts';

/** One end of a link: where it points, and the kind there if that is an OCCI resource of ours (JSON-5). */
export interface LinkEnd {
  /** Path on this endpoint, or an absolute URI elsewhere. */
  readonly location: string;
  /** Type identifier. */
  readonly kind?: string;
}

/** What resources and links have in common. */
interface Entity {
  readonly kind: Category;
  readonly mixins: readonly Category[];
  /** `urn:uuid:…` (CORE-20). */
  readonly id: string;
  /** Path on this endpoint. */
  readonly location: string;
  readonly title?: string | undefined;
  /** The attributes. Those of the core are members of their own; where they stand here too, renderings pass them over. */
  readonly attributes: Attributes;
  /** The actions that apply in the current state (H11-14). */
  readonly actions: readonly Category[];
}

export interface ResourceEntity extends Entity {
  readonly is: 'resource';
  readonly summary?: string | undefined;
  /** The outgoing links (H11-19). */
  readonly links: readonly LinkEntity[];
}

export interface LinkEntity extends Entity {
  readonly is: 'link';
  readonly source: LinkEnd;
  readonly target: LinkEnd;
}

export type AnyEntity = ResourceEntity | LinkEntity;

/** True for the attributes of the core that an entity shows as members of their own. */
export const isShownApart = (name: string): boolean => name === 'occi.core.title' || name === 'occi.core.summary';

/** The core attributes of an entity under the names that the text renderings and filters use (TXT-18). */
export function coreAttributes(entity: AnyEntity): Attributes {
  const core: Record<string, string> = { 'occi.core.id': entity.id };
  if (entity.title !== undefined) core['occi.core.title'] = entity.title;
  if (entity.is === 'resource') {
    if (entity.summary !== undefined) core['occi.core.summary'] = entity.summary;
    return core;
  }
  core['occi.core.source'] = entity.source.location;
  if (entity.source.kind !== undefined) core['occi.core.source.kind'] = entity.source.kind;
  core['occi.core.target'] = entity.target.location;
  if (entity.target.kind !== undefined) core['occi.core.target.kind'] = entity.target.kind;
  return core;
}
