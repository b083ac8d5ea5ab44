/** What the kinds share during a request: calls into the caller's account, and the ownership of resources there. */
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
  /** The deadline of the request, in milliseconds since the epoch. */
  readonly deadline?: number;
  /** Recent creates of this process, by their token. */
  readonly tokens: Tokens;
  /** Sizes of instance types that this process knows. */
  readonly types: InstanceTypes;
}

/** The tags of every resource that this adapter creates. */
export const TAG = { token: 'occi:token', tenant: 'occi:tenant', title: 'Name', mixins: 'occi:mixins' } as const;

/** The value of a tag. */
export const tagOf = (tags: readonly Tag[], key: string): string | undefined =>
  tags.find((tag) => tag.Key === key)?.Value;

/**
 * True for resources of the caller's tenant and, in an account with one tenant, for everything without a tenant tag.
 */
export const isOwn = ({ account }: Cloud, tags: readonly Tag[]): boolean => {
  const tenant = tagOf(tags, TAG.tenant);
  return tenant === undefined ? !account.fenced : tenant === account.tenant;
};

/** Filters a listing to the tenant's resources. Empty in an account that is not shared: check with `isOwn` as well. */
export const fence = ({ account }: Cloud): Filter[] =>
  account.fenced ? [{ Name: `tag:${TAG.tenant}`, Values: [account.tenant] }] : [];

/** Filters for the resource of the create with this token. */
export const tokenFilters = ({ account }: Cloud, token: string): Filter[] => [
  { Name: `tag:${TAG.token}`, Values: [token] },
  { Name: `tag:${TAG.tenant}`, Values: [account.tenant] },
];

/** Tags of a new resource: its tenant, the token of the create, and the title if it has one. */
export function tagsFor({ account }: Cloud, token: string, { attributes }: Pick<Draft, 'attributes'>): Tag[] {
  const title = attributes['occi.core.title'];
  return [
    { Key: TAG.token, Value: token },
    { Key: TAG.tenant, Value: account.tenant },
    ...(typeof title === 'string' ? [{ Key: TAG.title, Value: title }] : []),
  ];
}

/** The title from the `Name` tag, flattened to one line because users can write the tag in EC2. */
export function titleOf(tags: readonly Tag[]): { readonly 'occi.core.title'?: string } {
  const title = tagOf(tags, TAG.title);
  return title === undefined ? {} : { 'occi.core.title': title.replace(/(?!\t)\p{Cc}+/gu, ' ') };
}

/** Maximum length of a tag value (EC2 User Guide, Tag restrictions). */
const MAX_TAG_CHARS = 256;

/** `cannotHoldValue` of the kinds whose title is the `Name` tag. */
export const cannotTitle: NonNullable<KindAdapter['cannotHoldValue']> = (name, value) =>
  name === 'occi.core.title' && (typeof value !== 'string' || value.length > MAX_TAG_CHARS);

/** `ClientToken` of a native create: the token itself if EC2 accepts it (up to 64 ASCII characters). */
export const clientToken = (token: string): string =>
  /^[\x21-\x7e]{1,64}$/.test(token) ? token : createHash('sha256').update(token).digest('hex');

/** A name derived from a token, for resources with unique names: EC2 refuses a second create as a duplicate. */
export const nameFor = ({ account }: Cloud, token: string): string =>
  `occi-${createHash('sha256').update(`${account.tenant}\n${token}`).digest('hex').slice(0, 32)}`;

/** The scope of what a process remembers: the tenant and the kind. */
export const memoryOf = ({ account }: Cloud, kind: KindTerm): string =>
  `${kind} ${account.role?.arn ?? ''} ${account.tenant}`;

/** The error for an entity that does not exist, is deleted, or belongs to another tenant: the same message for all. */
export const noSuch = (kind: KindTerm, unseen = false): OcciError =>
  new OcciError('notFound', `There is no such ${kind}.`, { unseen });

/**
 * `noSuch` for a resource that a read by id did not find, or that is not the caller's. `unseen` marks that it may exist
 * all the same: EC2 is eventually consistent and may hide a new resource, or show it before its tags.
 */
export const notSeen = ({ account }: Cloud, kind: KindTerm, found: { readonly Tags: readonly Tag[] } | undefined) =>
  noSuch(kind, !found || (account.fenced && tagOf(found.Tags, TAG.tenant) === undefined));

/** Throws `forbidden` for a resource that the provider published. */
export function mustBeOwn(native: Native): void {
  if (native.published)
    throw new OcciError('forbidden', `The ${native.kind} belongs to the provider and cannot be changed.`);
}
