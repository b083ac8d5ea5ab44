import type { AnyEntity, LinkEntity, ResourceEntity } from '../../occi/entity.ts';
import { coreAttributes, isShownApart } from '../../occi/entity.ts';
import { type Attributes, type AttributeValue, typeId } from '../../occi/types.ts';
import { nested } from './nested.ts';

/** Before 1.2 an id was the UUID alone. */
const bareId = (id: string): string => id.replace(/^urn:uuid:/, '');

/** Lists and maps are texts that hold their JSON: rOCCI-core takes nothing but texts, numbers and truth values. */
const simple = (value: AttributeValue): AttributeValue => (typeof value === 'object' ? JSON.stringify(value) : value);

/** Kinds of ends are no attributes there; `rel` is the kind of the target. */
const OF_ENDS = /^occi\.core\.(?:source|target)\.kind$/;

function attributesOf(entity: AnyEntity) {
  const core: Attributes = { ...coreAttributes(entity), 'occi.core.id': bareId(entity.id) };
  const own = Object.entries(entity.attributes).filter(([name]) => !isShownApart(name));
  const shown = [...Object.entries(core).filter(([name]) => !OF_ENDS.test(name)), ...own];
  return nested(shown.map(([name, value]) => [name, simple(value)] as const));
}

/** What resources and links share. */
const common = (entity: AnyEntity) => ({
  kind: typeId(entity.kind),
  ...(entity.mixins.length > 0 && { mixins: entity.mixins.map(typeId) }),
  ...(entity.actions.length > 0 && { actions: entity.actions.map(typeId) }),
  attributes: attributesOf(entity),
  id: bareId(entity.id),
});

const linkObject = (link: LinkEntity) => ({
  ...common(link),
  ...(link.target.kind !== undefined && { rel: link.target.kind }),
  source: link.source.location,
  target: link.target.location,
});

const resourceObject = (resource: ResourceEntity, withLinks: boolean) => ({
  ...common(resource),
  ...(withLinks && resource.links.length > 0 && { links: resource.links.map(({ location }) => location) }),
});

/**
 * Entities as a collection, one or many. Links of resources stand in `links` of the collection; a resource among others
 * names its own by their locations. For a resource alone rOCCI-core puts all of `links` into it, unless it names some.
 */
export function writeEntities(entities: readonly AnyEntity[], ofLinks: boolean): string {
  const resources = entities.filter((entity) => entity.is === 'resource');
  const links = new Map<string, LinkEntity>();
  for (const entity of entities) {
    for (const link of entity.is === 'link' ? [entity] : entity.links) links.set(link.location, link);
  }
  const isAlone = resources.length === 1 && entities.length === 1;
  return JSON.stringify({
    ...((resources.length > 0 || !ofLinks) && { resources: resources.map((one) => resourceObject(one, !isAlone)) }),
    ...((links.size > 0 || ofLinks) && { links: [...links.values()].map(linkObject) }),
  });
}
