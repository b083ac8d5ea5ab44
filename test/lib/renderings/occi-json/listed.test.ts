import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AnyEntity, ResourceEntity } from '../../../../lib/occi/entity.ts';
import { writeEntity } from '../../../../lib/renderings/occi-json/entity.ts';
import { writeListed } from '../../../../lib/renderings/occi-json/listed.ts';
import { entityOf, linkOf, resourceOf, text } from '../../../contract/entities.ts';
import { compute, interfaceLink } from '../entity.ts';

/** The same entity as another reading gives it, with some members of another one. */
const mixed = (one: AnyEntity, other: AnyEntity, members: readonly string[]): AnyEntity => {
  const taken = Object.entries(structuredClone(other)).filter(([name]) => members.includes(name));
  // Categories are objects of the model, the same for every reading.
  const { kind, mixins, actions } = other;
  const categories = Object.entries({ kind, mixins: [...mixins], actions: [...actions] });
  return { ...one, ...Object.fromEntries([...taken, ...categories.filter(([name]) => members.includes(name))]) };
};

const MEMBERS = [
  'kind',
  'title',
  'summary',
  'mixins',
  'attributes',
  'actions',
  'links',
  'source',
  'target',
  'location',
];

const twice = (entities: fc.Arbitrary<AnyEntity>) =>
  fc.property(entities, entities, fc.subarray(MEMBERS), (one, other, members) => {
    const changed = mixed(one, other, members);
    for (const entity of [one, mixed(one, one, MEMBERS), changed, one]) {
      expect(JSON.parse(writeListed(entity))).toEqual(JSON.parse(writeEntity(entity)));
    }
  });

describe('An entity that is listed again', () => {
  test.each([
    ['resource', resourceOf(text)],
    ['link', linkOf(text)],
    ['any entity', entityOf(text)],
  ])('%s: shows what it is now, whichever members have changed (JSON-2, JSON-4)', (_is, entities) => {
    fc.assert(twice(entities as fc.Arbitrary<AnyEntity>), { numRuns: 300 });
  });

  const turned = (entity: ResourceEntity): ResourceEntity => ({
    ...entity,
    attributes: Object.fromEntries(Object.entries(entity.attributes).toReversed()),
    mixins: [...entity.mixins],
    links: [{ ...interfaceLink, source: { ...interfaceLink.source } }],
  });

  test('is not written again when it is the same: the order of its attributes is the old one', () => {
    const json = writeListed(compute);
    expect(writeEntity(turned(compute))).not.toBe(json);
    expect(writeListed(turned(compute))).toBe(json);
  });

  test('is not kept when it is long', () => {
    const long = { ...compute, id: 'urn:uuid:long', summary: 'x'.repeat(4096) };
    expect(writeListed(turned(long))).not.toBe(writeListed(long));
  });

  test.each<[string, Partial<ResourceEntity>]>([
    ['an attribute less', { attributes: { 'occi.compute.cores': 2, 'occi.compute.memory': 2 } }],
    ['an attribute more', { attributes: { ...compute.attributes, 'com.example.more': 1 } }],
    ['a name of every object', { attributes: { 'occi.compute.cores': 2, 'occi.compute.memory': 2, toString: 'x' } }],
    ['a link less', { links: [] }],
    ['a link in another state', { links: [{ ...interfaceLink, attributes: {} }] }],
    ['a link to elsewhere', { links: [{ ...interfaceLink, target: { location: '/network/1' } }] }],
    ['no summary', { summary: undefined }],
    ['other actions', { actions: [] }],
  ])('with %s is written anew', (_what, change) => {
    writeListed(compute);
    const changed = { ...compute, ...change };
    expect(writeListed(changed)).toBe(writeEntity(changed));
  });
});
