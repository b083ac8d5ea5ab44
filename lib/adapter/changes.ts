/** What a change really changes: setting an attribute to its current value does not count. */
import { OcciError } from '../errors.ts';
import { typeId } from '../occi/types.ts';
import type { Change, Native } from './contract.ts';

/** Names of the attributes that get another value or lose theirs. */
export const changedAttributes = (
  { attributes }: Pick<Native, 'attributes'>,
  { set, unset }: Pick<Change, 'set' | 'unset'>,
): readonly string[] => [
  ...Object.keys(set).filter((name) => set[name] !== attributes[name]),
  ...unset.filter((name) => attributes[name] !== undefined),
];

/** Type identifiers of the mixins that are added or removed. */
export const changedMixins = (
  { mixins }: Pick<Native, 'mixins'>,
  { addMixins, removeMixins }: Pick<Change, 'addMixins' | 'removeMixins'>,
): readonly string[] => [
  ...addMixins.map(typeId).filter((id) => !mixins.includes(id)),
  ...removeMixins.filter((id) => mixins.includes(id)),
];

/** Throws `notImplemented`, naming the attribute or mixin, for a change of anything that is not `changeable`. */
export function requireNoOther(native: Native, change: Change, changeable: readonly string[] = []): void {
  const attribute = changedAttributes(native, change).find((name) => !changeable.includes(name));
  const [mixin] = changedMixins(native, change);
  if (attribute === undefined && mixin === undefined) return;
  const { kind } = native;
  throw new OcciError(
    'notImplemented',
    `The ${attribute === undefined ? `mixin ${mixin}` : `attribute ${attribute}`} of a ${kind} cannot be changed in this cloud: make another ${kind} instead.`,
  );
}
