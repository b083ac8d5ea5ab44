/**
 * The only place that creates partition keys: `<adapter>/<site>/<what>` and the owner. So several endpoints can share
 * one table, and no name given by a cloud or a directory can produce the key of another owner.
 */
import { OcciError } from '../errors.ts';
import { prefixFits } from './limits.ts';
import type { Table } from './table.ts';

declare const made: unique symbol;

/** A partition key of a site; only `partitionsOf` makes it. */
export type PartitionKey = string & { readonly [made]: true };

/** A table whose rows can only be addressed with such a key. */
export type SiteTable = Table<PartitionKey>;

/** The partitions of one site of one adapter. All throw `unauthenticated` for a tenant that cannot be part of a key. */
interface SitePartitions {
  /** A tenant's mappings, annotations, paths, mixins and records of requests. */
  tenant(tenant: string): PartitionKey;
  /** The catalogue that an audience within a tenant sees. */
  catalogue(tenant: string, audience: string): PartitionKey;
  /** How many requests a tenant has sent in this minute. */
  rate(tenant: string): PartitionKey;
  /** How many times the cloud was scanned in this minute for ids that an audience within a tenant asked for. */
  scans(tenant: string, audience?: string): PartitionKey;
  /** What a tenant has created and has in all, for its limits. */
  ledger(tenant: string): PartitionKey;
  /** The embedded cloud's data of a tenant. */
  cloud(tenant: string): PartitionKey;
  /** The embedded cloud's data for all tenants. */
  readonly shared: PartitionKey;
  /** The tenants that have changed something, for callers that see all of them. */
  readonly tenants: PartitionKey;
  /** The tokens of an owner, by an id that says nothing of the owner. */
  tokens(ownerId: string): PartitionKey;
  /** What `npm start` makes by itself where a deployment has a setting. */
  readonly local: PartitionKey;
}

/**
 * Escapes a part of a key as in a JSON Pointer (RFC 6901 §3), so that different lists of parts never give the same key.
 */
const escaped = (part: string): string =>
  part.includes('/') || part.includes('~') ? part.replaceAll('~', '~0').replaceAll('/', '~1') : part;

/** The prefix of all partition keys of a site of an adapter, for use in an IAM condition. */
export const prefixOf = (adapter: string, site: string): string => `${escaped(adapter)}/${escaped(site)}/`;

/** The partitions of a site; cheap to ask for again and again. */
export function partitionsOf(adapter: string, site: string): SitePartitions {
  const prefix = prefixOf(adapter, site);
  const partition = (what: keyof SitePartitions, ...names: readonly string[]): PartitionKey => {
    let pk = prefix + what;
    for (const name of names) {
      // Every lone surrogate is encoded as U+FFFD, so two different names would become one.
      if (name === '' || /\p{Cs}/u.test(name)) throw noName('is empty or not well-formed');
      pk += `/${escaped(name)}`;
    }
    if (!prefixFits(pk, '')) throw noName('is too long');
    return pk as PartitionKey;
  };
  return {
    tenant: (tenant) => partition('tenant', tenant),
    catalogue: (tenant, audience) => partition('catalogue', tenant, audience),
    rate: (tenant) => partition('rate', tenant),
    scans: (tenant, audience) => partition('scans', tenant, ...(audience === undefined ? [] : [audience])),
    ledger: (tenant) => partition('ledger', tenant),
    cloud: (tenant) => partition('cloud', tenant),
    shared: partition('shared'),
    tenants: partition('tenants'),
    tokens: (ownerId) => partition('tokens', ownerId),
    local: partition('local'),
  };
}

const noName = (what: string): OcciError => new OcciError('unauthenticated', `The name of the caller ${what}.`);
