/** The entity that holds an inline link: the link starts there, whatever else it says. */

import { OcciError } from '../../errors.ts';
import { bareId } from '../../mapping/identity.ts';
import type { Mapping } from '../../mapping/rows.ts';
import type { KindTerm } from '../../occi/kinds/index.ts';
import type { ParsedLink } from '../../renderings/rendering.ts';
import type { Backend } from '../backend.ts';
import { isWayTo, referred } from '../locate.ts';
import { bare, checkKinds, type Pending } from './ends.ts';
import { saidOf } from './stated-ends.ts';

/** The entity that holds a link: one that is there, or one to be made, which may have an id that the client gives it. */
export interface Holder {
  readonly kind: KindTerm;
  readonly mapping?: Pick<Mapping, 'uuid'>;
  readonly location?: string;
  readonly proposedId?: string | undefined;
}

/** True for a reference to the holder, as far as anyone can know what an entity to be made is called. */
async function isHolder(reference: string, holder: Holder, backend: Backend, pending: Pending): Promise<boolean> {
  if (holder.proposedId !== undefined && bare(reference) === bareId(holder.proposedId)) return true;
  if (holder.location !== undefined && isWayTo(holder.location, reference, backend)) return true;
  const mapping = await referred(reference, [holder.kind], backend);
  return holder.mapping
    ? mapping?.uuid === holder.mapping.uuid
    : mapping === undefined && !pending.has(bare(reference));
}

/**
 * Throws `invalid` for an inline link that says that it starts from another entity than the one that holds it. What names
 * nothing here is a name that the client has given to an entity which is to be made.
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
