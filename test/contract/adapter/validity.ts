/** Checks what an adapter returns and throws against the tables. */
import { expect } from '@jest/globals';
import type { Native } from '../../../lib/adapter/contract.ts';
import { type Failure, OcciError } from '../../../lib/errors.ts';
import { KINDS } from '../../../lib/occi/kinds/index.ts';
import { CRTP_TEMPLATES, MIXINS } from '../../../lib/occi/mixins/index.ts';
import { type AttributeDefinitions, type Kind, type Mixin, typeId } from '../../../lib/occi/types.ts';
import { checkedValue } from '../../../lib/occi/validate.ts';

/** Expects a failure of the contract and returns its message. */
export async function fails(promise: Promise<unknown>, failure: Failure): Promise<string> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(OcciError);
  expect((error as OcciError).failure).toBe(failure);
  expect((error as OcciError).message).toMatch(/^[A-Z].*\.$/s);
  return (error as OcciError).message;
}

/** Throws, naming the attribute, unless the tables of kind and mixins allow every value. */
export function expectValid(native: Native, offered: readonly Mixin[]): void {
  const kind: Kind = KINDS[native.kind];
  const mixins: readonly Mixin[] = [...Object.values(MIXINS), ...CRTP_TEMPLATES, ...offered];
  const own = native.mixins.map((id) => {
    const mixin = mixins.find((one) => typeId(one) === id);
    if (!mixin) throw new Error(`${native.kind} ${native.id} has the mixin ${id}, which is not offered`);
    return mixin;
  });
  const definitions: AttributeDefinitions = Object.assign({}, kind.attributes, ...own.map((mixin) => mixin.attributes));
  for (const [name, value] of Object.entries(native.attributes)) {
    const definition = definitions[name];
    if (!definition) throw new Error(`${native.kind} ${native.id} has the attribute ${name}, which nothing defines`);
    expect([name, checkedValue(name, value, definition)]).toEqual([name, value]);
  }
  const state = kind.life?.attribute;
  if (state !== undefined) expect(Object.keys(kind.life!.actions)).toContain(native.attributes[state]);
  for (const name of ['occi.core.id', 'occi.core.source', 'occi.core.target'])
    expect(native.attributes).not.toHaveProperty(name);
  for (const link of native.links ?? []) expectValid(link, offered);
}
