import type { AnyEntity, LinkEntity } from '../../occi/entity.ts';
import { coreAttributes, isShownApart } from '../../occi/entity.ts';
import { CORE } from '../../occi/schemes.ts';
import { writeAttribute, writeAttributes } from './attribute.ts';
import { identifierOf, kindOfEntity, mixinOfEntity, untitledOfEntity } from './described.ts';
import { writeActionLinks, writeLinkAttributes, writeLinkHead } from './link.ts';
import { quote } from './quoting.ts';

/** The values of each field, without its name: lines in text/plain, elements of a header in text/occi. */
export interface Lines {
  readonly categories: readonly string[];
  readonly links: readonly string[];
  readonly attributes: readonly string[];
}

/**
 * What the lines of an entity may leave out, in this order: what the grammars of categories and links call optional
 * (TXT-2, TXT-7). Of a link all of it is read at its `self`. Action links stay (TXT-14), and so does every attribute.
 */
export const OMITTED_OF_ENTITIES = ['titles', 'link attributes', 'link categories'] as const;

/**
 * An entity in the order of the grammar (TXT-11, TXT-12, D-24); action links come first (SUITE-2). The first `omitted`
 * parts of `OMITTED_OF_ENTITIES` are left out.
 */
export function entityLines(entity: AnyEntity, omitted = 0): Lines {
  const hasTitles = omitted < 1;
  const categories = [hasTitles ? kindOfEntity(entity.kind) : untitledOfEntity(entity.kind, 'kind')];
  for (const mixin of entity.mixins)
    categories.push(hasTitles ? mixinOfEntity(mixin) : untitledOfEntity(mixin, 'mixin'));
  const links: string[] = [];
  writeActionLinks(entity.location, entity.actions, links);
  if (entity.is === 'resource') for (const link of entity.links) links.push(linkLine(link, omitted));
  const attributes: string[] = [];
  writeAttributes(coreAttributes(entity), attributes);
  for (const name in entity.attributes) {
    if (!isShownApart(name)) attributes.push(writeAttribute(name, entity.attributes[name]!));
  }
  return { categories, links, attributes };
}

/** The grammar wants a kind of the target (TXT-7) although the model may not know one (CORE-25). */
const UNKNOWN_KIND = `${CORE}resource`;

function linkLine(link: LinkEntity, omitted: number): string {
  const rel = link.target.kind ?? UNKNOWN_KIND;
  if (omitted > 2) return writeLinkHead(link.target.location, rel, link.location);
  let category = identifierOf(link.kind);
  for (const mixin of link.mixins) category += ` ${identifierOf(mixin)}`;
  const head = writeLinkHead(link.target.location, rel, link.location, category);
  if (omitted > 1) return head;
  return (
    head +
    `; occi.core.id=${quote(link.id)}` +
    (link.title === undefined ? '' : `; occi.core.title=${quote(link.title)}`) +
    `; occi.core.source=${quote(link.source.location)}; occi.core.target=${quote(link.target.location)}` +
    writeLinkAttributes(link.attributes)
  );
}
