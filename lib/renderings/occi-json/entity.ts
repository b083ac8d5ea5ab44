import { memoByObject } from '../../memo-by-object.ts';
import type { AnyEntity, LinkEnd, LinkEntity } from '../../occi/entity.ts';
import type { Category } from '../../occi/types.ts';
import {
  writeActions,
  writeAttributes,
  writeIdentifier,
  writeMixins,
  writeRestOfString,
  writeString,
} from './write.ts';

const opening = memoByObject((kind: Category) => `{"kind":${writeIdentifier(kind)},"id":"`);

/** The members that resources and links share (JSON-2, JSON-4); the object is still open. Empty ones are left out. */
function begin({ kind, id, title, mixins, attributes, actions }: AnyEntity): string {
  let json = opening(kind) + writeRestOfString(id);
  if (title !== undefined) json += `,"title":"${writeRestOfString(title)}`;
  if (mixins.length > 0) json += writeMixins(mixins);
  json += writeAttributes(attributes);
  return actions.length > 0 ? json + writeActions(actions) : json;
}

/** Where a link points, as a path on this endpoint (JSON-5). */
const writeEnd = (end: LinkEnd): string =>
  end.kind === undefined
    ? `{"location":${writeString(end.location)}}`
    : `{"location":${writeString(end.location)},"kind":${writeString(end.kind)}}`;

const writeLink = (link: LinkEntity): string =>
  `${begin(link)},"source":${writeEnd(link.source)},"target":${writeEnd(link.target)}}`;

function writeLinks(links: readonly LinkEntity[]): string {
  if (links.length === 0) return '';
  let text = ',"links":[';
  for (let index = 0; index < links.length; index++) text += (index === 0 ? '' : ',') + writeLink(links[index]!);
  return `${text}]`;
}

/** The JSON text of an entity, a resource with its links fully rendered (JSON-2). */
export function writeEntity(entity: AnyEntity): string {
  if (entity.is === 'link') return writeLink(entity);
  const summary = entity.summary === undefined ? '' : `,"summary":${writeString(entity.summary)}`;
  return `${begin(entity)}${summary}${writeLinks(entity.links)}}`;
}
