import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { stateOf } from '../../../lib/etags/state.ts';
import type { AnyEntity } from '../../../lib/occi/entity.ts';
import { writeEntity } from '../../../lib/renderings/occi-json/entity.ts';
import { entityLines } from '../../../lib/renderings/text/entity.ts';
import { entityOf, text } from '../../contract/entities.ts';
import { compute } from '../renderings/entity.ts';

/** The same entity with the members of its objects in the opposite order, as another store may give them. */
const turned = <T>(value: T): T => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(turned) as T;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, turned(member)]),
  ) as T;
};

const shownAs = (entity: AnyEntity): string => {
  const { categories, links, attributes } = entityLines(entity);
  return JSON.stringify([categories, links, attributes.toSorted(), JSON.parse(writeEntity(entity))]);
};

describe('The state of an entity', () => {
  test('is the same for the same, and another as soon as any rendering shows something else', () => {
    const property = fc.property(entityOf(text), entityOf(text), (one, another) => {
      const other = { ...another, id: one.id };
      const isSame = shownAs(one) === shownAs(other);
      expect(stateOf(one)).toMatch(/^[0-9a-f]{32}$/);
      expect(stateOf(one) === stateOf(other)).toBe(isSame);
      expect(stateOf(turned(one))).toBe(stateOf(one));
    });
    fc.assert(property, { numRuns: 200 });
  });

  test('changes with every single member, deep ones too', () => {
    const link = {
      is: 'link',
      kind: { scheme: 'http://example.org/#', term: 'l' },
      mixins: [],
      id: 'urn:uuid:1',
      location: '/l/1',
      attributes: { state: 'active' },
      actions: [],
      source: { location: '/c/1', kind: 'c' },
      target: { location: '/n/1', kind: 'n' },
    } as const satisfies AnyEntity;
    const entity = {
      is: 'resource',
      kind: { scheme: 'http://example.org/#', term: 'c' },
      mixins: [{ scheme: 'http://example.org/#', term: 'm' }],
      id: 'urn:uuid:2',
      location: '/c/1',
      title: 't',
      summary: 's',
      attributes: { cores: 1, rules: [{ port: 1 }] },
      actions: [{ scheme: 'http://example.org/#', term: 'a' }],
      links: [link],
    } as const satisfies AnyEntity;
    const changed: AnyEntity[] = [
      { ...entity, mixins: [] },
      { ...entity, location: '/c/2' },
      { ...entity, title: undefined },
      { ...entity, title: 's', summary: 't' },
      { ...entity, attributes: { cores: '1', rules: [{ port: 1 }] } },
      { ...entity, attributes: { cores: 1, rules: [{ port: 2 }] } },
      { ...entity, attributes: { cores: 1, rules: [{ port: 1 }], more: '' } },
      { ...entity, actions: [] },
      { ...entity, links: [] },
      { ...entity, links: [{ ...link, attributes: { state: 'inactive' } }] },
      { ...entity, links: [{ ...link, location: '/l/2' }] },
      { ...entity, links: [{ ...link, target: { location: '/n/2', kind: 'n' } }] },
    ];
    const states = [entity, ...changed].map(stateOf);
    expect(new Set(states).size).toBe(states.length);
    // Without a list among the attributes the state is kept, and the next reading is held against it.
    const plain = (one: AnyEntity): AnyEntity => {
      const { rules: _, ...attributes } = one.attributes;
      return { ...one, attributes };
    };
    for (const other of changed.map(plain)) {
      const before = stateOf(plain(entity));
      const isSame = JSON.stringify(other) === JSON.stringify(plain(entity));
      expect(stateOf(other) === before).toBe(isSame);
    }
  });

  test('is kept for an entity of the usual size, not for a large one', () => {
    /** True if the state is made again: only then the name of the kind is written. */
    const isMadeAgain = (entity: AnyEntity): boolean => {
      let looks = 0;
      const kind = {
        ...entity.kind,
        get scheme() {
          looks += 1;
          return entity.kind.scheme;
        },
      };
      stateOf({ ...entity, kind });
      const before = looks;
      stateOf({ ...entity, kind });
      return looks > before;
    };
    const large = { ...compute, attributes: { 'occi.network.label': 'x'.repeat(5000) } };
    expect([isMadeAgain(compute), isMadeAgain(large)]).toEqual([false, true]);
  });
});
