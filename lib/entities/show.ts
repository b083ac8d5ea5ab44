/**
 * Converts native entities to OCCI entities: adds ids, paths, tags, extras, both ends of links and applicable actions.
 */

import type { Native, NativeEnd } from '../adapter/contract.ts';
import type { Annotations } from '../mapping/rows.ts';
import { applicableActions } from '../occi/applicable-actions.ts';
import type { AnyEntity, LinkEnd, LinkEntity } from '../occi/entity.ts';
import { categoryOf } from '../occi/identifiers.ts';
import { isLinkTerm, KINDS } from '../occi/kinds/index.ts';
import { type Attributes, type Category, type Kind, typeId } from '../occi/types.ts';
import type { Backend } from './backend.ts';
import { withDefinedTags } from './tags.ts';

/** Type identifiers of the kinds, made once. */
const KIND_IDS = Object.fromEntries(Object.entries(KINDS).map(([term, kind]) => [term, typeId(kind)]));

function end({ kind, id }: NativeEnd, annotations: Annotations, backend: Backend): LinkEnd {
  const identity = backend.identities.of(kind, id);
  return { location: annotations.get(identity.uuid)?.alias ?? identity.path, kind: KIND_IDS[kind]! };
}

/** OCCI 1.2 has no `waiting`; a provider may choose to show it as `inactive` with a message (ADR-13). */
function standardState(attributes: Attributes, kind: Kind): Attributes {
  const name = kind.life!.attribute;
  const state = KINDS.storage.life.attribute === name ? 'offline' : 'inactive';
  return { [`${name}.message`]: 'The cloud is still working on it.', ...attributes, [name]: state };
}

const NO_ACTIONS: readonly Category[] = [];
const NO_LINKS: readonly LinkEntity[] = [];

/** Actions that the cloud, or this entity, can never carry out; undefined for none. */
function excluded({ cannotAct: own }: Native, ofKind: object | undefined): readonly string[] | undefined {
  if (ofKind === undefined) return own;
  return own ? [...Object.keys(ofKind), ...own] : Object.keys(ofKind);
}

/** The whole entity. `annotations` must include those of the entity, its links and their targets. */
export function show(native: Native, annotations: Annotations, backend: Backend): AnyEntity {
  const kind: Kind = KINDS[native.kind];
  const identity = backend.identities.of(native.kind, native.id);
  const annotation = annotations.get(identity.uuid);
  const held: Attributes = annotation?.extras ? { ...annotation.extras, ...native.attributes } : native.attributes;
  const title = held['occi.core.title'] as string | undefined;
  const summary = held['occi.core.summary'] as string | undefined;
  const state = kind.life && (held[kind.life.attribute] as string | undefined);
  const attributes = state === 'waiting' && backend.settings.states === 'standard' ? standardState(held, kind) : held;
  const mixins: Category[] = native.mixins.map(categoryOf);
  if (annotation?.tags) mixins.push(...annotation.tags.map(categoryOf));
  const id = identity.urn;
  const location = annotation?.alias ?? identity.path;
  // Actions that the cloud cannot run, and actions on the provider's published entities, are not offered.
  const adapter = backend.adapter.kinds[native.kind];
  const acts = adapter?.act !== undefined && !native.published;
  const actions = acts ? applicableActions(native.kind, state, excluded(native, adapter.cannotAct)) : NO_ACTIONS;
  if (isLinkTerm(native.kind)) {
    const source = end(native.source!, annotations, backend);
    const target = end(native.target!, annotations, backend);
    return { is: 'link', kind, mixins, id, location, title, attributes, actions, source, target };
  }
  const links = native.links?.length ? linksOf(native.links, annotations, backend) : NO_LINKS;
  return { is: 'resource', kind, mixins, id, location, title, summary, attributes, actions, links };
}

/** The links of a resource. A tombstone hides one from it as from collections, however long the cloud still has it. */
function linksOf(links: readonly Native[], annotations: Annotations, backend: Backend): readonly LinkEntity[] {
  const isThere = ({ kind, id }: Native) => !annotations.get(backend.identities.of(kind, id).uuid)?.deleted;
  const present = annotations.size === 0 ? links : links.filter(isThere);
  return present.map((link) => show(link, annotations, backend) as LinkEntity);
}

/** Adds the UUIDs whose annotations `show` needs for one entity. */
function addUuidsAround(native: Native, backend: Backend, uuids: string[]): void {
  const { kind, id, source, target, links } = native;
  const { identities } = backend;
  uuids.push(identities.of(kind, id).uuid);
  if (source) uuids.push(identities.of(source.kind, source.id).uuid);
  if (target) uuids.push(identities.of(target.kind, target.id).uuid);
  if (links) for (const link of links) addUuidsAround(link, backend, uuids);
}

/** The annotations around some entities: one store read per hundred. */
export async function annotationsAround(natives: readonly Native[], backend: Backend): Promise<Annotations> {
  const uuids: string[] = [];
  for (const native of natives) addUuidsAround(native, backend, uuids);
  return await withDefinedTags(await backend.store.annotationsOf(uuids), backend);
}

/** All annotations of the tenant: one query. */
export async function allAnnotations(backend: Backend): Promise<Annotations> {
  return await withDefinedTags(await backend.store.annotations(), backend);
}

/** One entity with its annotations: one store read. */
export async function showOne(native: Native, backend: Backend): Promise<AnyEntity> {
  return show(native, await annotationsAround([native], backend), backend);
}
