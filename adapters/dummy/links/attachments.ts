/**
 * Links are stored in the row of their compute: one query lists computes with their links, and concurrent attaches
 * conflict on that row.
 */
import type { Change, KindAdapter, LinkDraft, Native, NativeId } from '../../../lib/adapter/contract.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import type { LinkTerm } from '../../../lib/occi/kinds/index.ts';
import { type Attachment, type Cloud, changeRow, type EntityRow, findRow, type Holder, notThere } from '../cloud.ts';
import { readsOf, toOcci } from '../resources.ts';
import { letGo } from './targets.ts';
import { computeUnderToken, findComputeUnderToken } from './tokens.ts';

/** What a link has reserved on its target before it is written into the row of its compute. */
export interface Taken {
  readonly target: Attachment['target'];
  readonly claim?: string;
  /** Puts the link into the lowest free slot. Throws `conflict` if a slot or address that the client wants is taken. */
  attach(present: readonly Attachment[]): Attachment;
  /** Releases what this attempt reserved, but not what an earlier attempt of the same create did. */
  release(): Promise<void>;
}

/** Reserves the target of a link. Throws `invalid` if it does not exist, `conflict` if it is not free. */
export type Take<K extends LinkTerm = LinkTerm> = (cloud: Cloud, holder: Holder, draft: LinkDraft<K>) => Promise<Taken>;

export const holderOf = (cloud: Cloud, compute: NativeId, token: string): Holder => ({
  pk: cloud.pk,
  sk: compute,
  token,
  at: cloud.now(),
});

/** Id of the compute that a holder refers to. */
export const computeOf = (holder: Holder): NativeId => holder.sk;

/** The lowest free slot number among the links of a kind. */
export function freeSlot(present: readonly Attachment[], name: string, from: number): number {
  const used = new Set(present.map((link) => link.id.split(':')[1]));
  let slot = from;
  while (used.has(name + slot)) slot++;
  return slot;
}

/** True if the row contains the link that this holder refers to. */
export const isUsedIn = (row: EntityRow, { target, claim }: Taken): boolean =>
  (row.links ?? []).some((link) =>
    claim === undefined ? link.target.kind === target.kind && link.target.id === target.id : link.claim === claim,
  );

/** Id of the compute that a link starts at: the first part of the link's id. */
export const computeIn = (linkId: NativeId): NativeId => linkId.slice(0, Math.max(0, linkId.indexOf(':')));

function linkIn<K extends LinkTerm>(cloud: Cloud, kind: K, row: EntityRow, of: (link: Attachment) => boolean) {
  const links = toOcci('compute', row, cloud.now()).links ?? [];
  const at = (row.links ?? []).findIndex((link) => link.kind === kind && of(link));
  return links[at] as Native<K> | undefined;
}

/** Changes one link in the row of its compute. Throws `notFound`, and any error of `change`. */
export async function changeAttachment<K extends LinkTerm>(
  cloud: Cloud,
  kind: K,
  id: NativeId,
  change: (link: Attachment, row: EntityRow) => Attachment | undefined,
): Promise<EntityRow> {
  try {
    return await changeRow(cloud, 'compute', computeIn(id), (row) => {
      const links = row.links ?? [];
      const at = links.findIndex((link) => link.id === id && link.kind === kind);
      if (at < 0) throw notThere(kind);
      const changed = change(links[at]!, row);
      return { ...row, links: changed ? links.with(at, changed) : links.toSpliced(at, 1) };
    });
  } catch (error) {
    throw isFailure(error, 'notFound') ? notThere(kind) : error;
  }
}

/** Writes a link into the row of its compute. Throws `invalid` if the compute does not exist. */
async function attach(
  cloud: Cloud,
  kind: LinkTerm,
  compute: NativeId,
  token: string,
  taken: Taken,
): Promise<EntityRow> {
  try {
    const row = await changeRow(cloud, 'compute', compute, (present) => {
      const links = present.links ?? [];
      if (links.some((link) => link.kind === kind && link.token === token)) return present;
      return { ...present, links: [...links, taken.attach(links)] };
    });
    if (!isUsedIn(row, taken)) await taken.release();
    return row;
  } catch (error) {
    await taken.release();
    if (isFailure(error, 'notFound'))
      throw new OcciError('invalid', `The source of the link, a compute, does not exist.`);
    throw error;
  }
}

/** The adapter of a link kind. `take` reserves the target and the update is the kind's own; the rest is the same. */
export function linkKind<K extends LinkTerm>(
  cloud: Cloud,
  kind: K,
  take: Take<K>,
  update: (id: NativeId, change: Change<K>) => Promise<void>,
): KindAdapter<K> {
  const computes = readsOf(cloud, 'compute');

  const get = async (id: NativeId): Promise<Native<K>> => {
    const row = await findRow(cloud, 'compute', computeIn(id));
    const link = row && linkIn(cloud, kind, row, (one) => one.id === id);
    if (!link) throw notThere(kind);
    return link;
  };

  const list: KindAdapter<K>['list'] = async (query) => {
    const { items, next } = await computes.list(query);
    const links: Native<K>[] = [];
    for (const compute of items) {
      for (const link of compute.links ?? []) if (link.kind === kind) links.push(link as Native<K>);
    }
    return next === undefined ? { items: links } : { items: links, next };
  };

  return {
    list,
    get,

    async ids(query) {
      const page = await list(query);
      return { ...page, items: page.items.map((link) => link.id) };
    },

    async findByToken(token) {
      const compute = await findComputeUnderToken(cloud, kind, token);
      const row = compute === undefined ? undefined : await findRow(cloud, 'compute', compute);
      return row && linkIn(cloud, kind, row, (link) => link.token === token);
    },

    async create(draft, token) {
      const { source, target } = draft;
      if (source?.kind !== 'compute' || !target)
        throw new OcciError('invalid', `A ${kind} starts at a compute and has a target.`);
      const { compute, first } = await computeUnderToken(cloud, kind, token, source.id);
      const earlier = first ? undefined : await findRow(cloud, 'compute', compute);
      const made = earlier && linkIn(cloud, kind, earlier, (link) => link.token === token);
      if (made) return made;
      const taken = await take(cloud, holderOf(cloud, compute, token), { ...draft, target });
      const row = await attach(cloud, kind, compute, token, taken);
      return linkIn(cloud, kind, row, (link) => link.token === token)!;
    },

    async update(id, change) {
      await update(id, change);
      return get(id);
    },

    async remove(id) {
      let removed: Attachment | undefined;
      await changeAttachment(cloud, kind, id, (link) => {
        removed = link;
        return undefined;
      });
      if (removed) await letGo(cloud, computeIn(id), removed);
    },
  };
}
