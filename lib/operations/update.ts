import type { Backend, Target } from '../entities/backend.ts';
import { apply } from '../entities/change/apply.ts';
import { changeOf } from '../entities/change/changes.ts';
import { withPreconditions } from '../entities/change/conditional.ts';
import { makeAll, undone } from '../entities/create/make-all.ts';
import { planLinks } from '../entities/links/planned.ts';
import { newLinksIn, withLinks } from '../entities/links/sent.ts';
import { type Subject, subjectAt } from '../entities/loaded-entity.ts';
import { located } from '../entities/locate.ts';
import { nativeAt } from '../entities/native-entity.ts';
import { DESCRIPTION } from '../entities/reads.ts';
import type { OcciRequest } from '../entities/request.ts';
import { showOne } from '../entities/show.ts';
import { OcciError } from '../errors.ts';
import type { Answer, Part } from '../renderings/rendering.ts';
import type { Operation } from './operation.ts';

/** The links that a partial update adds. All are checked before anything changes. */
async function newLinks(part: Part, subject: Subject, backend: Backend) {
  const links = await newLinksIn(part, subject, false, backend);
  if (links.length === 0) return [];
  if (subject.shown.is === 'link') throw new OcciError('invalid', 'A link can hold no Link.');
  const { model } = await backend.model();
  const { mapping, shown } = subject;
  const holder = { kind: mapping.kind, mapping, location: shown.location };
  return await planLinks(links, holder, model, backend);
}

type EntityTarget = Target & { is: 'entity' };

/** POST on an entity: only what is sent changes (GFD.223 §10.3.1). */
export const update: Operation<EntityTarget> = {
  answers: 'entity',
  reads: { query: [], filter: [], payload: [...DESCRIPTION, 'several', 'itself'] },
  async run(request, backend) {
    const mapping = await located(request.target, backend);
    const subject = await subjectAt(mapping, request.target.path, backend);
    return await withPreconditions(request.conditions, subject, backend, (present) =>
      updated(present, request, backend),
    );
  },
};

async function updated(
  subject: Subject,
  { target, parsed, token }: OcciRequest<EntityTarget>,
  backend: Backend,
): Promise<Answer> {
  const { mapping } = subject;
  const part = withLinks(parsed.parts, subject.native);
  const changes = await changeOf(part, subject.native, subject.shown, backend);
  const links = await newLinks(part, subject, backend);
  const source = { kind: mapping.kind, id: mapping.nativeId };
  const plans = links.map((link) => ({ ...link, links: [], source }));
  const made = plans.length > 0 ? await makeAll(plans, { token, again: false }, backend) : [];
  try {
    const after = await apply(subject, changes, [], backend);
    const native = made.length > 0 ? await nativeAt(mapping, target.path, backend) : after;
    return { is: 'entity', entity: await showOne(native, backend) };
  } catch (error) {
    throw await undone(made, error, backend);
  }
}
