/** Plans new links: inline links of a resource, and links sent on their own. Loaded lazily with the first link. */

import { OcciError } from '../../errors.ts';
import { splitIdentifier } from '../../occi/identifiers.ts';
import { isLinkTerm, type LinkTerm } from '../../occi/kinds/index.ts';
import type { Model } from '../../occi/model.ts';
import type { Attributes, Mixin } from '../../occi/types.ts';
import type { ParsedLink, Part } from '../../renderings/rendering.ts';
import type { Backend } from '../backend.ts';
import { checkApplies, sortCategories } from '../categories/sorted.ts';
import { attributesOf } from '../new-attributes.ts';
import { type DraftEnd, linkEnd, linkKindTo, type Pending } from './ends.ts';
import { checkSource, type Holder } from './holder.ts';
import { A_LINK, saidOf, saidOfTarget } from './stated-ends.ts';

/** A link to be created, with ends that may be pending. */
export interface PlannedLink {
  readonly kind: LinkTerm;
  readonly attributes: Attributes;
  readonly mixins: readonly Mixin[];
  readonly tags: readonly string[];
  readonly target: DraftEnd;
}

/** Plans an inline link of a resource. */
async function planLink(
  link: ParsedLink,
  holder: Holder,
  model: Model,
  backend: Backend,
  pending?: Pending,
): Promise<PlannedLink> {
  const named = (link.category ?? []).filter((id) => id !== A_LINK).map(splitIdentifier);
  const { kind = linkKindTo(link.rel), mixins, tags } = sortCategories(named, model);
  if (!kind || !isLinkTerm(kind)) {
    throw new OcciError('invalid', `The Link to ${link.target.slice(0, 200)} names no kind of link in its category.`);
  }
  backend.requireKind?.(kind);
  checkApplies(mixins, kind);
  const attributes = attributesOf(link.attributes, kind, mixins);
  await checkSource(link, holder, backend, pending);
  return {
    kind,
    attributes,
    mixins,
    tags,
    target: await linkEnd(kind, 'target', saidOfTarget(link), backend, pending),
  };
}

/** The most links in one payload for one resource. */
const MAX_LINKS = 100;

/** Plans the links of a payload one at a time, so that a payload cannot flood the store. */
export async function planLinks(
  links: readonly ParsedLink[],
  holder: Holder,
  model: Model,
  backend: Backend,
  pending?: Pending,
): Promise<readonly PlannedLink[]> {
  if (links.length > MAX_LINKS) throw new OcciError('tooLarge', `A resource may bring ${MAX_LINKS} links at once.`);
  const planned: PlannedLink[] = [];
  for (const link of links) planned.push(await planLink(link, holder, model, backend, pending));
  return planned;
}

/** The ends of a link that is sent on its own. Throws `invalid` for an end that is missing, wrong or contradictory. */
export async function endsOf(part: Part, kind: LinkTerm, backend: Backend, pending?: Pending) {
  const [source, target] = await Promise.all([
    linkEnd(kind, 'source', saidOf(part, 'source'), backend, pending),
    linkEnd(kind, 'target', saidOf(part, 'target'), backend, pending),
  ]);
  return { source, target };
}
