/** Index from a link's create token to the compute whose row holds the link: a repeated token creates it only once. */
import type { NativeId } from '../../../lib/adapter/contract.ts';
import type { LinkTerm } from '../../../lib/occi/kinds/index.ts';
import type { Row } from '../../../lib/table/table.ts';
import type { Cloud } from '../cloud.ts';

/** A create can be retried within this time. */
const TOKEN_SECONDS = 24 * 60 * 60;

interface TokenRow extends Row {
  readonly id: NativeId;
}

const key = (cloud: Cloud, kind: LinkTerm, token: string) => ({ pk: cloud.pk, sk: `token#${kind}#${token}` });

/**
 * The compute that gets the link with this token: `proposed`, or that of an earlier attempt, which may have failed
 * before it made the link. Written before the link, so that a crash never leaves a link without its token.
 */
export async function computeUnderToken(cloud: Cloud, kind: LinkTerm, token: string, proposed: NativeId) {
  const { pk, sk } = key(cloud, kind, token);
  const row = { pk, sk, id: proposed, expires: Math.ceil(cloud.now() / 1000) + TOKEN_SECONDS };
  if (await cloud.table.put(row, 'absent')) return { compute: proposed, first: true };
  const earlier = (await cloud.table.get(row)) as TokenRow | undefined;
  return { compute: earlier?.id ?? proposed, first: false };
}

/** The compute recorded for a link's create token, if there was such a create. */
export async function findComputeUnderToken(
  cloud: Cloud,
  kind: LinkTerm,
  token: string,
): Promise<NativeId | undefined> {
  const row = (await cloud.table.get(key(cloud, kind, token))) as TokenRow | undefined;
  return row?.id;
}
