/** Converts a payload to a change of an existing entity: the difference from what the cloud and the store hold. */

import type { Change, Native } from '../../adapter/contract.ts';
import { OcciError } from '../../errors.ts';
import { bareId } from '../../mapping/identity.ts';
import type { AnyEntity } from '../../occi/entity.ts';
import { coreAttributes } from '../../occi/entity.ts';
import { KINDS } from '../../occi/kinds/index.ts';
import { type AttributeDefinitions, type Attributes, type AttributeValue, typeId } from '../../occi/types.ts';
import { checkedAttributes } from '../../occi/validate.ts';
import type { Part } from '../../renderings/rendering.ts';
import type { Backend } from '../backend.ts';
import { checkApplies, definitionsOf, sortCategories } from '../categories/sorted.ts';
import { checkAgainstNamed, replacedBy, same, withoutGiven, withTemplates } from '../categories/templates.ts';
import { isWayTo } from '../locate.ts';

/** The change for the cloud, and the user's mixins of the entity afterwards. */
export interface Changes extends Change {
  readonly addTags: readonly string[];
  /** All tags that the payload names; a full update drops the others. */
  readonly tags: readonly string[];
}

const ENDS = ['occi.core.source', 'occi.core.target'];

/**
 * True for the current value of an attribute, which does not count as a change. Ends may be written as path or URL, an id
 * without `urn:uuid:`.
 */
const isAsItIs = (name: string, value: AttributeValue, current: Attributes, backend: Backend): boolean =>
  same(value, current[name]) ||
  (name === 'occi.core.id' && bareId(String(value)) === bareId(String(current[name]))) ||
  (ENDS.includes(name) && isWayTo(String(current[name]), value, backend));

/** New values, if clients may change them: throws `forbidden` for an immutable attribute (D-4). */
function mutable(values: Attributes, definitions: AttributeDefinitions): Attributes {
  const fixed = Object.keys(values).find((name) => !definitions[name]!.mutable);
  if (fixed === undefined) return values;
  throw new OcciError('forbidden', `The attribute ${fixed} is immutable and cannot be changed.`);
}

/** The kind that a payload names must be the entity's (CORE-8). */
function checkKind(named: string | undefined, native: Native): void {
  if (named !== undefined && named !== native.kind) {
    throw new OcciError('invalid', `This is a ${native.kind}, and its kind cannot be changed to ${named}.`);
  }
}

/**
 * What a payload changes in an entity (HTTP-28). `shown` is the entity as a GET shows it; `leaving` are the mixins that
 * a full payload removes by omission.
 */
export async function changeOf(
  part: Part,
  native: Native,
  shown: AnyEntity,
  backend: Backend,
  leaving: readonly string[] = [],
): Promise<Changes> {
  const { model } = await backend.model();
  const sorted = sortCategories(part.categories, model);
  checkKind(sorted.kind, native);
  if (part.actions.length > 0) {
    const { checkActionLinks } = await import('../links/action-links.ts');
    await checkActionLinks(part.actions, native.kind, shown, backend);
  }
  checkApplies(sorted.mixins, native.kind);
  const addMixins = sorted.mixins.filter((mixin) => !native.mixins.includes(typeId(mixin)));
  const removeMixins = [...new Set([...leaving, ...replacedBy(addMixins, native, model)])];
  const kept = native.mixins.filter((id) => !removeMixins.includes(id)).flatMap((id) => model.find(id)?.mixin ?? []);
  const definitions = definitionsOf(native.kind, [...kept, ...addMixins]);
  const current = { ...shown.attributes, ...coreAttributes(shown) };
  const values = checkedAttributes(part.attributes, definitions, `${native.kind} or its mixins`);
  checkAgainstNamed(values, addMixins);
  const different = Object.fromEntries(
    Object.entries(values).filter(([name, value]) => !isAsItIs(name, value, current, backend)),
  );
  checkAgainstNamed(different, sorted.mixins);
  const set = mutable(withoutGiven(different, kept), definitions);
  for (const end of ENDS) {
    const again = part.again?.[end];
    if (set[end] !== undefined || (again !== undefined && !isAsItIs(end, again, current, backend)))
      throw new OcciError('notImplemented', `The attribute ${end} of a link cannot be changed; make another link.`);
  }
  return {
    set: withTemplates(set, addMixins),
    unset: [],
    addMixins,
    removeMixins,
    addTags: sorted.tags,
    tags: sorted.tags,
  };
}

/** The mutable attributes of the kind that a full payload removes by omission (H11-16). */
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
