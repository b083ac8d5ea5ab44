/** What the kinds share for one request: the calls into the caller's account, and whose things are whose there. */
import { createHash } from 'node:crypto';
import type { Filter } from '@aws-sdk/client-ec2';
import type { Draft, KindAdapter, Native } from '../../lib/adapter/contract.ts';
import type { Tokens } from '../../lib/adapter/tokens.ts';
import { OcciError } from '../../lib/errors.ts';
import type { KindTerm } from '../../lib/occi/kinds/index.ts';
import type { Account } from './api/accounts.ts';
import type { Ec2 } from './api/client.ts';
import type { Ec2Settings } from './config.ts';
import type { InstanceTypes } from './machine/types.ts';
import type { Tag } from './native/tags.ts';

export interface Cloud {
  readonly ec2: Ec2;
  readonly settings: Ec2Settings;
  readonly account: Account;
  /** When the request must be answered, in milliseconds since the epoch. */
  readonly deadline?: number;
  /** What this process made lately, by the token of the create. */
  readonly tokens: Tokens;
  /** Sizes of instance types that this process knows. */
  readonly types: InstanceTypes;
}

/** Names of the tags that everything made here has. */
export const TAG = { token: 'occi:token', tenant: 'occi:tenant', title: 'Name', mixins: 'occi:mixins' } as const;

/** The value of a tag. */
export const tagOf = (tags: readonly Tag[], key: string): string | undefined =>
  tags.find((tag) => tag.Key === key)?.Value;

/** True for what the caller's tenant made or, where nobody else is in the account, for everything that no other made. */
export const isOwn = ({ account }: Cloud, tags: readonly Tag[]): boolean => {
  const tenant = tagOf(tags, TAG.tenant);
  return tenant === undefined ? !account.fenced : tenant === account.tenant;
};

/** The filters of a listing that let only the tenant's through. Where the account is not shared, `isOwn` must look again. */
export const fence = ({ account }: Cloud): Filter[] =>
  account.fenced ? [{ Name: `tag:${TAG.tenant}`, Values: [account.tenant] }] : [];

/** Filters that find what a create with this token made. */
export const tokenFilters = ({ account }: Cloud, token: string): Filter[] => [
  { Name: `tag:${TAG.token}`, Values: [token] },
  { Name: `tag:${TAG.tenant}`, Values: [account.tenant] },
];

/** Tags of what is made under this token: whose it is, its token, and its title if it has one. */
export function tagsFor({ account }: Cloud, token: string, { attributes }: Pick<Draft, 'attributes'>): Tag[] {
  const title = attributes['occi.core.title'];
  return [
    { Key: TAG.token, Value: token },
    { Key: TAG.tenant, Value: account.tenant },
    ...(typeof title === 'string' ? [{ Key: TAG.title, Value: title }] : []),
  ];
}

/** The title that the `Name` tag is; one line, whoever wrote it. */
export function titleOf(tags: readonly Tag[]): { readonly 'occi.core.title'?: string } {
  const title = tagOf(tags, TAG.title);
  return title === undefined ? {} : { 'occi.core.title': title.replace(/(?!\t)\p{Cc}+/gu, ' ') };
}

/** Longest value of a tag, in characters (EC2 User Guide, Tag restrictions). */
const LONGEST = 256;

/** `cannotHoldValue` of the kinds whose title is the `Name` tag. */
export const cannotTitle: NonNullable<KindAdapter['cannotHoldValue']> = (name, value) =>
  name === 'occi.core.title' && (typeof value !== 'string' || value.length > LONGEST);

/** `ClientToken` of a native create: the token itself if EC2 takes it (up to 64 ASCII characters). */
export const clientToken = (token: string): string =>
  /^[\x21-\x7e]{1,64}$/.test(token) ? token : createHash('sha256').update(token).digest('hex');

/** A name that follows from a token, for what EC2 knows by name: made twice, it is refused as a duplicate. */
export const nameFor = ({ account }: Cloud, token: string): string =>
  `occi-${createHash('sha256').update(`${account.tenant}\n${token}`).digest('hex').slice(0, 32)}`;

/** What a process keeps of a caller is kept under this: who it is, and what kind of thing. */
export const memoryOf = ({ account }: Cloud, kind: KindTerm): string =>
  `${kind} ${account.role?.arn ?? ''} ${account.tenant}`;

/** The one sentence for what is not there, is gone, or is another's. */
export const noSuch = (kind: KindTerm, unseen = false): OcciError =>
  new OcciError('notFound', `There is no such ${kind}.`, { unseen });

/**
 * `noSuch` for what a listing by id has not brought, or has brought without being the caller's. It may be there all the
 * same, as `unseen` says: EC2 may answer without what was made a moment ago, and show it before its tags.
 */
export const notSeen = ({ account }: Cloud, kind: KindTerm, found: { readonly Tags: readonly Tag[] } | undefined) =>
  noSuch(kind, !found || (account.fenced && tagOf(found.Tags, TAG.tenant) === undefined));

/** Throws `forbidden` for what the provider published. */
export function mustBeOwn(native: Native): void {
  if (native.published)
    throw new OcciError('forbidden', `The ${native.kind} belongs to the provider and cannot be changed.`);
}
