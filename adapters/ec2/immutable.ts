/** Attributes and mixins that cannot change while an entity exists. */
import { changedAttributes, changedMixins } from '../../lib/adapter/changes.ts';
import type { Change, Native } from '../../lib/adapter/contract.ts';
import { OcciError } from '../../lib/errors.ts';

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
