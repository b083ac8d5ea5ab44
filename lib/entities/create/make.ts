/**
 * Carries out plans in the write order of ADR-4: first the native create with a token, then the rows. Several plans of
 * one request are all carried out, or none (ADR-8).
 *
 * A process may die after any write, and the state must be consistent after each. Create: a native entity without rows
 * is listed and adopted under the path of its id. Its annotation then holds its chosen path, by which `entityAt` finds
 * it until the path's own row is bound, which is the last write. Delete: the native entity goes first, so that a
 * refusal has no effect; then the annotation, the mapping and the chosen path, in this order, so that a repeated delete
 * can find the rest.
 */

import type { Draft, LinkDraft, Native, NativeEnd } from '../../adapter/contract.ts';
import { OcciError } from '../../errors.ts';
import { bareId } from '../../mapping/identity.ts';
import type { Mapping } from '../../mapping/rows.ts';
import type { KindTerm } from '../../occi/kinds/index.ts';
import type { Attributes } from '../../occi/types.ts';
import type { Backend } from '../backend.ts';
import type { DraftEnd } from '../links/ends.ts';
import type { PlannedLink } from '../links/planned.ts';
import { kindAdapter, notImplemented } from '../native-entity.ts';
import { type LinkedEntity, onceLinkedAreVisible, onceVisible } from '../not-visible-yet.ts';
import { saysWhenToRetry } from '../passing-state.ts';
import { held } from '../store-values.ts';
import { tagged } from '../tags.ts';
import { madeEarlier, tokenAt } from './made-earlier.ts';
import type { Plan } from './plan.ts';
import { type Job, withinLimits } from './within-limits.ts';

export interface Made {
  /** The token of its create. */
  readonly token: string;
  readonly mapping: Mapping;
  readonly native: Native;
  /** Its path: chosen by the client, or derived from its id. */
  readonly location: string;
}

/** Native ids of the entities created so far in this request, by the id that the client proposed. */
type MadeSoFar = ReadonlyMap<string, string>;

const resolved = (end: DraftEnd, made: MadeSoFar): NativeEnd => ({
  kind: end.kind,
  id: 'id' in end ? end.id : made.get(end.pending)!,
});

/** What a plan is linked to, and when each was created: what this request has created, now. */
const linkedBy = ({ source, target, links }: Plan): LinkedEntity[] =>
  [source, target, ...links.map((link) => link.target)].flatMap((end) => {
    if (!end) return [];
    return { kind: end.kind, made: 'id' in end ? end.made : secondsNow() };
  });

const secondsNow = (): number => Math.floor(Date.now() / 1000);

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

interface MakeOptions {
  readonly token: string;
  /** An earlier attempt may have created it already: look it up by the token first. */
  readonly again: boolean;
  /** The path that the client chose for the one entity. */
  readonly alias?: string;
}

interface MakeOne extends Omit<MakeOptions, 'again'> {
  /** What an earlier attempt has created. */
  readonly found: Native | undefined;
}

/** Creates one entity, or completes what an earlier attempt with the same token created. */
async function make(plan: Plan, options: MakeOne, backend: Backend, made: MadeSoFar): Promise<Made> {
  const adapter = kindAdapter(plan.kind, backend);
  if (!adapter.create) throw notImplemented('create', plan.kind);
  const { token, found } = options;
  const [attributes, extras] = held(plan.attributes, adapter);
  const draft = draftOf(plan, attributes, made);
  const create = () => saysWhenToRetry(draft.source, backend, () => adapter.create!(draft, token));
  const native = found ?? (await onceLinkedAreVisible(linkedBy(plan), backend, create));
  const { kind, id } = native;
  const { uuid, path } = backend.identities.of(kind, id);
  const mapping: Mapping = { uuid, kind, nativeId: id, made: secondsNow() };
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
    // Roll back if the store cannot be written, so that the failure reported to the client is accurate.
    await onceVisible(mapping, backend, async () => adapter.remove?.(id)).catch(() => {});
    throw error;
  }
  return { token, mapping, native, location: options.alias ?? path };
}

