import { CORE_KINDS, KINDS } from '../occi/kinds/index.ts';
import { CRTP_TEMPLATES, MIXINS } from '../occi/mixins/index.ts';
import type { AttributeType, Kind, Mixin } from '../occi/types.ts';

/** An attribute of the tables. Its name is the one string object that engines compare fastest. */
export interface TabledAttribute {
  readonly name: string;
  readonly type: AttributeType;
}

const tables: readonly (Kind | Mixin)[] = [
  ...Object.values(CORE_KINDS),
  ...Object.values(KINDS),
  ...Object.values(MIXINS),
  ...CRTP_TEMPLATES,
];

/** Every attribute that the tables define, by name; others only a cloud or a user knows. */
export const TABLED: ReadonlyMap<string, TabledAttribute> = new Map(
  tables.flatMap((table) =>
    Object.entries(table.attributes ?? {}).map(([name, { type }]) => [name, { name, type }] as const),
  ),
);

/** The type that the tables give an attribute. */
export const attributeType = (name: string): AttributeType | undefined => TABLED.get(name)?.type;
