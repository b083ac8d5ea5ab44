/** Decides where a value is kept: in the cloud if it can hold the value exactly, otherwise in the store (ADR-5). */
import type { KindAdapter } from '../adapter/contract.ts';
import type { Attributes, AttributeValue } from '../occi/types.ts';

type Holder = Pick<KindAdapter, 'cannotHold' | 'cannotHoldValue'>;

/** Values divided into those that the cloud holds and those that the store keeps. */
export function held(values: Attributes, adapter: Holder): [cloud: Attributes, store: Attributes] {
  const cloud: Record<string, AttributeValue> = {};
  const store: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(values)) {
    const stored = neverHeld(name, adapter) || adapter.cannotHoldValue?.(name, value);
    (stored ? store : cloud)[name] = value;
  }
  return [cloud, store];
}

/** True for an attribute that only the store has. */
export const neverHeld = (name: string, { cannotHold }: Holder): boolean => cannotHold?.includes(name) ?? false;
