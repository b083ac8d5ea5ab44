import type { Native } from '../adapter.ts';
import { OcciError } from '../errors.ts';
import type { Mapping } from '../mapping/rows.ts';
import type { AnyEntity, LinkEntity } from '../occi/entity.ts';
import { isLinkTerm, KINDS, type LinkTerm } from '../occi/kinds/index.ts';
import { isLinkKind } from '../occi/model.ts';
import { type AttributeDefinitions, type Attributes, type AttributeValue, typeId } from '../occi/types.ts';
import type { ParsedLink, Part } from '../renderings/rendering.ts';
import { type Changes, changeOf, givenByTemplates, leftOut, templatesLeftOut } from './change.ts';
import { createAt } from './create.ts';
import { planLinks } from './draft.ts';
import { atPath, located, notHere, pathOf } from './locate.ts';
import { makeAll, undone } from './make.ts';
import type { Backend, Operation, Target } from './operation.ts';
import { kindAdapter, nativeAt } from './retrieve.ts';
import { annotationsAround, show, showOne } from './show.ts';

/** An entity on its way through an update. */
interface Subject {
  readonly mapping: Mapping;
  readonly native: Native;
  readonly shown: AnyEntity;
}

export async function subjectAt(mapping: Mapping, path: string, backend: Backend): Promise<Subject> {
  const native = await nativeAt(mapping, path, backend);
  const annotations = await annotationsAround([native], backend);
  if (annotations.get(mapping.uuid)?.deleted) throw notHere(path);
  return { mapping, native, shown: show(native, annotations, backend) };
}

/** The one part of a payload. Throws `invalid` for none or several. */
function onlyPart(parts: readonly Part[]): Part {
  const [part] = parts;
  if (!part) throw new OcciError('invalid', 'The request has no payload to change the entity with.');
  if (parts.length > 1) throw new OcciError('invalid', 'The payload describes several entities; this is one.');
  return part;
}

const NOTHING_ELSE: Part = { categories: [], links: [], actions: [], attributes: {} };

const isLinkPart = ({ categories }: Part) => categories.some((category) => isLinkKind(typeId(category)));

/** A payload for a resource; JSON may bring its links as entities of their own (`{"links":[…]}`). */
function withLinks(parts: readonly Part[], native: Native): Part {
  const links = isLinkTerm(native.kind) ? [] : parts.filter(isLinkPart);
  if (links.length === 0) return onlyPart(parts);
  const others = parts.filter((part) => !links.includes(part));
  const part = others.length > 0 ? onlyPart(others) : NOTHING_ELSE;
  const asLink = ({ categories, attributes }: Part): ParsedLink => ({
    target: String(attributes['occi.core.target'] ?? ''),
    rel: [],
    category: categories.map(typeId),
    attributes,
  });
  return { ...part, links: [...part.links, ...links.map(asLink)] };
}

/** What a client calls a link that it read here: its location or id. */
function nameOf({ self, attributes }: ParsedLink): string | undefined {
  const name = self ?? attributes['occi.core.id'];
  if (typeof name !== 'string') return undefined;
  return name.startsWith('urn:') ? name.toLowerCase() : pathOf(name);
}

/**
 * The link of an entity that a payload names and sends back (D-3); undefined for a new one. Where a payload is the
 * whole entity (PUT), a link without a name is the one that leads to the same target.
 */
function linkThere(link: ParsedLink, { shown }: Subject, whole: boolean): LinkEntity | undefined {
  if (shown.is !== 'resource') return undefined;
  const name = nameOf(link);
  const named = shown.links.find(({ location, id }) => name === location || name === id);
  return (
    named ??
    (whole && name === undefined
      ? shown.links.find(({ target }) => target.location === pathOf(link.target))
      : undefined)
  );
}

/** Throws `invalid` for a link that comes back with another value: links are changed where they are. */
function checkUnchanged(link: ParsedLink, there: LinkEntity): void {
  const definitions: AttributeDefinitions = KINDS[there.kind.term as LinkTerm].attributes;
  for (const [name, value] of Object.entries(link.attributes)) {
    const definition =
      Object.hasOwn(definitions, name) && !name.startsWith('occi.core.') ? definitions[name] : undefined;
    if (!definition?.mutable || String(value) === String(there.attributes[name])) continue;
    throw new OcciError('invalid', `The attribute ${name} of a link is changed at the link itself, ${there.location}.`);
  }
}

/** The links of a payload that are not there yet. */
function newLinksIn(part: Part, subject: Subject, whole: boolean): readonly ParsedLink[] {
  return part.links.filter((link) => {
    const there = linkThere(link, subject, whole);
    if (there) checkUnchanged(link, there);
    return !there;
  });
}

/** Values divided into those that the cloud holds and those that the store keeps. */
function divided(values: Attributes, cannotHold: readonly string[]): [cloud: Attributes, store: Attributes] {
  const cloud: Record<string, AttributeValue> = {};
  const store: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(values)) (cannotHold.includes(name) ? store : cloud)[name] = value;
  return [cloud, store];
}

