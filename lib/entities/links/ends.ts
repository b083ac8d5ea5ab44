/**
 * The ends of links: what a client wrote there, resolved and checked against the link kind's table. An end may be said
 * several times: all that is said of it must be true.
 */

import type { NativeEnd } from '../../adapter/contract.ts';
import { OcciError } from '../../errors.ts';
import { bareId } from '../../mapping/identity.ts';
import { KINDS, type KindTerm, LINK_KINDS, type LinkTerm } from '../../occi/kinds/index.ts';
import { inheritsFrom, kindTermOf } from '../../occi/model.ts';
import type { Backend } from '../backend.ts';
import { referred } from '../locate.ts';
import { nameOf, type SaidEnd, type Side } from './stated-ends.ts';

/** Entities of the same request that are not made yet, by the id that the client gave them. */
export type Pending = ReadonlyMap<string, { readonly kind: KindTerm; native?: string }>;

/** An end that may lie in the same request; `id` is filled in once it has been made. */
export type DraftEnd = NativeEnd | { readonly kind: KindTerm; readonly pending: string };

const possible = (ids: readonly string[]): KindTerm[] => ids.flatMap((id) => kindTermOf(id) ?? []);

/** What a reference names in the same request: the last part of a path, or an id. */
export const bare = (reference: string): string => bareId(reference.replace(/^.*\//, ''));

const short = (text: unknown): string => String(text).slice(0, 200);

async function resolved(reference: string, kinds: readonly KindTerm[], backend: Backend, pending: Pending) {
  const mapping = await referred(reference, kinds, backend);
  if (mapping) return { kind: mapping.kind, id: mapping.nativeId };
  const awaited = pending.get(bare(reference));
  return awaited && { kind: awaited.kind, pending: bare(reference) };
}

const isSame = (one: DraftEnd, other: DraftEnd): boolean =>
  one.kind === other.kind &&
  ('id' in one ? 'id' in other && one.id === other.id : 'pending' in other && one.pending === other.pending);

/** The texts in which an end is given, each once. Throws `invalid` without one. */
function textsOf({ references, perhaps }: SaidEnd, link: LinkTerm, side: Side): readonly string[] {
  const texts = new Set<string>();
  for (const reference of references) {
    if (typeof reference !== 'string' || reference.trim() === '') {
      throw new OcciError('invalid', `A ${link} needs ${nameOf(side)}, the location of an entity.`);
    }
    texts.add(reference.trim());
  }
  if (texts.size === 0) throw new OcciError('invalid', `A ${link} needs ${nameOf(side)}, the location of an entity.`);
  if (perhaps !== undefined) texts.add(perhaps);
  return [...texts];
}

/**
 * The entity at an end. Throws `invalid` when it is not there or of a kind that the link cannot have there, when the
 * payload gives two of them, or says that it is of another kind.
 */
export async function linkEnd(
  link: LinkTerm,
  side: Side,
  said: SaidEnd,
  backend: Backend,
  pending: Pending = new Map(),
): Promise<DraftEnd> {
  const possibleKinds = possible(KINDS[link][side]);
  const [first, ...others] = textsOf(said, link, side) as [string, ...string[]];
  const end = await resolved(first, possibleKinds, backend, pending);
  if (!end) throw new OcciError('invalid', `The ${side} ${short(first)} of the ${link} does not exist.`);
  for (const other of others) {
    const same = await resolved(other, possibleKinds, backend, pending);
    if (same ? isSame(end, same) : other === said.perhaps) continue;
    throw new OcciError('invalid', `The ${link} is given two ${side}s, ${short(first)} and ${short(other)}.`);
  }
  if (!possibleKinds.includes(end.kind)) {
    throw new OcciError(
      'invalid',
      `The ${side} of a ${link} must be a ${possibleKinds.join(' or ')}, not a ${end.kind}.`,
    );
  }
  checkKinds(end.kind, said, `The ${side} ${short(first)} of the ${link}`);
  return end;
}

/** Throws `invalid` for a kind that an entity is said to have and has not. */
export function checkKinds(kind: KindTerm, { kinds }: SaidEnd, subject: string): void {
  const wrong = kinds.find((id) => typeof id !== 'string' || !inheritsFrom(kind, id));
  if (wrong !== undefined) throw new OcciError('invalid', `${subject} is a ${kind}, not of the kind ${short(wrong)}.`);
}

/** The link kind that leads to a kind, for clients that name only where a link goes. */
export function linkKindTo(targetKinds: readonly string[]): LinkTerm | undefined {
  const terms = Object.keys(LINK_KINDS) as LinkTerm[];
  return terms.find((term) => targetKinds.some((id) => (LINK_KINDS[term].target as readonly string[]).includes(id)));
}
