/** Tags of a resource: `/v2.0/networks/ID/tags` and what lies below. */
import { isAdmin, isMember, type ServiceAnswer, type ServiceRequest, type TokenOwner } from '../service.ts';
import { plainBody } from './body.ts';
import type { Kind } from './kind.ts';
import { denied, invalidInput, methodNotAllowed, notFound, refused } from './refusals.ts';
import { seen } from './resources.ts';
import type { Row } from './rows.ts';
import type { State } from './state.ts';
import { shown } from './values.ts';

const MAX_TAGS = 50;
const MAX_LENGTH = 255;

function checkTag(tag: unknown): string {
  if (typeof tag !== 'string') throw invalidInput(`${shown(tag)} is not a valid string.`);
  if (tag.length > MAX_LENGTH) throw invalidInput(`'${tag}' exceeds maximum length of ${MAX_LENGTH}.`);
  return tag;
}

function tagsIn(text: string): string[] {
  const { tags } = plainBody(text);
  if (tags === undefined) throw invalidInput('Invalid tags body.');
  if (!Array.isArray(tags)) throw invalidInput(`${shown(tags)} is not a list.`);
  const checked = tags.map(checkTag);
  const twice = checked.find((tag, index) => checked.indexOf(tag) !== index);
  if (twice !== undefined) throw invalidInput(`Duplicate items in the list: '${twice}'.`);
  return checked;
}

export interface TagRequest {
  readonly request: ServiceRequest;
  readonly owner: TokenOwner;
  readonly id: string;
  /** Undefined for all of them. */
  readonly tag: string | undefined;
}

/** The resource, if its tags may be changed. Unlike other changes, those of a stranger are 403, not 404. */
function changeable<R extends Row>(kind: Kind<R>, { id, owner }: TagRequest): R {
  const row = kind.rows.get(id);
  if (!row) throw notFound(`${kind.type}NotFound`, kind.missing(id));
  if (isAdmin(owner) || (isMember(owner) && kind.mayChange(row, owner, 'update'))) return row;
  throw denied(`rule:update_${kind.one}:tags`);
}

function read<R extends Row>(kind: Kind<R>, { id, owner, tag }: TagRequest): ServiceAnswer {
  const { tags } = seen(kind, id, owner);
  if (tag === undefined) return { status: 200, body: { tags } };
  if (tags.includes(tag)) return { status: 204 };
  throw notFound('TagNotFound', `Tag ${tag} could not be found.`);
}

export function answerForTags<R extends Row>(state: State, kind: Kind<R>, asked: TagRequest): ServiceAnswer {
  const { request, tag } = asked;
  const { method, text } = request;
  if (method === 'GET') return read(kind, asked);
  const set = (row: R, tags: readonly string[]): void => {
    if (tags.length > MAX_TAGS) {
      const sentence = `Bad ${kind.many} request: The number of tags exceed the per-resource limit of ${MAX_TAGS}.`;
      throw refused(400, 'BadRequest', sentence);
    }
    row.tags = [...new Set(tags)].sort();
    state.touch(row);
  };
  if (tag === undefined && (method === 'PUT' || method === 'POST')) {
    const row = changeable(kind, asked);
    const tags = tagsIn(text);
    set(row, method === 'PUT' ? tags : [...row.tags, ...tags]);
    return { status: 200, body: { tags: method === 'PUT' ? row.tags : tags } };
  }
  if (method === 'PUT') {
    const row = changeable(kind, asked);
    set(row, [...row.tags, checkTag(tag)]);
    return { status: 201, body: null };
  }
  if (method !== 'DELETE') throw methodNotAllowed();
  const row = changeable(kind, asked);
  if (tag !== undefined && !row.tags.includes(tag)) throw notFound('TagNotFound', `Tag ${tag} could not be found.`);
  set(row, tag === undefined ? [] : row.tags.filter((one) => one !== tag));
  return { status: 204 };
}
