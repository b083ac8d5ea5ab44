/** What an update does to attributes and mixins, the same for every kind. */
import type { Change } from '../../lib/adapter/contract.ts';
import { KINDS, type KindTerm } from '../../lib/occi/kinds/index.ts';
import { MIXINS } from '../../lib/occi/mixins/index.ts';
import { type Attributes, type AttributeValue, typeId } from '../../lib/occi/types.ts';
import { attributesOfMixin, makesWay } from './mixins.ts';
import { keptAttributes } from './resources.ts';

const RESOURCE_TPL = typeId(MIXINS.resource_tpl);

interface Changed {
  readonly attributes: Attributes;
  readonly mixins: readonly string[];
}

/**
 * Attributes and mixins after a change. A new template, zone or pool replaces the previous one, and the sizes of a
 * resource template override the client's (INF-16). Removing a mixin removes the attributes that only it defines.
 */
export function changed(kind: KindTerm, before: Changed, change: Change): Changed {
  const attributes: Record<string, AttributeValue> = { ...before.attributes };
  const added = change.addMixins.map(typeId);
  const goes = (id: string) =>
    change.removeMixins.includes(id) || change.addMixins.some((mixin) => !added.includes(id) && makesWay(id, mixin));
  for (const id of before.mixins.filter(goes)) {
    for (const name of attributesOfMixin(id)) if (!Object.hasOwn(KINDS[kind].attributes, name)) delete attributes[name];
  }
  for (const name of change.unset) delete attributes[name];
  Object.assign(attributes, keptAttributes(change.set));
  for (const mixin of change.addMixins) {
    const wins = mixin.depends?.includes(RESOURCE_TPL) ?? false;
    for (const [name, { default: value }] of Object.entries(mixin.attributes ?? {})) {
      if (value !== undefined && (wins || attributes[name] === undefined)) attributes[name] = value;
    }
  }
  return { attributes, mixins: [...new Set([...before.mixins.filter((id) => !goes(id)), ...added])] };
}
