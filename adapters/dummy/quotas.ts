/** Quotas: limits per tenant. A kind without a quota costs no read. */
import { OcciError } from '../../lib/errors.ts';
import type { ResourceTerm } from '../../lib/occi/kinds/index.ts';
import type { Attributes } from '../../lib/occi/types.ts';
import { allRows, type Cloud, type Content, prefixOf } from './cloud.ts';
import type { DummySettings } from './config.ts';

interface Quota {
  readonly kind: ResourceTerm;
  readonly called: string;
  /** How much of the quota an entity with these attributes uses. */
  readonly amount: (attributes: Attributes) => number;
}

const one = () => 1;
const number = (name: string) => (attributes: Attributes) => Number(attributes[name] ?? 0);

const QUOTAS = {
  compute: { kind: 'compute', called: 'computes', amount: one },
  cores: { kind: 'compute', called: 'cores', amount: number('occi.compute.cores') },
  memory: { kind: 'compute', called: 'GiB of memory', amount: number('occi.compute.memory') },
  storage: { kind: 'storage', called: 'storages', amount: one },
  size: { kind: 'storage', called: 'GiB of storage', amount: number('occi.storage.size') },
  network: { kind: 'network', called: 'networks', amount: one },
  ipreservation: { kind: 'ipreservation', called: 'reserved addresses', amount: one },
} as const satisfies Record<keyof DummySettings['quota'], Quota>;

const quotasOf = (kind: ResourceTerm) =>
  (Object.keys(QUOTAS) as (keyof typeof QUOTAS)[])
    .map((name): readonly [typeof name, Quota] => [name, QUOTAS[name]])
    .filter(([, quota]) => quota.kind === kind);

/** The quotas that an entity of a kind counts towards. */
const QUOTAS_OF = {
  compute: quotasOf('compute'),
  storage: quotasOf('storage'),
  network: quotasOf('network'),
  securitygroup: quotasOf('securitygroup'),
  ipreservation: quotasOf('ipreservation'),
} as const satisfies Record<ResourceTerm, unknown>;

/**
 * Throws `conflict`, naming the quota and its limit, if an entity with the attributes `after` would exceed a quota.
 * `before` holds the current attributes of an entity that exists already.
 */
export async function requireQuota(
  cloud: Cloud,
  kind: ResourceTerm,
  after: Attributes,
  before?: Attributes,
): Promise<void> {
  const limited = QUOTAS_OF[kind].filter(([name]) => cloud.settings.quota[name] !== undefined);
  const grown = limited.flatMap(([name, quota]) => {
    const more = quota.amount(after) - (before ? quota.amount(before) : 0);
    return more > 0 ? [{ name, limit: cloud.settings.quota[name]!, more, ...quota }] : [];
  });
  if (grown.length === 0) return;
  const rows = (await allRows(cloud, cloud.pk, prefixOf(kind))) as unknown as readonly Content[];
  for (const { name, limit, more, called, amount } of grown) {
    const used = rows.reduce((sum, { attributes }) => sum + amount(attributes), 0);
    if (used + more <= limit) continue;
    const message = `The quota ${name} is ${limit} ${called}: ${used} are in use, so ${more} more are too many.`;
    throw new OcciError('conflict', message);
  }
}