/** Writes changes: to the cloud what it holds, to the store the rest. */
export async function apply(
  { mapping, native }: Subject,
  changes: Changes,
  dropTags: readonly string[],
  backend: Backend,
): Promise<Native> {
  const adapter = kindAdapter(mapping.kind, backend);
  const [set, extras] = divided(changes.set, adapter.cannotHold ?? []);
  const unset = changes.unset.filter((name) => !adapter.cannotHold?.includes(name));
  const forCloud = Object.keys(set).length + unset.length + changes.addMixins.length + changes.removeMixins.length > 0;
  if (forCloud && !adapter.update) throw new OcciError('notImplemented', `This cloud cannot change a ${mapping.kind}.`);
  const { addMixins, removeMixins } = changes;
  const after = forCloud ? await adapter.update!(mapping.native, { set, unset, addMixins, removeMixins }) : native;
  const dropExtras = changes.unset.filter((name) => adapter.cannotHold?.includes(name));
  if (Object.keys(extras).length + dropExtras.length + changes.addTags.length + dropTags.length > 0) {
    await backend.store.annotate(mapping, (before) => ({
      tags: [...new Set([...(before.tags ?? []), ...changes.addTags])].filter((tag) => !dropTags.includes(tag)),
      extras: Object.fromEntries(
        Object.entries({ ...before.extras, ...extras }).filter(([name]) => !dropExtras.includes(name)),
      ),
    }));
  }
  return after;
}

/** Links that a partial update adds; checked before anything changes. */
async function newLinks(part: Part, subject: Subject, backend: Backend) {
  const links = newLinksIn(part, subject, false);
  if (links.length === 0) return [];
  if (subject.shown.is === 'link') throw new OcciError('invalid', 'A link can hold no Link (H11-15).');
  const { model } = await backend.model();
  return planLinks(links, model, backend);
}

/** POST on an entity: only what is sent changes (GFD.223 §10.3.1). */
export const update: Operation<Target & { is: 'entity' }> = {
  answers: 'entity',
  takes: 'payload',
  async run({ target, parsed, token }, backend) {
    const mapping = await located(target.path, backend);
    const subject = await subjectAt(mapping, target.path, backend);
    const part = withLinks(parsed.parts, subject.native);
    const changes = await changeOf(part, subject.native, subject.shown, backend);
    const links = await newLinks(part, subject, backend);
    const source = { kind: mapping.kind, id: mapping.native };
    const plans = links.map((link) => ({ ...link, links: [], source }));
    const made = plans.length > 0 ? await makeAll(plans, { token, again: false }, backend) : [];
    try {
      const after = await apply(subject, changes, [], backend);
      const native = made.length > 0 ? await nativeAt(mapping, target.path, backend) : after;
      return { is: 'entity', entity: await showOne(native, backend) };
    } catch (error) {
      throw await undone(made, error, backend);
    }
  },
};

/**
 * What a full payload takes away by leaving it out: the kind's mutable attributes and templates of size. What a
 * template gives need not be repeated; other mixins of the provider stay.
 */
async function goneFrom(part: Part, { native, shown }: Subject, removed: readonly string[], backend: Backend) {
  const { model } = await backend.model();
  const removeMixins = [...new Set([...removed, ...templatesLeftOut(part, native, model)])];
  const given = givenByTemplates(native, removeMixins, model);
  const ofTemplates = removeMixins.flatMap((id) => Object.keys(model.find(id)?.attributes ?? {}));
  const unsent = ofTemplates.filter((name) => part.attributes[name] === undefined);
  const unset = [...new Set([...leftOut(part, shown, native), ...unsent])].filter((name) => !given.has(name));
  return { removeMixins, unset };
}

/** PUT on an entity: what is left out is taken away, links stay (GFD.223 §10.2). On an empty path it makes the entity there. */
export const replace: Operation<Target & { is: 'entity' }> = {
  answers: 'entity',
  takes: 'payload',
  async run(request, backend) {
    const { target, parsed } = request;
    const mapping = await atPath(target.path, backend);
    const subject = mapping && (await subjectAt(mapping, target.path, backend).catch(missing));
    if (!subject) return createAt(target.path, target.kind, request, backend);
    const part = onlyPart(parsed.parts);
    if (!part.categories.some((category) => category.class !== 'mixin' && category.class !== 'action')) {
      throw new OcciError('invalid', 'A full update needs the kind of the entity; POST changes a part of it.');
    }
    if (newLinksIn(part, subject, true).length > 0) {
      throw new OcciError(
        'invalid',
        'PUT can make no new Link (H11-16); POST it to the entity or to the collection of its kind.',
      );
    }
    const changes = await changeOf(part, subject.native, subject.shown, backend);
    const dropTags = (await backend.store.annotationsOf([subject.mapping.uuid])).get(subject.mapping.uuid)?.tags ?? [];
    const drop = dropTags.filter((tag) => !changes.tags.includes(tag));
    const whole = { ...changes, ...(await goneFrom(part, subject, changes.removeMixins, backend)) };
    return { is: 'entity', entity: await showOne(await apply(subject, whole, drop, backend), backend) };
  },
};

/** Nothing there is no failure for a PUT: it makes what is missing. */
function missing(error: unknown): undefined {
  if (error instanceof OcciError && error.failure === 'notFound') return undefined;
  throw error;
}
