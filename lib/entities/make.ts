/**
 * Plans made real, in the write order of ADR-4: native create with a token, then the rows. Several in one request
 * are made all or none (ADR-8).
 *
 * A process may die after any write, and what is there then must be whole. Made: the native entity alone is listed
 * under the path of its id, and adopted there; its annotation gives it its chosen path, which `entityAt` finds by it
 * until the path's own row is bound, last. Deleted: natively first, so that a refusal has changed nothing; then the
 * annotation, the mapping and the chosen path, in this order: by what is left a repeated delete finds the rest.
 */

import type { Draft, KindAdapter, LinkDraft, Native, NativeEnd } from '../adapter/contract.ts';
import { OcciError } from '../errors.ts';
import { bareId } from '../mapping/identity.ts';
import type { Mapping } from '../mapping/rows.ts';
import type { KindTerm } from '../occi/kinds/index.ts';
import type { Attributes } from '../occi/types.ts';
import type { Backend } from './backend.ts';
import type { Plan } from './draft.ts';
import type { DraftEnd } from './links/ends.ts';
import type { PlannedLink } from './links/planned.ts';
import { kindAdapter, notImplemented } from './native-entity.ts';
import { onceVisible } from './not-visible-yet.ts';
import { held } from './store-values.ts';
import { tagged } from './tags.ts';

export interface Made {
  readonly mapping: Mapping;
  readonly native: Native;
  /** Its path: the one that the client chose, or the one that follows from its id. */
  readonly location: string;
}

/** Native ids of what this request has made so far, by the id that the client proposed. */
type MadeSoFar = ReadonlyMap<string, string>;

function resolved(end: DraftEnd, made: MadeSoFar): NativeEnd {
  if ('id' in end) return end;
  return { kind: end.kind, id: made.get(end.pending)! };
}

const linkDraft = ({ kind, attributes, mixins, target }: PlannedLink, made: MadeSoFar): LinkDraft => ({
  kind,
  attributes,
  mixins,
  target: resolved(target, made),
});

function draftOf(plan: Plan, attributes: Attributes, made: MadeSoFar): Draft {
  return {
    kind: plan.kind,
    attributes,
    mixins: plan.mixins,
    links: plan.links.map((link) => linkDraft(link, made)),
    ...(plan.source && { source: resolved(plan.source, made) }),
    ...(plan.target && { target: resolved(plan.target, made) }),
  };
}

export interface MakeOptions {
  readonly token: string;
  /** An earlier attempt may have made it already: look by the token first. */
  readonly again: boolean;
  readonly alias?: string;
}

/** Makes one entity. A retry with the same token finds what a lost attempt made. */
export async function make(
  plan: Plan,
  options: MakeOptions,
  backend: Backend,
  made: MadeSoFar = new Map(),
): Promise<Made> {
  const adapter = kindAdapter(plan.kind, backend);
  if (!adapter.create) throw notImplemented('create', plan.kind);
  const found = options.again ? await earlier(adapter, options.token, plan.kind) : undefined;
  const [attributes, extras] = held(plan.attributes, adapter);
  const native = found ?? (await adapter.create(draftOf(plan, attributes, made), options.token));
  const { kind, id } = native;
  const { uuid, path } = backend.identities.of(kind, id);
  const mapping: Mapping = { uuid, kind, nativeId: id, made: Math.floor(Date.now() / 1000) };
  const tags = plan.tags.length > 0 ? await tagged(plan.tags, backend) : undefined;
  try {
    await Promise.all([
      backend.store.remember(mapping),
      backend.store.startAnnotation(mapping, {
        alias: options.alias,
        ...tags,
        extras: Object.keys(extras).length > 0 ? extras : undefined,
      }),
      ...tagsOfLinks(plan, native, backend),
    ]);
  } catch (error) {
    // What the store cannot remember is taken back, so that the failure that the client sees is the truth.
    await adapter.remove?.(id).catch(() => {});
    throw error;
  }
  return { mapping, native, location: options.alias ?? path };
}

/**
 * What a lost attempt made. Where the cloud cannot tell, nothing is made a second time: throws `conflict` naming what
 * to look for (ADR-4).
 */
function earlier(adapter: KindAdapter, token: string, kind: KindTerm): Promise<Native | undefined> {
  if (adapter.findByToken) return adapter.findByToken(token);
  throw new OcciError(
    'conflict',
    `An earlier attempt of this request ended without an answer and may have made a ${kind}: look for it in the collection.`,
    { unknownOutcome: true },
  );
}

