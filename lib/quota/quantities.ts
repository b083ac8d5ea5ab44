/** What is counted of a tenant in all: in which kind of entity, and how much of it an entity has. */
import type { KindTerm } from '../occi/kinds/index.ts';
import type { Attributes } from '../occi/types.ts';

interface Definition {
  readonly kind: KindTerm;
  /** The attribute that says how much; absent where entities are counted. */
  readonly attribute?: string;
  readonly one: string;
  readonly many: string;
}

export const QUANTITIES = {
  compute: { kind: 'compute', one: 'compute', many: 'computes' },
  cores: { kind: 'compute', attribute: 'occi.compute.cores', one: 'core', many: 'cores' },
  memory: { kind: 'compute', attribute: 'occi.compute.memory', one: 'GiB of memory', many: 'GiB of memory' },
  storage: { kind: 'storage', attribute: 'occi.storage.size', one: 'GiB of storage', many: 'GiB of storage' },
  addresses: { kind: 'ipreservation', one: 'reserved address', many: 'reserved addresses' },
} as const satisfies Record<string, Definition>;

export type Quantity = keyof typeof QUANTITIES;
export const QUANTITY_NAMES = Object.keys(QUANTITIES) as readonly Quantity[];

/** The kinds of which something is counted. */
export type CountedKind = (typeof QUANTITIES)[Quantity]['kind'];

export type Amounts = { readonly [Q in Quantity]?: number };

const quantitiesOf = (kind: KindTerm): readonly Quantity[] =>
  QUANTITY_NAMES.filter((name) => QUANTITIES[name].kind === kind);

const definitionOf = (name: Quantity): Definition => QUANTITIES[name];

/** True for an attribute that a quantity is made of. */
export const isCounted = (attribute: string): boolean =>
  QUANTITY_NAMES.some((name) => definitionOf(name).attribute === attribute);

/** Sums of sizes such as 0.1 GiB are rounded, so that a quota that is used to the last is not exceeded by an error. */
export const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;

/** What an entity with these attributes has. An attribute that the cloud does not tell counts as nothing. */
export function amountsOf(kind: KindTerm, attributes: Attributes): Amounts {
  const amounts: { [Q in Quantity]?: number } = {};
  for (const name of quantitiesOf(kind)) {
    const { attribute } = definitionOf(name);
    const value = attribute === undefined ? 1 : attributes[attribute];
    amounts[name] = typeof value === 'number' ? value : 0;
  }
  return amounts;
}

export function sumOf(all: Iterable<Amounts>): Amounts {
  const sum: { [Q in Quantity]?: number } = {};
  for (const one of all) {
    for (const name of Object.keys(one) as Quantity[]) sum[name] = rounded((sum[name] ?? 0) + one[name]!);
  }
  return sum;
}

/** How much more `after` has than `before`, where it has more; undefined where it has nowhere more. */
export function growth(before: Amounts, after: Amounts): Amounts | undefined {
  const names = (Object.keys(after) as Quantity[]).filter((name) => after[name]! > (before[name] ?? 0));
  if (names.length === 0) return undefined;
  return Object.fromEntries(names.map((name) => [name, rounded(after[name]! - (before[name] ?? 0))]));
}

/** `4 cores`. */
export const said = (name: Quantity, amount: number): string =>
  `${amount} ${amount === 1 ? QUANTITIES[name].one : QUANTITIES[name].many}`;
