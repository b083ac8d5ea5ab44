import type { AttributeValue } from '../occi/types.ts';

/**
 * Attributes as sent by the client. The prototype is empty, so that an attribute named `constructor` is nothing special
 * and a missing one is undefined. Unlike `Object.create(null)`, such objects stay fast.
 */
export type AttributeBag = Record<string, AttributeValue>;

const Bag = function Bag() {} as unknown as new () => AttributeBag;
Bag.prototype = Object.create(null);

export const emptyAttributes = (): AttributeBag => new Bag();

/** True for values that are the same, looking into arrays and objects. */
export const sameValue = (one: AttributeValue, other: AttributeValue): boolean =>
  one === other || (typeof one === 'object' && JSON.stringify(one) === JSON.stringify(other));