/** Writes the user's mixins of inline links. Adapters return links in the order of the draft's. */
function tagsOfLinks(plan: Plan, native: Native, backend: Backend): Promise<void>[] {
  return plan.links.flatMap(({ tags }, index) => {
    const link = native.links?.[index];
    if (tags.length === 0 || !link) return [];
    const mapping = mappingFor(link.kind, link.id, backend);
    return [tagged(tags, backend).then((fields) => backend.store.startAnnotation(mapping, fields))];
  });
}

/** Rolls back one entity and its links, first in the cloud. */
export async function unmake({ mapping }: Pick<Made, 'mapping'>, backend: Backend): Promise<void> {
  const adapter = kindAdapter(mapping.kind, backend);
  if (!adapter.remove) throw notImplemented('remove', mapping.kind);
  const links = await onceVisible(mapping, backend, async () => {
    const { links: present = [] } = mapping.kind === 'compute' ? await adapter.get(mapping.nativeId) : {};
    const { kind, nativeId: id } = mapping;
    await saysWhenToRetry({ kind, id }, backend, () => adapter.remove!(id));
    return present;
  });
  await Promise.all([
    forget([mapping, ...links.map(({ kind, id }) => mappingFor(kind, id, backend))], backend),
    backend.quota?.freed(mapping.kind),
  ]);
}

/** The mapping of a native entity. */
export const mappingFor = (kind: KindTerm, nativeId: string, backend: Backend): Mapping => ({
  uuid: backend.identities.of(kind, nativeId).uuid,
  kind,
  nativeId,
});

/** Removes a deleted entity from the store. `path` may also lead to it, even if its annotation does not say so. */
export async function forget(mappings: readonly Mapping[], backend: Backend, path?: string): Promise<void> {
  const annotations = await backend.store.annotationsOf(mappings.map(({ uuid }) => uuid));
  await Promise.all(
    mappings.map((mapping) => {
      const lingers = kindAdapter(mapping.kind, backend).lingers ?? 0;
      return backend.store.forget(mapping, annotations.get(mapping.uuid), lingers, path);
    }),
  );
}

/** A rollback takes as long as the creates, so each gets half of the time. */
function checkTime(made: number, started: number, { deadline }: Backend): void {
  if (made === 0 || Date.now() < started + (deadline - started) / 2) return;
  throw new OcciError(
    'tooLarge',
    'These are more entities than can be made in the time of one request: send fewer at once.',
  );
}

/**
 * Creates all or none, within the limits of the tenant. A retry with the same token finds what a lost attempt created.
 * Throws the failing entity's error, which names what could not be rolled back.
 */
export async function makeAll(
  plans: readonly Plan[],
  { token, again, alias }: MakeOptions,
  backend: Backend,
): Promise<readonly Made[]> {
  const found = again ? await madeEarlier(plans, token, backend) : [];
  const jobs: readonly (Job & MakeOne)[] = plans.map((plan, index) => ({
    plan,
    token: tokenAt(index, plans, token),
    found: found[index],
    ...(alias !== undefined && { alias }),
  }));
  const missing = jobs.filter(({ found }) => !found);
  return await withinLimits(missing, backend, () => makeEach(jobs, backend), createdOf);
}

const createdOf = (all: readonly Made[]) =>
  all.map(({ token, mapping, native }) => ({ token, uuid: mapping.uuid, attributes: native.attributes }));

async function makeEach(jobs: readonly (Job & MakeOne)[], backend: Backend): Promise<readonly Made[]> {
  const made: Made[] = [];
  const started = Date.now();
  const byProposedId = new Map<string, string>();
  try {
    for (const job of jobs) {
      const { plan } = job;
      checkTime(made.length, started, backend);
      const one = await make(plan, job, backend, byProposedId);
      made.push(one);
      if (plan.proposedId !== undefined) byProposedId.set(bareId(plan.proposedId), one.mapping.nativeId);
    }
    return made;
  } catch (error) {
    throw made.length > 0 ? await undone(made, error, backend) : error;
  }
}

/** Rolls back in reverse order. The returned error names what is left over. */
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
