import { CORE_KINDS, KINDS } from '../occi/kinds/index.ts';
import { CRTP_TEMPLATES, MIXINS } from '../occi/mixins/index.ts';
import type { AttributeType, Kind, Mixin } from '../occi/types.ts';

/** An attribute of the tables. Its name is always the same string object, which engines compare fastest. */
interface TabledAttribute {
  readonly name: string;
  readonly type: AttributeType;
}

const tables: readonly (Kind | Mixin)[] = [
  ...Object.values(CORE_KINDS),
  ...Object.values(KINDS),
  ...Object.values(MIXINS),
  ...CRTP_TEMPLATES,
];

/** Every attribute that the tables define, by name. Clouds and users may define others. */
export const TABLED: ReadonlyMap<string, TabledAttribute> = new Map(
  tables.flatMap((table) =>
    Object.entries(table.attributes ?? {}).map(([name, { type }]) => [name, { name, type }] as const),
  ),
);

const parameters = Object.values(KINDS).flatMap(({ actions }: Kind) =>
  Object.values(actions ?? {}).flatMap(({ attributes }) => Object.entries(attributes ?? {})),
);

/** The type of each parameter of an action, by name; a name means the same in every action. */
export const PARAMETER_TYPES: ReadonlyMap<string, AttributeType> = new Map(
  parameters.map(([name, { type }]) => [name, type]),
);

/** The type of an attribute in the tables. */
export const attributeType = (name: string): AttributeType | undefined => TABLED.get(name)?.type;
