import { OcciError } from '../errors.ts';
import type { Part } from '../renderings/rendering.ts';
import { changeOf, givenByTemplates, leftOut, templatesLeftOut } from './change.ts';
import { createAt } from './create.ts';
import { atPath } from './locate.ts';
import type { Backend, Operation, Target } from './operation.ts';
import { DESCRIPTION } from './reads.ts';
import { newLinksIn, onlyPart } from './sent-links.ts';
import { showOne } from './show.ts';
import { apply, type Subject, subjectAt } from './subject.ts';

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

/**
 * PUT on an entity: what is left out is taken away, links stay (GFD.223 §10.2). On an empty path it makes the entity
 * there.
 */
export const replace: Operation<Target & { is: 'entity' }> = {
  answers: 'entity',
  reads: { query: [], filter: [], payload: [...DESCRIPTION, 'itself'] },
  async run(request, backend) {
    const { target, parsed } = request;
    const mapping = await atPath(target, backend);
    const subject = mapping && (await subjectAt(mapping, target.path, backend).catch(missing));
    if (!subject) return createAt(target.path, target.kind, request, backend);
    const part = onlyPart(parsed.parts);
    if (!part.categories.some((category) => category.class !== 'mixin' && category.class !== 'action')) {
      throw new OcciError('invalid', 'A full update needs the kind of the entity; POST changes a part of it.');
    }
    if (newLinksIn(part, subject, true).length > 0) {
      throw new OcciError(
        'invalid',
        'PUT can make no new Link; POST it to the entity or to the collection of its kind.',
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
