/** A token of ours, as its row in the table has it; the text of the token itself is nowhere. */
import type { SchemeName } from '../../config/auth/names.ts';
import { OcciError } from '../../errors.ts';
import type { Row } from '../../table/table.ts';
import type { Grant, Principal, Scope } from '../principal.ts';

/** Whose a token is: a caller whom another scheme has proved. */
export interface TokenOwner {
  readonly name: string;
  /** The scheme that proved the owner; never `token`. */
  readonly scheme: SchemeName;
  /** Where the owner came with a token itself, the new one permits no more. */
  readonly scope?: Scope | undefined;
}

export interface Token {
  readonly id: string;
  readonly name: string;
  readonly scheme: SchemeName;
  readonly grants: Principal['grants'];
  readonly scope?: Scope;
  readonly label?: string;
  /** Made by a login, not by request of its owner. */
  readonly isLogin: boolean;
  /** Id of the token that it was made of by exchanges, the first of them: it ends with that one. */
  readonly root?: string;
  /** Seconds since the epoch. */
  readonly created: number;
  readonly expires: number;
}

/** What a token is to be. */
export interface NewToken {
  readonly grants: readonly [Grant, ...Grant[]];
  /** Its life. */
  readonly seconds: number;
  /** When it ends at the latest, in seconds since the epoch. */
  readonly until?: number | undefined;
  readonly scope?: Scope | undefined;
  readonly label?: string | undefined;
  /** Made by a login: there may be more of these, and the newest displace the oldest. */
  readonly isLogin?: boolean;
  /** The token that it is given in exchange for. */
  readonly root?: string | undefined;
}

/** The token in a row. */
export const tokenIn = ({ id, name, scheme, grants, scope, label, isLogin, root, created, expires }: Row): Token =>
  ({
    id,
    name,
    scheme,
    grants,
    isLogin,
    created,
    expires,
    ...(scope !== undefined && { scope }),
    ...(label !== undefined && { label }),
    ...(root !== undefined && { root }),
  }) as Token;

/** The caller with a token. */
export const principalWith = ({ name, grants, scope }: Token): Principal => ({
  name,
  scheme: 'token',
  grants,
  ...(scope !== undefined && { scope }),
});

/** What two scopes both permit. Throws `forbidden` if they have no kind in common. */
export function narrowed(own: Scope | undefined, asked: Scope | undefined): Scope | undefined {
  if (!own || !asked) return own ?? asked;
  const kinds = own.kinds && asked.kinds ? own.kinds.filter((kind) => asked.kinds!.includes(kind)) : undefined;
  if (kinds?.length === 0) {
    throw new OcciError('forbidden', `Your token is for these kinds only: ${own.kinds!.join(', ')}.`);
  }
  const both = kinds ?? own.kinds ?? asked.kinds;
  return { readOnly: (own.readOnly ?? false) || (asked.readOnly ?? false), ...(both && { kinds: both }) };
}
