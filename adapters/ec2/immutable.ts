/** What an entity has for as long as it is there. */
import type { Change, Native } from '../../lib/adapter/contract.ts';
import { OcciError } from '../../lib/errors.ts';
import { typeId } from '../../lib/occi/types.ts';

/**
 * Throws `notImplemented`, naming the attribute or mixin, for a change of anything but what is `changeable`; what is
 * said to be as it is already is no change.
 */
export function requireNoOther(
  { kind, attributes, mixins }: Native,
  { set, unset, addMixins, removeMixins }: Change,
  changeable: readonly string[] = [],
): void {
  const other =
    Object.keys(set).find((name) => !changeable.includes(name) && set[name] !== attributes[name]) ??
    unset.find((name) => !changeable.includes(name) && attributes[name] !== undefined);
  const mixin =
    addMixins.map(typeId).find((id) => !mixins.includes(id)) ?? removeMixins.find((id) => mixins.includes(id));
  if (other === undefined && mixin === undefined) return;
  throw new OcciError(
    'notImplemented',
    `The ${other === undefined ? `mixin ${mixin}` : `attribute ${other}`} of a ${kind} cannot be changed in this cloud: make another ${kind} instead.`,
  );
}
