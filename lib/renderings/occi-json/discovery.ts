import { memoByObject } from '../../memo-by-object.ts';
import type { CategoryDescription } from '../../occi/category-description.ts';
import type { AttributeDefinition, AttributeDefinitions, Format } from '../../occi/types.ts';

type Schema = Record<string, unknown>;

const FORMATS: Readonly<Record<Format, Schema>> = {
  uri: { format: 'uri' },
  ip: { anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }] },
  cidr: { pattern: '^[0-9A-Fa-f.:]+/[0-9]{1,3}$' },
  mac: { pattern: '^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}$' },
  base64: { pattern: '^[A-Za-z0-9+/=\\s]*$' },
  'ssh-key': {},
  line: { pattern: '^[^\\r\\n]*$' },
};

/** The constraints of a definition in JSON Schema's words, without those that say nothing. */
function schemaOf(definition: AttributeDefinition): Schema {
  return {
    type: definition.type,
    ...(definition.values && { enum: definition.values }),
    ...(definition.format && FORMATS[definition.format]),
    ...(definition.minimum !== undefined && { minimum: definition.minimum }),
    ...(definition.maximum !== undefined && { maximum: definition.maximum }),
    ...(definition.maxLength !== undefined && { maxLength: definition.maxLength }),
    ...(definition.items && { items: itemsOf(definition.items) }),
  };
}

function itemsOf(members: AttributeDefinitions): Schema {
  const required = Object.keys(members).filter((name) => members[name]?.required);
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(members).map(([name, member]) => [name, schemaOf(member)])),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}

/** An attribute description (JSON-13). JSON knows no integers: those are numbers with a pattern. */
function describeAttribute(definition: AttributeDefinition): Schema {
  const schema = schemaOf(definition);
  const says = Object.keys(schema).length > 1 || definition.type === 'integer';
  return {
    mutable: definition.mutable,
    required: definition.required ?? false,
    type: definition.type === 'integer' ? 'number' : definition.type,
    ...(says && { pattern: { $schema: 'http://json-schema.org/draft-04/schema#', ...schema } }),
    ...(definition.default !== undefined && { default: definition.default }),
    ...(definition.description !== undefined && { description: definition.description }),
  };
}

/** The JSON text of a category (JSON-6 to JSON-8). */
const writeCategory = memoByObject((category: CategoryDescription): string => {
  const attributes = Object.entries(category.attributes).map(([name, one]) => [name, describeAttribute(one)] as const);
  return JSON.stringify({
    term: category.term,
    scheme: category.scheme,
    title: category.title,
    parent: category.parent,
    depends: category.depends,
    applies: category.applies,
    location: category.location,
    actions: category.actions,
    attributes: attributes.length > 0 ? Object.fromEntries(attributes) : undefined,
  });
});

/** The answer of the query interface (JSON-11): kinds, mixins and actions, each list there even if empty. */
export const writeCategories = memoByObject((categories: readonly CategoryDescription[]): string => {
  const of = (asClass: CategoryDescription['class']): string =>
    categories
      .filter((category) => category.class === asClass)
      .map(writeCategory)
      .join(',');
  return `{"kinds":[${of('kind')}],"mixins":[${of('mixin')}],"actions":[${of('action')}]}`;
});
