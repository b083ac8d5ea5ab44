/**
 * The ends of links: what a client wrote there, resolved and checked against the link kind's table.
 */

import type { NativeEnd } from '../adapter.ts';
import { OcciError } from '../errors.ts';
import { bareId } from '../mapping/identity.ts';
import { KINDS, type KindTerm, LINK_KINDS, type LinkTerm } from '../occi/kinds/index.ts';
import { kindTermOf } from '../occi/model.ts';
import { referred } from './locate.ts';
import type { Backend } from './operation.ts';

/** Entities of the same request that are not made yet, by the id that the client gave them. */
export type Pending = ReadonlyMap<string, { readonly kind: KindTerm; native?: string }>;

/** An end that may lie in the same request; `id` is filled in once it has been made. */
export type DraftEnd = NativeEnd | { readonly kind: KindTerm; readonly pending: string };

const possible = (ids: readonly string[]): KindTerm[] => ids.flatMap((id) => kindTermOf(id) ?? []);

/** What a reference names in the same request: the last part of a path, or an id. */
const bare = (reference: string): string => bareId(reference.replace(/^.*\//, ''));

/** Throws `invalid` when the end is not there or of a kind that the link cannot have there. */
export async function linkEnd(
  link: LinkTerm,
  side: 'source' | 'target',
  reference: unknown,
  backend: Backend,
  pending: Pending = new Map(),
): Promise<DraftEnd> {
  if (typeof reference !== 'string' || reference.trim() === '') {
    throw new OcciError('invalid', `A ${link} needs occi.core.${side}, the location of an entity.`);
  }
  const kinds = possible(KINDS[link][side]);
  const mapping = await referred(reference.trim(), kinds, backend);
  const awaited = mapping ? undefined : pending.get(bare(reference));
  const kind = mapping?.kind ?? awaited?.kind;
  if (!kind) throw new OcciError('invalid', `The ${side} ${reference.slice(0, 200)} of the ${link} does not exist.`);
  if (!kinds.includes(kind)) {
    throw new OcciError('invalid', `The ${side} of a ${link} must be a ${kinds.join(' or ')}, not a ${kind}.`);
  }
  return mapping ? { kind, id: mapping.native } : { kind, pending: bare(reference) };
}

/** The link kind that leads to a kind, for clients that name only where a link goes. */
export function linkKindTo(targetKinds: readonly string[]): LinkTerm | undefined {
  const terms = Object.keys(LINK_KINDS) as LinkTerm[];
  return terms.find((term) => targetKinds.some((id) => (LINK_KINDS[term].target as readonly string[]).includes(id)));
}
