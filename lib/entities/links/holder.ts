/** The entity that holds an inline link, and is therefore its source. */

import { OcciError } from '../../errors.ts';
import { bareId } from '../../mapping/identity.ts';
import type { Mapping } from '../../mapping/rows.ts';
import type { KindTerm } from '../../occi/kinds/index.ts';
import type { ParsedLink } from '../../renderings/rendering.ts';
import type { Backend } from '../backend.ts';
import { isWayTo, referred } from '../locate.ts';
import { bare, checkKinds, type Pending } from './ends.ts';
import { saidOf } from './stated-ends.ts';

/** The entity that holds a link: an existing one, or a new one, which may have an id given by the client. */
export interface Holder {
  readonly kind: KindTerm;
  readonly mapping?: Pick<Mapping, 'uuid'>;
  readonly location?: string;
  readonly proposedId?: string | undefined;
}

/**
 * True for a reference to the holder. For a new holder an unknown reference counts too: the client may have its own
 * name for it.
 */
async function isHolder(reference: string, holder: Holder, backend: Backend, pending: Pending): Promise<boolean> {
  if (holder.proposedId !== undefined && bare(reference) === bareId(holder.proposedId)) return true;
  if (holder.location !== undefined && isWayTo(holder.location, reference, backend)) return true;
  const mapping = await referred(reference, [holder.kind], backend);
  return holder.mapping
    ? mapping?.uuid === holder.mapping.uuid
    : mapping === undefined && !pending.has(bare(reference));
}

/**
 * Throws `invalid` for an inline link whose stated source is another entity than its holder. A reference to no known
 * entity is taken as the client's own name for a new entity.
 */
export async function checkSource(
  link: ParsedLink,
  holder: Holder,
  backend: Backend,
  pending: Pending = new Map(),
): Promise<void> {
  const said = saidOf(link, 'source');
  for (const reference of said.references) {
    if (typeof reference === 'string' && (await isHolder(reference.trim(), holder, backend, pending))) continue;
    throw new OcciError(
      'invalid',
      `The source ${String(reference).slice(0, 200)} of a Link is not the ${holder.kind} that holds it.`,
    );
  }
  checkKinds(holder.kind, said, 'The source of a Link');
}
