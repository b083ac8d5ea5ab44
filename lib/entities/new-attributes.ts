/** The attributes of a new entity: checked, and completed with the values of templates. */
import { OcciError } from '../errors.ts';
import { isLinkTerm, KINDS, type KindTerm } from '../occi/kinds/index.ts';
import type { AttributeDefinitions, Attributes, AttributeValue, Kind, Mixin } from '../occi/types.ts';
import { checkedAttributes, checkRequired } from '../occi/validate.ts';
import { definitionsOf } from './categories/sorted.ts';
import { checkAgainstNamed, withTemplates } from './categories/templates.ts';

/** Attributes that identify an entity and do not describe it. */
const ID = ['occi.core.id'];
const WHERE = [...ID, 'occi.core.source', 'occi.core.target', 'occi.core.source.kind', 'occi.core.target.kind'];

/** The values without those that only the server sets. Clients send ids of their own, which must not fail. */
function without(names: readonly string[], values: Attributes): Attributes {
  const kept: Record<string, AttributeValue> = {};
  for (const name of Object.keys(values)) if (!names.includes(name)) kept[name] = values[name]!;
  return kept;
}

/** True for the initial state of a new entity, which many clients send. */
const isInitialState = (name: string, value: AttributeValue, { life }: Kind): boolean =>
  name === life?.attribute && value === life.initial;

/** Throws `forbidden` for an attribute that only the server sets (CORE-26); a template's own value may be repeated. */
function checkSettable(values: Attributes, definitions: AttributeDefinitions, kind: KindTerm): void {
  for (const name of Object.keys(values)) {
    if (isInitialState(name, values[name]!, KINDS[kind])) continue;
    const definition = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
    if (definition && !definition.mutable && !definition.settableAtCreation && definition.default === undefined) {
      throw new OcciError('forbidden', `The attribute ${name} of ${kind} is immutable: only the server sets it.`);
    }
  }
}

const stateOf = (kind: KindTerm): readonly string[] => {
  const { life }: Kind = KINDS[kind];
  return life ? [life.attribute] : [];
};

/**
 * Attributes of a new entity. Throws `invalid` for one that is not defined, missing or at odds with a template, `forbidden`
 * for one that only the server sets.
 */
export function attributesOf(values: Attributes, kind: KindTerm, mixins: readonly Mixin[]): Attributes {
  const definitions = definitionsOf(kind, mixins);
  const sent = without(isLinkTerm(kind) ? WHERE : ID, values);
  const checked = checkedAttributes(sent, definitions, `${kind} or its mixins`);
  checkAgainstNamed(checked, mixins);
  checkSettable(checked, definitions, kind);
  const all = withTemplates(without(stateOf(kind), checked), mixins);
  checkRequired(all, definitions, kind);
  return all;
}
