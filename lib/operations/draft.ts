/**
 * From a part of a payload to a draft that an adapter can make: categories known and applicable, attributes checked,
 * templates and defaults applied, link ends found. Nothing native has happened when this is through.
 */

import type { Catalogue } from '../adapter.ts';
import { OcciError } from '../errors.ts';
import { type CoreTerm, isIn, isLinkTerm, KINDS, type KindTerm, type LinkTerm } from '../occi/kinds/index.ts';
import { type Model, splitIdentifier } from '../occi/model.ts';
import { OS_TPL } from '../occi/schemes.ts';
import type { AttributeDefinitions, Attributes, AttributeValue, Kind, Mixin } from '../occi/types.ts';
import { checkedAttributes, checkRequired } from '../occi/validate.ts';
import type { ParsedLink, Part } from '../renderings/rendering.ts';
import { checkApplies, definitionsOf, type Sorted, sortCategories } from './categories.ts';
import { type DraftEnd, linkEnd, linkKindTo, type Pending } from './ends.ts';
import { checkSource, type Holder } from './holder.ts';
import type { Backend } from './operation.ts';
import { A_LINK, saidOf, saidOfTarget } from './said.ts';
import { checkAgainstNamed, withTemplates } from './templates.ts';

/** A link to be made, with ends that may be pending. */
export interface PlannedLink {
  readonly kind: LinkTerm;
  readonly attributes: Attributes;
  readonly mixins: readonly Mixin[];
  readonly tags: readonly string[];
  readonly target: DraftEnd;
}

/** An entity to be made. */
export interface Plan {
  readonly kind: KindTerm;
  readonly attributes: Attributes;
  readonly mixins: readonly Mixin[];
  readonly tags: readonly string[];
  readonly links: readonly PlannedLink[];
  readonly source?: DraftEnd;
  readonly target?: DraftEnd;
  /** The id that the client proposed; others in the same request may refer to it, nothing else is kept of it. */
  readonly proposedId?: string | undefined;
}

/** What says where an entity is, not what it is like. */
const ID = ['occi.core.id'];
const WHERE = [...ID, 'occi.core.source', 'occi.core.target', 'occi.core.source.kind', 'occi.core.target.kind'];

/** Values without those that the server alone decides about; clients send ids of their own, and that must not fail. */
function without(names: readonly string[], values: Attributes): Attributes {
  const kept: Record<string, AttributeValue> = {};
  for (const name of Object.keys(values)) if (!names.includes(name)) kept[name] = values[name]!;
  return kept;
}

/** True for the state that a new entity will be in anyway: many clients send it. */
const isInitialState = (name: string, value: AttributeValue, { life }: Kind): boolean =>
  name === life?.attribute && value === life.initial;

/** Throws `forbidden` for an attribute that only the server sets (CORE-26); a template's own value may be repeated. */
function checkSettable(values: Attributes, definitions: AttributeDefinitions, kind: KindTerm): void {
  for (const name of Object.keys(values)) {
    if (isInitialState(name, values[name]!, KINDS[kind])) continue;
    const definition = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
    if (definition && !definition.mutable && !definition.settableAtCreation && definition.default === undefined) {
      throw new OcciError('forbidden', `The attribute ${name} of ${kind} is immutable: only the server sets it.`);
    }
  }
}

function withDefaultTemplate(kind: KindTerm, sorted: Sorted, model: Model, catalogue: Catalogue): readonly Mixin[] {
  const { defaultOsTemplate } = catalogue;
  if (kind !== 'compute' || defaultOsTemplate === undefined) return sorted.mixins;
  if (sorted.mixins.some((mixin) => mixin.depends?.includes(OS_TPL))) return sorted.mixins;
  const template = model.find(defaultOsTemplate)?.mixin;
  return template ? [...sorted.mixins, template] : sorted.mixins;
}

const stateOf = (kind: KindTerm): readonly string[] => {
  const { life }: Kind = KINDS[kind];
  return life ? [life.attribute] : [];
};

/** Attributes of a new entity. */
function attributesOf(values: Attributes, kind: KindTerm, mixins: readonly Mixin[]): Attributes {
  const definitions = definitionsOf(kind, mixins);
  const sent = without(isLinkTerm(kind) ? WHERE : ID, values);
  const checked = checkedAttributes(sent, definitions, `${kind} or its mixins`);
  checkAgainstNamed(checked, mixins);
  checkSettable(checked, definitions, kind);
  const all = withTemplates(without(stateOf(kind), checked), mixins);
  checkRequired(all, definitions, kind);
  return all;
}

/** A link that stands in the payload of a resource. */
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

const NO_LINKS: readonly PlannedLink[] = Object.freeze([]);

/** Links that one payload may bring for one resource. */
const MOST_LINKS = 100;

/** The links of a payload, one after the other: a payload must not be able to flood the store. */
export async function planLinks(
  links: readonly ParsedLink[],
  holder: Holder,
  model: Model,
  backend: Backend,
  pending?: Pending,
): Promise<readonly PlannedLink[]> {
  if (links.length > MOST_LINKS) throw new OcciError('tooLarge', `A resource may bring ${MOST_LINKS} links at once.`);
  const planned: PlannedLink[] = [];
  for (const link of links) planned.push(await planLink(link, holder, model, backend, pending));
  return planned;
}

/** The kind, or core kind, in whose collection an entity is to be made. */
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

/** The plan of one new entity. Throws `invalid` or `forbidden` with what is wrong. */
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
  const attributes = attributesOf(part.attributes, kind, mixins);
  const id = part.attributes['occi.core.id'];
  const proposedId = typeof id === 'string' ? id : undefined;
  const { tags } = sorted;
  if (!isLinkTerm(kind)) {
    const holder = { kind, proposedId };
    const links = part.links.length === 0 ? NO_LINKS : await planLinks(part.links, holder, model, backend, pending);
    return { kind, attributes, mixins, tags, proposedId, links };
  }
  if (part.links.length > 0) throw new OcciError('invalid', `A ${kind} is a link itself and can hold no Link.`);
  const [source, target] = await Promise.all([
    linkEnd(kind, 'source', saidOf(part, 'source'), backend, pending),
    linkEnd(kind, 'target', saidOf(part, 'target'), backend, pending),
  ]);
  return { kind, attributes, mixins, tags, proposedId, links: [], source, target };
}
