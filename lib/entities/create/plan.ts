/**
 * Converts a part of a payload to a draft for an adapter: checks categories and attributes, applies templates and
 * defaults, and resolves link ends. Makes no change in the cloud.
 */

import type { Catalogue } from '../../adapter/contract.ts';
import { OcciError } from '../../errors.ts';
import { type CoreTerm, isIn, isLinkTerm, type KindTerm } from '../../occi/kinds/index.ts';
import type { Model } from '../../occi/model.ts';
import { OS_TPL } from '../../occi/schemes.ts';
import type { Attributes, Mixin } from '../../occi/types.ts';
import type { Part } from '../../renderings/rendering.ts';
import type { Backend } from '../backend.ts';
import { checkApplies, type Sorted, sortCategories } from '../categories/sorted.ts';
import type { DraftEnd, Pending } from '../links/ends.ts';
import type { PlannedLink } from '../links/planned.ts';
import { endsOf, planLinks } from '../links/planned.ts';
import { attributesOf } from '../new-attributes.ts';

/** An entity to be created. */
export interface Plan {
  readonly kind: KindTerm;
  readonly attributes: Attributes;
  readonly mixins: readonly Mixin[];
  readonly tags: readonly string[];
  readonly links: readonly PlannedLink[];
  readonly source?: DraftEnd;
  readonly target?: DraftEnd;
  /** The id that the client proposed; other parts of the same request may refer to it, and it is not kept. */
  readonly proposedId?: string | undefined;
}

function withDefaultTemplate(kind: KindTerm, sorted: Sorted, model: Model, catalogue: Catalogue): readonly Mixin[] {
  const { defaultOsTemplate } = catalogue;
  if (kind !== 'compute' || defaultOsTemplate === undefined) return sorted.mixins;
  if (sorted.mixins.some((mixin) => mixin.depends?.includes(OS_TPL))) return sorted.mixins;
  const template = model.find(defaultOsTemplate)?.mixin;
  return template ? [...sorted.mixins, template] : sorted.mixins;
}

const NO_LINKS: readonly PlannedLink[] = Object.freeze([]);

/** The kind, or core kind, in whose collection an entity is to be created. */
export type Collection = KindTerm | CoreTerm;

/** The kind of a new entity. Throws `invalid` without one, or if it is not the collection's (H11-12). */
export function kindFor(sorted: Sorted, collection: Collection | undefined, backend: Backend): KindTerm {
  const { kind } = sorted;
  if (!kind) throw new OcciError('invalid', 'The request names no kind: a Category with class="kind" is needed.');
  if (collection !== undefined && !isIn(kind, collection)) {
    throw new OcciError('invalid', `A ${kind} cannot be made in the collection of ${collection}.`);
  }
  if (!backend.adapter.kinds[kind]) throw new OcciError('invalid', `This cloud has no ${kind}.`);
  return kind;
}

/** The plan of one new entity. Throws `invalid` or `forbidden`. */
export async function plan(
  part: Part,
  collection: Collection | undefined,
  backend: Backend,
  pending?: Pending,
): Promise<Plan> {
  const { model, catalogue } = await backend.model();
  const sorted = sortCategories(part.categories, model);
  const kind = kindFor(sorted, collection, backend);
  const mixins = withDefaultTemplate(kind, sorted, model, catalogue);
  checkApplies(mixins, kind);
  if (part.actions.length > 0) {
    const { checkActions } = await import('../links/action-links.ts');
    checkActions(part.actions, kind);
  }
  const attributes = attributesOf(part.attributes, kind, mixins);
  const id = part.attributes['occi.core.id'];
  const proposedId = typeof id === 'string' ? id : undefined;
  const { tags } = sorted;
  const planned = { kind, attributes, mixins, tags, proposedId };
  if (!isLinkTerm(kind)) {
    if (part.links.length === 0) return { ...planned, links: NO_LINKS };
    return { ...planned, links: await planLinks(part.links, { kind, proposedId }, model, backend, pending) };
  }
  if (part.links.length > 0) throw new OcciError('invalid', `A ${kind} is a link itself and can hold no Link.`);
  return { ...planned, links: NO_LINKS, ...(await endsOf(part, kind, backend, pending)) };
}