/** The user's mixins on inline links; native links come back in the order of the draft's. */
function tagsOfLinks(plan: Plan, native: Native, backend: Backend): Promise<void>[] {
  return plan.links.flatMap(({ tags }, index) => {
    const link = native.links?.[index];
    if (tags.length === 0 || !link) return [];
    const mapping = mappingFor(link.kind, link.id, backend);
    return [tagged(tags, backend).then((fields) => backend.store.startAnnotation(mapping, fields))];
  });
}

/** Takes one entity away again, cloud first; its links go with it. */
export async function unmake({ mapping }: Pick<Made, 'mapping'>, backend: Backend): Promise<void> {
  const adapter = kindAdapter(mapping.kind, backend);
  if (!adapter.remove) throw notImplemented('remove', mapping.kind);
  const links = await onceVisible(mapping, backend, async () => {
    const { links: present = [] } = mapping.kind === 'compute' ? await adapter.get(mapping.nativeId) : {};
    await adapter.remove!(mapping.nativeId);
    return present;
  });
  await forget([mapping, ...links.map(({ kind, id }) => mappingFor(kind, id, backend))], backend);
}

/** What an entity of the cloud is known by here. */
export const mappingFor = (kind: KindTerm, nativeId: string, backend: Backend): Mapping => ({
  uuid: backend.identities.of(kind, nativeId).uuid,
  kind,
  nativeId,
});

/** Takes out of the store what is gone from the cloud; `path` may lead to it, whatever its annotation says. */
export async function forget(mappings: readonly Mapping[], backend: Backend, path?: string): Promise<void> {
  const annotations = await backend.store.annotationsOf(mappings.map(({ uuid }) => uuid));
  await Promise.all(
    mappings.map((mapping) => {
      const lingers = kindAdapter(mapping.kind, backend).lingers ?? 0;
      return backend.store.forget(mapping, annotations.get(mapping.uuid), lingers, path);
    }),
  );
}

/** Taking back takes as long as making, so half of the time is for each. */
function checkTime(made: number, started: number, { deadline }: Backend): void {
  if (made === 0 || Date.now() < started + (deadline - started) / 2) return;
  throw new OcciError(
    'tooLarge',
    'These are more entities than can be made in the time of one request: send fewer at once.',
  );
}

/** The token of one entity among those of a request. */
const tokenAt = (index: number, { length }: readonly Plan[], token: string): string =>
  length === 1 ? token : `${token}-${index}`;

/** True if an earlier attempt has made any of these, also where the cloud cannot tell. */
export async function hasMadeAny(plans: readonly Plan[], token: string, backend: Backend): Promise<boolean> {
  for (const [index, plan] of plans.entries()) {
    const adapter = kindAdapter(plan.kind, backend);
    if (!adapter.findByToken || (await adapter.findByToken(tokenAt(index, plans, token)))) return true;
  }
  return false;
}

/** Makes all or none. Throws the failing entity's error, which names what could not be removed again. */
export async function makeAll(
  plans: readonly Plan[],
  options: MakeOptions,
  backend: Backend,
): Promise<readonly Made[]> {
  const made: Made[] = [];
  const started = Date.now();
  const byProposedId = new Map<string, string>();
  try {
    for (const [index, plan] of plans.entries()) {
      checkTime(made.length, started, backend);
      const own = { ...options, token: tokenAt(index, plans, options.token) };
      const one = await make(plan, own, backend, byProposedId);
      made.push(one);
      if (plan.proposedId !== undefined) byProposedId.set(bareId(plan.proposedId), one.mapping.nativeId);
    }
    return made;
  } catch (error) {
    throw made.length > 0 ? await undone(made, error, backend) : error;
  }
}

/** Removes what was made, last first; the error that comes back tells what is left over. */
export async function undone(made: readonly Made[], error: unknown, backend: Backend): Promise<unknown> {
  const left: string[] = [];
  for (const one of made.toReversed()) {
    await unmake(one, backend).catch(() =>
      left.push(backend.identities.of(one.mapping.kind, one.mapping.nativeId).path),
    );
  }
  if (left.length === 0 || !(error instanceof OcciError)) return error;
  return new OcciError(error.failure, `${error.message} Made before that and not removed again: ${left.join(', ')}.`, {
    cause: error,
    headers: error.headers,
    unknownOutcome: true,
  });
}
