import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type AnyEntity, coreAttributes } from '../../../../lib/occi/entity.ts';
import { KIND_TERMS } from '../../../../lib/occi/kinds/index.ts';
import { MIXINS, type MixinName } from '../../../../lib/occi/mixins/index.ts';
import { baseModel } from '../../../../lib/occi/model.ts';
import { typeId } from '../../../../lib/occi/types.ts';
import { occiJson11 } from '../../../../lib/renderings/occi-json-1-1/index.ts';
import type { Answer } from '../../../../lib/renderings/rendering.ts';
import { entityOf, text } from '../../../contract/entities.ts';
import { compute, contextOf, interfaceLink } from '../entity.ts';

beforeAll(() => occiJson11.ready!());

const bodyOf = (answer: Answer) => JSON.parse(occiJson11.render(answer, contextOf('application/json')).body);

const LINK = {
  kind: 'http://schemas.ogf.org/occi/infrastructure#networkinterface',
  mixins: ['http://schemas.ogf.org/occi/infrastructure/networkinterface#ipnetworkinterface'],
  attributes: {
    occi: {
      core: { id: '31bd', title: 'first', source: '/compute/8f0c', target: '/network/77aa' },
      networkinterface: { interface: 'eth0', state: 'active' },
    },
  },
  id: '31bd',
  rel: 'http://schemas.ogf.org/occi/infrastructure#network',
  source: '/compute/8f0c',
  target: '/network/77aa',
};

const COMPUTE = {
  kind: 'http://schemas.ogf.org/occi/infrastructure#compute',
  mixins: ['http://schemas.ogf.org/occi/infrastructure/compute/template/1.1#small'],
  actions: ['http://schemas.ogf.org/occi/infrastructure/compute/action#start'],
  attributes: {
    occi: { core: { id: '8f0c', title: 'a "quoted", title', summary: 'one; two' }, compute: { cores: 2, memory: 2 } },
    com: { example: { flag: false } },
  },
  id: '8f0c',
};

describe('an answer of before 1.2 (CLIENT-28)', () => {
  test('one entity is a collection too, with its links beside it', () => {
    expect(bodyOf({ is: 'entity', entity: compute })).toEqual({ resources: [COMPUTE], links: [LINK] });
    expect(bodyOf({ is: 'entity', entity: { ...compute, links: [] } })).toEqual({ resources: [COMPUTE] });
    expect(bodyOf({ is: 'entity', entity: interfaceLink })).toEqual({ links: [LINK] });
    const created = { is: 'created', locations: [compute.location] } as const;
    expect(bodyOf({ ...created, entities: [compute] })).toEqual({ resources: [COMPUTE], links: [LINK] });
    expect(bodyOf({ ...created, entities: [interfaceLink] })).toEqual({ links: [LINK] });
  });

  test('resources among others name their links, which stand in the collection once', () => {
    const other = { ...compute, id: 'urn:uuid:9a1d', location: '/compute/9a1d', links: [] };
    const { resources, links } = bodyOf({
      is: 'collection',
      locations: [],
      entities: [compute, other, interfaceLink],
    });
    expect(resources).toEqual([
      { ...COMPUTE, links: ['/networkinterface/31bd'] },
      expect.objectContaining({ id: '9a1d' }),
    ]);
    expect(resources[1].links).toBeUndefined();
    expect(links).toEqual([LINK]);
  });

  test('an empty collection still says which it is', () => {
    expect(bodyOf({ is: 'collection', locations: [], entities: [] })).toEqual({ resources: [] });
    expect(bodyOf({ is: 'collection', locations: [], entities: [], links: true })).toEqual({ links: [] });
    expect(bodyOf({ is: 'done' })).toEqual({});
  });

  test('a list is a text that holds its JSON', () => {
    const rules = [{ type: 'inbound', port: '22' }];
    const entity: AnyEntity = { ...compute, attributes: { 'occi.securitygroup.rules': rules } };
    const [{ attributes }] = bodyOf({ is: 'entity', entity }).resources;
    expect(attributes.occi.securitygroup).toEqual({ rules: JSON.stringify(rules) });
  });

  test('whatever an entity holds, it is read again as it was', () => {
    fc.assert(
      fc.property(entityOf(text), (entity) => {
        const { body } = occiJson11.render({ is: 'entity', entity }, contextOf('application/json'));
        const parts = occiJson11.parse!({ headers: {}, body }).parts;
        const links = entity.is === 'resource' ? new Map(entity.links.map((link) => [link.location, link])) : new Map();
        const shown: AnyEntity[] = [entity, ...links.values()];
        expect(parts.map(({ categories }) => categories.map(typeId))).toEqual(
          shown.map(({ kind, mixins }) => [kind, ...mixins].map(typeId)),
        );
        for (const [at, one] of shown.entries()) {
          const values = {
            ...one.attributes,
            ...coreAttributes(one),
            'occi.core.id': one.id.slice('urn:uuid:'.length),
          };
          const {
            'occi.core.source.kind': _source,
            'occi.core.target.kind': kind,
            ...own
          } = values as Record<string, unknown>;
          const asText = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : value);
          const wanted = Object.fromEntries(Object.entries(own).map(([name, value]) => [name, asText(value)]));
          const target = kind === undefined ? {} : { 'occi.core.target.kind': kind };
          expect({ ...parts[at]!.attributes }).toEqual({ ...wanted, ...target });
        }
      }),
    );
  });

  test('discovery nests definitions of three types, and says what a category is related to', () => {
    const model = baseModel(KIND_TERMS, Object.keys(MIXINS) as MixinName[]);
    const { kinds, mixins, actions } = bodyOf({ is: 'categories', categories: model.categories });
    const named = (list: { term: string }[], term: string) => list.find((one) => one.term === term);
    expect(named(kinds, 'compute')).toMatchObject({
      parent: 'http://schemas.ogf.org/occi/core#resource',
      related: ['http://schemas.ogf.org/occi/core#resource'],
      location: '/compute/',
      attributes: {
        occi: {
          core: { id: { type: 'string', required: true, mutable: false } },
          compute: {
            cores: { type: 'number' },
            'state.message': { type: 'string', mutable: false },
            state: { type: 'string', mutable: false },
          },
        },
      },
    });
    expect(named(kinds, 'securitygroup')).toMatchObject({
      attributes: { occi: { securitygroup: { rules: { type: 'string' } } } },
    });
    expect(named(mixins, 'small')).toMatchObject({
      related: ['http://schemas.ogf.org/occi/infrastructure#resource_tpl'],
    });
    expect(named(actions, 'stop')).toMatchObject({ attributes: { method: { type: 'string' } } });
    expect(mixins.filter((mixin: object) => 'applies' in mixin)).toEqual([]);
  });
});
