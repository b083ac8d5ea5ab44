/**
 * Templates: the values they give an entity, and which template replaces which. The values of a size are fixed (CRTP-2,
 * D-26): a client that wants others chooses another size, or none.
 */
import type { KindAdapter, Native } from '../../adapter/contract.ts';
import { OcciError } from '../../errors.ts';
import type { Model } from '../../occi/model.ts';
import { INFRASTRUCTURE, OS_TPL, RESOURCE_TPL } from '../../occi/schemes.ts';
import { type Attributes, type AttributeValue, type Mixin, typeId } from '../../occi/types.ts';
import type { Part } from '../../renderings/rendering.ts';

/** The bases of which an entity has at most one template (CRTP-1, INF-15, INF-16). */
export const SINGLE_BASES = [OS_TPL, RESOURCE_TPL, `${INFRASTRUCTURE}availability_zone`, `${INFRASTRUCTURE}region`];

/** The bases among these that a mixin is a template of. */
const singleBases = (mixin: Mixin): readonly string[] => SINGLE_BASES.filter((base) => mixin.depends?.includes(base));

/** True for a resource template (a size), whose values are binding (INF-16). */
const isSize = ({ depends }: Mixin): boolean => depends?.includes(RESOURCE_TPL) ?? false;

/** True for equal values, looking into arrays and objects. */
export const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

/** Adds the values of templates: a size overrides, other mixins fill in missing values (CORE-13). */
export function withTemplates(values: Attributes, mixins: readonly Mixin[]): Attributes {
  const all: Record<string, AttributeValue> = { ...values };
  for (const mixin of mixins) {
    const wins = isSize(mixin);
    for (const [name, definition] of Object.entries(mixin.attributes ?? {})) {
      if (definition.default !== undefined && (wins || all[name] === undefined)) all[name] = definition.default;
    }
  }
  return all;
}

interface Given {
  readonly template: Mixin;
  readonly value: AttributeValue;
}

/** The size that sets an attribute, with the value; undefined if no size among the mixins sets it. */
function givenBy(name: string, mixins: readonly Mixin[]): Given | undefined {
  for (const template of mixins) {
    const definition = isSize(template) && Object.hasOwn(template.attributes ?? {}, name);
    const value = definition ? template.attributes![name]!.default : undefined;
    if (value !== undefined) return { template, value };
  }
  return undefined;
}

/** Throws `invalid` for a value that differs from that of a size in the same request. */
export function checkAgainstNamed(values: Attributes, named: readonly Mixin[]): void {
  if (!named.some(isSize)) return;
  for (const name of Object.keys(values)) {
    const given = givenBy(name, named);
    if (given && !same(values[name], given.value)) {
      throw new OcciError(
        'invalid',
        `The resource template ${typeId(given.template)} sets ${name} to ${String(given.value)}, and the request to ${excerpt(values[name])}: leave one of them out.`,
      );
    }
  }
}

const excerpt = (value: unknown): string => JSON.stringify(value).slice(0, 64);

/**
 * The new values without those that repeat the values of the entity's size. Throws `conflict`, naming the size, for one
 * that differs. Repeating a size's value is not a change, even if the cloud gives more than the size says.
 */
export function withoutGiven(values: Attributes, kept: readonly Mixin[]): Attributes {
  if (!kept.some(isSize)) return values;
  const others: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(values)) {
    const given = givenBy(name, kept);
    if (!given) others[name] = value;
    else if (!same(value, given.value)) {
      throw new OcciError(
        'conflict',
        `The attribute ${name} is set by the entity's resource template ${typeId(given.template)}: to change it, name another resource_tpl, which replaces this one.`,
      );
    }
  }
  return others;
}

/** The templates that are replaced by new ones of the same base (INF-15, INF-16). */
export function replacedBy(added: readonly Mixin[], native: Native, model: Model): readonly string[] {
  const bases = added.flatMap(singleBases);
  if (bases.length === 0) return [];
  return native.mixins.filter((id) => {
    const mixin = model.find(id)?.mixin;
    return mixin !== undefined && !added.includes(mixin) && singleBases(mixin).some((base) => bases.includes(base));
  });
}

/**
 * Sizes that a full payload leaves out; other mixins of the provider stay as they are. Where the cloud gives every entity a
 * size (`alwaysSized`), it stays too unless the payload asks for other values.
 */
export function templatesLeftOut(
  part: Part,
  native: Native,
  model: Model,
  { alwaysSized }: Pick<KindAdapter, 'alwaysSized'>,
): readonly string[] {
  const named = new Set(part.categories.map(typeId));
  const before: Attributes = native.attributes;
  const isOther = (name: string) => part.attributes[name] !== undefined && part.attributes[name] !== before[name];
  return native.mixins.filter((id) => {
    const size = model.find(id);
    if (named.has(id) || !size?.depends?.includes(RESOURCE_TPL)) return false;
    return !alwaysSized || Object.keys(size.attributes ?? {}).some(isOther);
  });
}

/** The attributes that the templates of an entity give it; a full payload need not repeat them. */
export function givenByTemplates(native: Native, without: readonly string[], model: Model): ReadonlySet<string> {
  const kept = native.mixins.filter((id) => !without.includes(id));
  return new Set(kept.flatMap((id) => Object.keys(model.find(id)?.attributes ?? {})));
}
