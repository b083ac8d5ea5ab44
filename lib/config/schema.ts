/** What lies inside a settings schema. It reads zod's schemas without loading zod. */
import type * as z from 'zod';

/** A schema of any version of zod 4's classic API. */
export type Schema = z.ZodType;

/** The parts of zod's definitions that are read here. */
interface Definition {
  readonly type: string;
  readonly innerType?: Schema;
  readonly in?: Schema;
  readonly defaultValue?: unknown;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly element?: Schema;
  readonly keyType?: Schema;
  readonly valueType?: Schema;
  readonly options?: readonly Schema[];
  readonly discriminator?: string;
  readonly values?: readonly unknown[];
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly format?: string;
  readonly error?: (issue: object) => unknown;
  readonly checks?: readonly { readonly _zod: { readonly def: Check } }[];
}

/** A check of a value, such as `min` or `regex`. */
export interface Check {
  readonly check: string;
  readonly value?: number;
  readonly inclusive?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly format?: string;
  readonly error?: (issue: object) => unknown;
}

export const definitionOf = (schema: Schema): Definition => schema._zod.def as unknown as Definition;

/** Wrappers that change what is optional or what is made of a value, not what may be written. */
const WRAPPERS = ['optional', 'nullable', 'default', 'prefault', 'readonly', 'nonoptional', 'catch'];

/** The schema inside each wrapper, from the outermost to the one that says what may be written. */
export function layersOf(schema: Schema): readonly Schema[] {
  const { type, innerType, in: written } = definitionOf(schema);
  const inside = WRAPPERS.includes(type) ? innerType : type === 'pipe' ? written : undefined;
  return inside === undefined ? [schema] : [schema, ...layersOf(inside)];
}

/** The schema that says what may be written. */
export const innermost = (schema: Schema): Schema => layersOf(schema).at(-1)!;

/** The description of a schema, whichever layer has it. */
export const describedAs = (schema: Schema): string | undefined =>
  layersOf(schema).find(({ description }) => description !== undefined)?.description;

/** The schemas that may stand under `name` in a value; `value` decides between the options of a union. */
function below(schema: Schema, name: PropertyKey, value: unknown): readonly Schema[] {
  const { type, shape, element, valueType, options = [], discriminator } = definitionOf(innermost(schema));
  const field = shape?.[String(name)];
  if (field !== undefined) return [field];
  if (type === 'array' && element) return [element];
  if (type === 'record' && valueType) return [valueType];
  if (type !== 'union') return [];
  const chosen = (value as Readonly<Record<string, unknown>> | undefined | null)?.[discriminator ?? ''];
  const fitting = options.filter((one) => {
    const tag = discriminator === undefined ? undefined : definitionOf(one).shape?.[discriminator];
    return tag !== undefined && definitionOf(tag).values?.includes(chosen);
  });
  return (fitting.length > 0 ? fitting : options).flatMap((one) => below(one, name, value));
}

/** The description of the field at `path`, or of the nearest field around it that has one. */
export function descriptionAt(schema: Schema, path: readonly PropertyKey[], input: unknown): string | undefined {
  let schemas: readonly Schema[] = [schema];
  let value = input;
  let found: string | undefined;
  for (const name of path) {
    schemas = schemas.flatMap((one) => below(one, name, value));
    value = (value as Readonly<Record<PropertyKey, unknown>> | undefined | null)?.[name];
    found = schemas.map(describedAs).find((one) => one !== undefined) ?? found;
  }
  return found;
}
