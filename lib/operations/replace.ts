import type { Backend, Target } from '../entities/backend.ts';
import { givenByTemplates, templatesLeftOut } from '../entities/categories/templates.ts';
import { apply } from '../entities/change/apply.ts';
import { changeOf, leftOut } from '../entities/change/changes.ts';
import { withPreconditions } from '../entities/change/conditional.ts';
import { newLinksIn, withLinks } from '../entities/links/sent.ts';
import { type Subject, subjectAt } from '../entities/loaded-entity.ts';
import { atPath } from '../entities/locate.ts';
import { kindAdapter } from '../entities/native-entity.ts';
import { DESCRIPTION } from '../entities/reads.ts';
import type { OcciRequest } from '../entities/request.ts';
import { showOne } from '../entities/show.ts';
import { OcciError } from '../errors.ts';
import { requireNothing } from '../http/preconditions.ts';
import type { Model } from '../occi/model.ts';
import type { Answer, Part } from '../renderings/rendering.ts';
import { createAt } from './create.ts';
import type { Operation } from './operation.ts';

/**
 * The attributes that a full payload removes by omission: the mutable ones of the kind, and those of removed mixins.
 * Values of templates need not be repeated.
 */
function goneFrom(part: Part, { native, shown }: Subject, removed: readonly string[], model: Model): readonly string[] {
  const given = givenByTemplates(native, removed, model);
  const ofTemplates = removed.flatMap((id) => Object.keys(model.find(id)?.attributes ?? {}));
  const unsent = ofTemplates.filter((name) => part.attributes[name] === undefined);
  return [...new Set([...leftOut(part, shown, native), ...unsent])].filter((name) => !given.has(name));
}

/**
 * PUT on an entity: attributes and mixins that are left out are removed, links stay (GFD.223 §10.2). On an unused path
 * it creates the entity there.
 */
export const replace: Operation<Target & { is: 'entity' }> = {
  answers: 'entity',
  reads: { query: [], filter: [], payload: [...DESCRIPTION, 'several', 'itself'] },
  async run(request, backend) {
    const { target, conditions } = request;
    const mapping = await atPath(target, backend);
    const subject = mapping && (await subjectAt(mapping, target.path, backend).catch(missing));
    if (!subject) {
      requireNothing(conditions);
      return await createAt(target.path, target.kind, request, backend);
    }
    return await withPreconditions(conditions, subject, backend, (present) => replaced(present, request, backend));
  },
};

async function replaced(subject: Subject, { parsed }: OcciRequest, backend: Backend): Promise<Answer> {
  const part = withLinks(parsed.parts, subject.native);
  if (!part.categories.some((category) => category.class !== 'mixin' && category.class !== 'action')) {
    throw new OcciError('invalid', 'A full update needs the kind of the entity; POST changes a part of it.');
  }
  if ((await newLinksIn(part, subject, true, backend)).length > 0) {
    throw new OcciError('invalid', 'PUT can make no new Link; POST it to the entity or to the collection of its kind.');
  }
  const { model } = await backend.model();
  const leaving = templatesLeftOut(part, subject.native, model, kindAdapter(subject.native.kind, backend));
  const changes = await changeOf(part, subject.native, subject.shown, backend, leaving);
  const dropTags = (await backend.store.annotationsOf([subject.mapping.uuid])).get(subject.mapping.uuid)?.tags ?? [];
  const drop = dropTags.filter((tag) => !changes.tags.includes(tag));
  const whole = { ...changes, unset: goneFrom(part, subject, changes.removeMixins, model) };
  return { is: 'entity', entity: await showOne(await apply(subject, whole, drop, backend), backend) };
}

/** Handles `notFound` by returning undefined, because a PUT creates a missing entity; rethrows any other error. */
function missing(error: unknown): undefined {
  if (error instanceof OcciError && error.failure === 'notFound') return undefined;
  throw error;
}
