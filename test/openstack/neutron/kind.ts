import type { TokenOwner } from '../service.ts';
import type { Row } from './rows.ts';
import type { Check } from './values.ts';

export type Values = Readonly<Record<string, unknown>>;

/** What a request may say of an attribute. */
export interface Attribute {
  readonly check: Check;
  /** `post` at creation only, `put` later too, `none` never. */
  readonly settable: 'none' | 'post' | 'put';
  /** Refused when a creation leaves it out. */
  readonly isRequired?: boolean;
  /** Named in refusals by policy; with `isAllowed`, who may say it. */
  readonly isPoliced?: boolean;
  /** `create_port:fixed_ips:ip_address` and the like, inside the attribute. */
  readonly parts?: (value: unknown) => readonly string[];
}

/** How a query may filter by a field. */
export type Filter<R> = 'text' | 'boolean' | ((row: R, values: readonly string[]) => boolean);

export interface Viewer {
  readonly isAdmin: boolean;
  readonly projectId: string;
  /** The answer to a creation; some fields are only in it, or not in it. */
  readonly isCreation: boolean;
}

/** A kind of resource: all that the one piece of code that answers requests has to know. */
export interface Kind<R extends Row> {
  /** `security_group`: in bodies and policies. */
  readonly one: string;
  readonly many: string;
  /** `SecurityGroup` in `SecurityGroupNotFound`. */
  readonly type: string;
  /** What is said of an id that is not there. */
  missing(id: string): string;
  readonly rows: ReadonlyMap<string, R>;
  /** Fields of its view, in order; undefined for one that the viewer does not get. */
  readonly fields: Readonly<Record<string, (row: R, viewer: Viewer) => unknown>>;
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly filters: Readonly<Record<string, Filter<R>>>;
  readonly quota?: string;
  /** True if what somebody may not see is refused without its type. */
  readonly isHiddenPlainly?: boolean;
  /** Besides administrators, whom this must not ask. */
  isVisible(row: R, owner: TokenOwner): boolean;
  mayChange(row: R, owner: TokenOwner, how: 'update' | 'delete'): boolean;
  /** Whether the policies let somebody create this; also for administrators. Throws for parents that are not there. */
  mayCreate(values: Values, owner: TokenOwner): boolean;
  /** Whether this value may be said by somebody who is no administrator. */
  maySay?(attribute: string, values: Values, owner: TokenOwner, row: R | undefined): boolean;
  create(values: Values, projectId: string): R;
  /** For a whole list, where rules hold among its members. */
  createAll?(all: readonly Values[], projectId: string): R[];
  update?(row: R, values: Values): void;
  remove(row: R): void;
}

/** Fields that nearly all kinds have at the end. */
export const isOwn = (row: Row, owner: TokenOwner): boolean => row.projectId === owner.projectId;
