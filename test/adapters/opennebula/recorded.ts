/** The content of recorded answers, and a check of it against the tables. */
import { expect } from '@jest/globals';
import { readAnswer } from '../../../adapters/opennebula/api/answer.ts';
import { readDocument } from '../../../adapters/opennebula/api/document.ts';
import type { Shape } from '../../../adapters/opennebula/api/shape.ts';
import { OneRefusal, tupleResult } from '../../../adapters/opennebula/api/xml-rpc.ts';
import type { Cloud } from '../../../adapters/opennebula/cloud.ts';
import { settings } from '../../../adapters/opennebula/config.ts';
import type { Native } from '../../../lib/adapter/contract.ts';
import { KINDS } from '../../../lib/occi/kinds/index.ts';
import { MIXINS } from '../../../lib/occi/mixins/index.ts';
import { type AttributeDefinitions, type Mixin, typeId } from '../../../lib/occi/types.ts';
import { checkedValue } from '../../../lib/occi/validate.ts';
import { bytesOf } from './recordings.ts';

/** What a recorded answer holds, by the shape of its kind; undefined for a refusal. */
export function recorded<T>(name: string, shape: Shape<T>): T | undefined {
  const value = tupleResult(readAnswer(bytesOf(name)));
  return value instanceof OneRefusal ? undefined : shape.parse(readDocument(value as string));
}

/** A document that is made up. */
export const read = <T>(document: string, shape: Shape<T>): T => shape.parse(readDocument(document));

/** A caller who makes no calls: alice. */
export const silent = (configured: Readonly<Record<string, unknown>> = {}): Cloud =>
  ({
    settings: settings.parse({ endpoint: 'http://127.0.0.1:1/RPC2', ...configured }),
    verdict: async () => ({ uid: 2, gid: 1, groups: [1], name: 'alice' }),
  }) as unknown as Cloud;

/** Expects every attribute to be one that kind and mixins define, with a value that they allow. */
export function expectAllowed({ kind, mixins, attributes }: Native): void {
  const own = Object.values<Mixin>(MIXINS).filter((mixin) => mixins.includes(typeId(mixin)));
  const definitions: AttributeDefinitions = Object.assign(
    {},
    KINDS[kind].attributes,
    ...own.map((mixin) => mixin.attributes),
  );
  for (const [name, value] of Object.entries(attributes)) {
    expect([name, definitions[name] !== undefined]).toEqual([name, true]);
    expect([name, checkedValue(name, value, definitions[name]!)]).toEqual([name, value]);
  }
}
