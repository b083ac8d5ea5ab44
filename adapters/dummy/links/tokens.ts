/** Index rows from the token of a link's create to the compute in whose row it stands: the same token twice makes one. */
import type { NativeId } from '../../../lib/adapter/contract.ts';
import type { LinkTerm } from '../../../lib/occi/kinds/index.ts';
import type { Row } from '../../../lib/table/table.ts';
import type { Cloud } from '../cloud.ts';

/** A create is not repeated later than that, in seconds. */
const TOKEN_SECONDS = 24 * 60 * 60;

interface TokenRow extends Row {
  readonly id: NativeId;
}

const key = (cloud: Cloud, kind: LinkTerm, token: string) => ({ pk: cloud.pk, sk: `token#${kind}#${token}` });

/**
 * The compute at which a create of a link under this token makes it: `proposed`, or that of an earlier try, which may
 * have ended before it made anything. Written before the link, so that no crash leaves a link without its token.
 */
export async function computeUnderToken(cloud: Cloud, kind: LinkTerm, token: string, proposed: NativeId) {
  const { pk, sk } = key(cloud, kind, token);
  const row = { pk, sk, id: proposed, expires: Math.ceil(cloud.now() / 1000) + TOKEN_SECONDS };
  if (await cloud.table.put(row, 'absent')) return { compute: proposed, first: true };
  const earlier = (await cloud.table.get(row)) as TokenRow | undefined;
  return { compute: earlier?.id ?? proposed, first: false };
}

/** The compute at which a link was to be made under a token, if there was a create with it. */
export async function findComputeUnderToken(
  cloud: Cloud,
  kind: LinkTerm,
  token: string,
): Promise<NativeId | undefined> {
  const row = (await cloud.table.get(key(cloud, kind, token))) as TokenRow | undefined;
  return row?.id;
}
