/**
 * Resolves the ends of links and checks them against the link kind's table. An end may be given in several forms, which
 * must all agree.
 */

import type { NativeEnd } from '../../adapter/contract.ts';
import { OcciError } from '../../errors.ts';
import { bareId } from '../../mapping/identity.ts';
import { inheritsFrom, kindTermOf } from '../../occi/identifiers.ts';
import { KINDS, type KindTerm, LINK_KINDS, type LinkTerm } from '../../occi/kinds/index.ts';
import type { Backend } from '../backend.ts';
import { referred } from '../locate.ts';
import { nameOf, type SaidEnd, type Side } from './stated-ends.ts';

/** Entities of the same request that are not created yet, by the id that the client gave them. */
export type Pending = ReadonlyMap<string, { readonly kind: KindTerm; native?: string }>;

/** An end with the time of its create, in seconds since the epoch, if the endpoint knows it. */
type KnownEnd = NativeEnd & { readonly made?: number | undefined };

/** An end that may be in the same request; `id` is set once it has been created. */
export type DraftEnd = KnownEnd | { readonly kind: KindTerm; readonly pending: string };

const possible = (ids: readonly string[]): KindTerm[] => ids.flatMap((id) => kindTermOf(id) ?? []);

/** The id by which a reference names an entity in the same request: an id, or the last segment of a path. */
export const bare = (reference: string): string => bareId(reference.replace(/^.*\//, ''));

const short = (text: unknown): string => String(text).slice(0, 200);

async function resolved(reference: string, kinds: readonly KindTerm[], backend: Backend, pending: Pending) {
  const mapping = await referred(reference, kinds, backend);
  if (mapping) return { kind: mapping.kind, id: mapping.nativeId, made: mapping.made };
  const awaited = pending.get(bare(reference));
  return awaited && { kind: awaited.kind, pending: bare(reference) };
}

const isSame = (one: DraftEnd, other: DraftEnd): boolean =>
  one.kind === other.kind &&
  ('id' in one ? 'id' in other && one.id === other.id : 'pending' in other && one.pending === other.pending);

/** The distinct references given for an end. Throws `invalid` if there are none. */
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
 * The entity at an end. Throws `invalid` if it does not exist, is of a kind that the link does not allow, is given
 * twice with different entities, or is of another kind than the payload states.
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

/** Throws `invalid` if an entity is not of a kind that the payload states. */
export function checkKinds(kind: KindTerm, { kinds }: SaidEnd, subject: string): void {
  const wrong = kinds.find((id) => typeof id !== 'string' || !inheritsFrom(kind, id));
  if (wrong !== undefined) throw new OcciError('invalid', `${subject} is a ${kind}, not of the kind ${short(wrong)}.`);
}

/** The link kind for a target kind, for clients that give only the target of a link. */
export function linkKindTo(targetKinds: readonly string[]): LinkTerm | undefined {
  const terms = Object.keys(LINK_KINDS) as LinkTerm[];
  return terms.find((term) => targetKinds.some((id) => (LINK_KINDS[term].target as readonly string[]).includes(id)));
}
