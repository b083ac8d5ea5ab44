/**
 * From a payload to a change of an entity that is there: what differs from what the cloud and the store hold.
 */

import type { Change, Native } from '../adapter.ts';
import { OcciError } from '../errors.ts';
import type { AnyEntity } from '../occi/entity.ts';
import { coreAttributes } from '../occi/entity.ts';
import { KINDS } from '../occi/kinds/index.ts';
import type { Model } from '../occi/model.ts';
import { RESOURCE_TPL } from '../occi/schemes.ts';
import { type AttributeDefinitions, type Attributes, type AttributeValue, type Mixin, typeId } from '../occi/types.ts';
import { checkedAttributes } from '../occi/validate.ts';
import type { Part } from '../renderings/rendering.ts';
import { checkApplies, definitionsOf, singleBases, sortCategories } from './categories.ts';
import { withTemplates } from './draft.ts';
import { pathOf } from './locate.ts';
import type { Backend } from './operation.ts';

/** What is to change in the cloud, and which of the user's mixins the entity then has. */
export interface Changes extends Change {
  readonly addTags: readonly string[];
  /** All tags that the payload names; a full update drops the others. */
  readonly tags: readonly string[];
}

const same = (a: unknown, b: unknown) => a === b || JSON.stringify(a) === JSON.stringify(b);

const ENDS = ['occi.core.source', 'occi.core.target'];

/** A path and the absolute URL of it are the same end. */
const sameEnd = (a: unknown, b: unknown) => typeof a === 'string' && pathOf(a) === b;

/**
 * The values that really change. An immutable attribute may be repeated as it is, not changed (D-4): else `forbidden`.
 */
function changed(
  values: Attributes,
  current: Attributes,
  definitions: AttributeDefinitions,
  owner: string,
): Attributes {
  const set: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(checkedAttributes(values, definitions, owner))) {
    if (same(value, current[name]) || (ENDS.includes(name) && sameEnd(value, current[name]))) continue;
    const definition = definitions[name]!;
    if (!definition.mutable)
      throw new OcciError('forbidden', `The attribute ${name} is immutable and cannot be changed.`);
    set[name] = value;
  }
  return set;
}

/** The kind that a payload names must be the entity's (CORE-8). */
function checkKind(named: string | undefined, native: Native): void {
  if (named !== undefined && named !== native.kind) {
    throw new OcciError('invalid', `This is a ${native.kind}, and its kind cannot be changed to ${named}.`);
  }
}

/** Templates that make way for a new one of the same base (INF-15, INF-16). */
function replacedBy(added: readonly Mixin[], native: Native, known: (id: string) => Mixin | undefined): string[] {
  const bases = added.flatMap((mixin) => singleBases(mixin));
  return native.mixins.filter((id) => {
    const mixin = known(id);
    return mixin !== undefined && !added.includes(mixin) && singleBases(mixin).some((base) => bases.includes(base));
  });
}

/** Templates of size that are no longer true of an entity with these values (CRTP-2): they go. */
function outgrown(set: Attributes, mixins: readonly Mixin[]): string[] {
  const isTrue = ({ attributes = {} }: Mixin) =>
    Object.entries(attributes).every(([name, { default: size }]) => set[name] === undefined || same(set[name], size));
  return mixins.filter((mixin) => mixin.depends?.includes(RESOURCE_TPL) && !isTrue(mixin)).map(typeId);
}

/** Templates of size that a full payload leaves out; other mixins of the provider stay as they are. */
export function templatesLeftOut(part: Part, native: Native, model: Model): string[] {
  const named = new Set(part.categories.map(typeId));
  return native.mixins.filter((id) => !named.has(id) && model.find(id)?.depends?.includes(RESOURCE_TPL));
}

/** The attributes that the templates of an entity give it; a full payload need not repeat them. */
export function givenByTemplates(native: Native, without: readonly string[], model: Model): ReadonlySet<string> {
  const kept = native.mixins.filter((id) => !without.includes(id));
  return new Set(kept.flatMap((id) => Object.keys(model.find(id)?.attributes ?? {})));
}

/** What a partial payload changes in an entity (HTTP-28). `shown` is the entity as its reader would see it. */
export async function changeOf(part: Part, native: Native, shown: AnyEntity, backend: Backend): Promise<Changes> {
  const { model } = await backend.model();
  const sorted = sortCategories(part.categories, model);
  checkKind(sorted.kind, native);
  checkApplies(sorted.mixins, native.kind);
  const known = (id: string) => model.find(id)?.mixin;
  const addMixins = sorted.mixins.filter((mixin) => !native.mixins.includes(typeId(mixin)));
  const removeMixins = replacedBy(addMixins, native, known);
  const kept = native.mixins.filter((id) => !removeMixins.includes(id)).flatMap((id) => known(id) ?? []);
  const definitions = definitionsOf(native.kind, [...kept, ...addMixins]);
  const current = { ...shown.attributes, ...coreAttributes(shown) };
  const set = changed(part.attributes, current, definitions, `${native.kind} or its mixins`);
  for (const end of ENDS) {
    if (set[end] !== undefined)
      throw new OcciError('notImplemented', `The attribute ${end} of a link cannot be changed; make another link.`);
  }
  return {
    set: withTemplates(set, addMixins),
    unset: [],
    addMixins,
    removeMixins: [...removeMixins, ...outgrown(set, kept)],
    addTags: sorted.tags,
    tags: sorted.tags,
  };
}

/** The mutable attributes of the kind that a full payload leaves out, so that they are taken away (H11-16). */
export function leftOut(part: Part, shown: AnyEntity, native: Native): string[] {
  const current = { ...shown.attributes, ...coreAttributes(shown) };
  return Object.entries(KINDS[native.kind].attributes as AttributeDefinitions)
    .filter(
      ([name, { mutable, required }]) =>
        mutable && !required && !/^occi\.core\.(source|target)/.test(name) && current[name] !== undefined,
    )
    .map(([name]) => name)
    .filter((name) => part.attributes[name] === undefined);
}
