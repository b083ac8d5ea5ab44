/** Index rows from the token of a create to what it made: the same token twice makes one. */
import type { NativeId } from '../../lib/adapter.ts';
import type { KindTerm } from '../../lib/occi/kinds/index.ts';
import type { Row } from '../../lib/table/table.ts';
import type { Cloud } from './cloud.ts';

/** A create is not repeated later than that, in seconds. */
const TOKEN_SECONDS = 24 * 60 * 60;

interface TokenRow extends Row {
  readonly id: NativeId;
}

const key = (cloud: Cloud, kind: KindTerm, token: string) => ({ pk: cloud.pk, sk: `token#${kind}#${token}` });

/**
 * The id that a create under this token makes: `proposed`, or that of an earlier try, which may have ended before it
 * made anything. Written before the entity, so that no crash leaves an entity without its token.
 */
export async function idUnderToken(cloud: Cloud, kind: KindTerm, token: string, proposed: NativeId) {
  const { pk, sk } = key(cloud, kind, token);
  const row = { pk, sk, id: proposed, expires: Math.ceil(cloud.now() / 1000) + TOKEN_SECONDS };
  if (await cloud.table.put(row, 'absent')) return { id: proposed, first: true };
  const earlier = (await cloud.table.get(row)) as TokenRow | undefined;
  return { id: earlier?.id ?? proposed, first: false };
}

/** The id under a token, if there was a create with it. */
export async function findToken(cloud: Cloud, kind: KindTerm, token: string): Promise<NativeId | undefined> {
  const row = (await cloud.table.get(key(cloud, kind, token))) as TokenRow | undefined;
  return row?.id;
}
