/**
 * The OCCI core model as TypeScript types (GFD.221 §5.3–5.4): categories are data, entities are plain objects.
 * The tables in `kinds/` and `mixins/` satisfy these types; discovery, parsing, validation and rendering read them.
 */

/** Value of an attribute as it stands in JSON (GFD.226 §3.5, JSON-15). */
export type AttributeValue =
  | string
  | number
  | boolean
  | readonly AttributeValue[]
  | { readonly [name: string]: AttributeValue };

/** Attribute values by their full dotted name. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** `integer` and `number` are both JSON numbers; text writes a `number` with a decimal point (TXT-9). */
export type AttributeType = 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object';

/** What is checked in a string beyond its length. */
export type Format = 'uri' | 'ip' | 'cidr' | 'mac' | 'base64' | 'ssh-key' | 'line';

/** Definition of one attribute (GFD.221 §5.3.2, CORE-4). */
export interface AttributeDefinition {
  readonly type: AttributeType;
  /** Clients may set it; false means that only the server does (CORE-26). */
  readonly mutable: boolean;
  /** The client must send it when it creates the instance (CORE-4). */
  readonly required?: boolean;
  /** May be sent at creation although it is immutable afterwards (D-25). */
  readonly settableAtCreation?: boolean;
  /** The enumeration, where there is one. */
  readonly values?: readonly string[];
  readonly format?: Format;
  /** Bounds of a number, both included. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** Greatest length of a string, in characters. */
  readonly maxLength?: number;
  /** Members of each object in an array. */
  readonly items?: Readonly<Record<string, AttributeDefinition>>;
  readonly default?: AttributeValue;
  readonly description?: string;
}

export type AttributeDefinitions = Readonly<Record<string, AttributeDefinition>>;

/** `scheme` + `term` is the type identifier (CORE-1). */
export interface Category {
  readonly scheme: string;
  readonly term: string;
  readonly title?: string;
}

/** An action of a kind; its scheme follows from the kind (`…/infrastructure/compute/action#`). */
export interface ActionDefinition {
  readonly title: string;
  readonly attributes?: AttributeDefinitions;
}

/** The states of a kind's entities. */
export interface Life {
  readonly attribute: string;
  /** The state that a new entity is in, or on its way to. */
  readonly initial: string;
  /** For each state the actions that apply then (H11-14, INF-5). */
  readonly actions: Readonly<Record<string, readonly string[]>>;
}

/** A kind (GFD.221 §5.3.3). `location` is absent for a kind that cannot be instantiated (HTTP-4). */
export interface Kind extends Category {
  readonly title: string;
  /** Type identifier of the parent (CORE-7). */
  readonly parent?: string;
  /** Path that ends in a slash (H11-1). */
  readonly location?: string;
  readonly attributes: AttributeDefinitions;
  readonly actions?: Readonly<Record<string, ActionDefinition>>;
  readonly life?: Life;
  /** For a link kind: type identifiers of the kinds that it may point from and to. */
  readonly source?: readonly string[];
  readonly target?: readonly string[];
}

/** A mixin (GFD.221 §5.3.4). */
export interface Mixin extends Category {
  /** Type identifiers of mixins that this one depends on (CORE-10). */
  readonly depends?: readonly string[];
  /** Type identifiers of kinds that it may be attached to; absent means any (CORE-9). */
  readonly applies?: readonly string[];
  readonly location: string;
  readonly attributes?: AttributeDefinitions;
}

/** An action as a category of its own (CORE-14). */
export interface Action extends Category {
  readonly title: string;
  readonly attributes?: AttributeDefinitions;
}

type ValueOf<D extends AttributeDefinition> = D extends { values: readonly (infer V)[] }
  ? V
  : D['type'] extends 'string'
    ? string
    : D['type'] extends 'integer' | 'number'
      ? number
      : D['type'] extends 'boolean'
        ? boolean
        : AttributeValue;

/** The attributes that entities of a kind carry, each with the type that its table gives. */
export type AttributesOf<K extends Kind> = {
  readonly [N in keyof K['attributes']]?: ValueOf<K['attributes'][N]>;
};

/** The state names of a kind with a life cycle. */
export type StateOf<K extends Kind> = K extends { life: { actions: infer A } } ? keyof A & string : never;

/** The terms of a kind's actions. */
export type ActionTermOf<K extends Kind> = K extends { actions: infer A } ? keyof A & string : never;

/** The type identifier: plain concatenation (CORE-1). */
export const typeId = (category: Category): string => category.scheme + category.term;

/** Scheme of the actions of a kind or mixin: `http://…/infrastructure/compute/action#` (GFD.224 §3). */
export const actionScheme = (kind: Category): string => `${kind.scheme.replace(/#$/, '')}/${kind.term}/action#`;
