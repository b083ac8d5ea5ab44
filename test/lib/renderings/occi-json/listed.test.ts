import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AnyEntity, ResourceEntity } from '../../../../lib/occi/entity.ts';
import { writeEntity } from '../../../../lib/renderings/occi-json/entity.ts';
import { writerOf } from '../../../../lib/renderings/occi-json/listed.ts';
import { entityOf, linkOf, resourceOf, text } from '../../../contract/entities.ts';
import { compute, interfaceLink } from '../entity.ts';

const writeListed = writerOf(1);

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

  /** True if an entity is written: its links are then looked at more than the once that it takes to compare them. */
  const isWritten = (entity: ResourceEntity, write = writeListed): boolean => {
    let looks = 0;
    write({
      ...entity,
      get links() {
        looks += 1;
        return entity.links;
      },
    });
    return looks > 1;
  };

  test('is not written again when it is the same', () => {
    writeListed(compute);
    expect(isWritten(turned(compute))).toBe(false);
    expect(isWritten({ ...compute, title: 'Another' })).toBe(true);
  });

  test('is the same text in every process, in whatever order its attributes come', () => {
    const writeAlways = writerOf(2001);
    expect(writeEntity(turned(compute))).not.toBe(writeEntity(compute));
    expect(writeAlways(turned(compute))).toBe(writeAlways(compute));
    expect(writeListed(turned(compute))).toBe(writeAlways(compute));
    const link = { ...interfaceLink, attributes: { b: 1, a: 2 } };
    const other = { ...interfaceLink, attributes: { a: 2, b: 1 } };
    expect(writeAlways({ ...compute, links: [link] })).toBe(writeAlways({ ...compute, links: [other] }));
  });

  test('is not kept when it is long', () => {
    const long = { ...compute, id: 'urn:uuid:long', summary: 'x'.repeat(4096) };
    writeListed(long);
    expect(isWritten(long)).toBe(true);
  });

  test('is kept while a thousand others are listed, and whatever a listing of more than are kept shows', () => {
    const numbered = (count: number, from: string) =>
      Array.from({ length: count }, (_, n): ResourceEntity => ({ ...compute, id: `urn:uuid:${from}-${n}` }));
    const write = (entities: readonly ResourceEntity[]) => entities.map(writerOf(entities.length));
    const thousand = numbered(1000, 'one');
    write(thousand);
    write(numbered(10_000, 'other'));
    expect(thousand.some((entity) => isWritten(entity))).toBe(false);
    const many = numbered(2001, 'many');
    write(many);
    expect(many.every((entity) => isWritten(entity, writerOf(many.length)))).toBe(true);
  });

  test('is written again if a value is a list or an object, which may have changed inside', () => {
    const rules = [{ type: 'inbound', range: '10.0.0.0/8' }];
    const group = {
      ...compute,
      attributes: { 'occi.securitygroup.rules': rules, 'occi.securitygroup.state': 'active' },
    };
    writeListed(group);
    rules[0]!.range = '192.168.0.0/16';
    expect(writeListed(group)).toContain('192.168.0.0/16');
    expect(isWritten(group)).toBe(true);
  });

  test('is written again if a value is undefined', () => {
    const { title, summary } = compute;
    const own = { 'occi.core.title': title!, 'occi.core.summary': undefined as unknown as string, 'com.example.a': 1 };
    writeListed({ ...compute, summary, attributes: own });
    const changed = { ...compute, attributes: { 'occi.core.title': title!, 'com.example.a': 1, 'com.example.b': 2 } };
    expect(JSON.parse(writeListed(changed))).toEqual(JSON.parse(writeEntity(changed)));
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
    ['a mixin more', { mixins: [...compute.mixins, ...interfaceLink.mixins] }],
  ])('with %s is written again', (_what, change) => {
    writeListed(compute);
    const changed = { ...compute, ...change };
    expect(JSON.parse(writeListed(changed))).toEqual(JSON.parse(writeEntity(changed)));
  });
});
