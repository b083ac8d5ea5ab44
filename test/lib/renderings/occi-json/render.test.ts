import { describe, expect, test } from '@jest/globals';
import { KIND_TERMS } from '../../../../lib/occi/kinds/index.ts';
import { MIXINS, type MixinName } from '../../../../lib/occi/mixins/index.ts';
import { baseModel } from '../../../../lib/occi/model.ts';
import { renderOcciJson, renderOcciJsonError } from '../../../../lib/renderings/occi-json/render.ts';
import type { Answer } from '../../../../lib/renderings/rendering.ts';
import { compute, contextOf, interfaceLink } from '../entity.ts';

const context = contextOf('application/occi+json');
const render = (answer: Answer) => JSON.parse(renderOcciJson(answer, context).body);

const LINK = {
  kind: 'http://schemas.ogf.org/occi/infrastructure#networkinterface',
  id: 'urn:uuid:31bd',
  title: 'first',
  mixins: ['http://schemas.ogf.org/occi/infrastructure/networkinterface#ipnetworkinterface'],
  attributes: { 'occi.networkinterface.interface': 'eth0', 'occi.networkinterface.state': 'active' },
  source: { location: '/compute/8f0c', kind: 'http://schemas.ogf.org/occi/infrastructure#compute' },
  target: { location: '/network/77aa', kind: 'http://schemas.ogf.org/occi/infrastructure#network' },
};

const COMPUTE = {
  kind: 'http://schemas.ogf.org/occi/infrastructure#compute',
  id: 'urn:uuid:8f0c',
  title: 'a "quoted", title',
  summary: 'one; two',
  mixins: ['http://schemas.ogf.org/occi/infrastructure/compute/template/1.1#small'],
  attributes: { 'occi.compute.cores': 2, 'occi.compute.memory': 2, 'com.example.flag': false },
  actions: ['http://schemas.ogf.org/occi/infrastructure/compute/action#start'],
  links: [LINK],
};

describe('entities', () => {
  test('a resource with its links in full (JSON-2)', () => {
    expect(render({ is: 'entity', entity: compute })).toEqual(COMPUTE);
  });

  test('a link (JSON-4)', () => expect(render({ is: 'entity', entity: interfaceLink })).toEqual(LINK));

  test('empty members are left out, an unknown kind of the target as well (JSON-5)', () => {
    const link = { ...interfaceLink, mixins: [], attributes: {}, target: { location: 'http://elsewhere/1' } };
    expect(Object.keys(render({ is: 'entity', entity: link }))).toEqual(['kind', 'id', 'title', 'source', 'target']);
    const bare = { ...compute, mixins: [], attributes: {}, actions: [], links: [] };
    expect(Object.keys(render({ is: 'entity', entity: bare }))).toEqual(['kind', 'id', 'title', 'summary']);
  });

  test('any value survives (JSON-15)', () => {
    const attributes = { a: '"\\\u0007\n💾', b: [1, { c: true }], 'd"': -0.5, e: { f: [] } };
    expect(render({ is: 'entity', entity: { ...compute, attributes } }).attributes).toEqual(attributes);
  });
});

describe('collections', () => {
  const locations = ['/a'];

  test.each<[string, Answer, unknown]>([
    ['resources', { is: 'collection', locations, entities: [compute, compute] }, { resources: [COMPUTE, COMPUTE] }],
    ['links', { is: 'collection', locations, entities: [interfaceLink], links: true }, { links: [LINK] }],
    [
      'both',
      { is: 'collection', locations, entities: [interfaceLink, compute] },
      { resources: [COMPUTE], links: [LINK] },
    ],
    [
      'links alone, where resources may be',
      { is: 'collection', locations, entities: [interfaceLink, interfaceLink] },
      { resources: [], links: [LINK, LINK] },
    ],
    [
      'resources, where links are asked for',
      { is: 'collection', locations, entities: [compute, compute], links: true },
      { resources: [COMPUTE, COMPUTE], links: [] },
    ],
    ['none', { is: 'collection', locations: [], entities: [] }, { resources: [] }],
    ['no links', { is: 'collection', locations: [], entities: [], links: true }, { links: [] }],
    ['none, unread', { is: 'collection', locations: [] }, { resources: [] }],
    ['one created', { is: 'created', locations, entities: [compute] }, COMPUTE],
    ['several created', { is: 'created', locations, entities: [compute, compute] }, { resources: [COMPUTE, COMPUTE] }],
    ['links created', { is: 'created', locations, entities: [interfaceLink, interfaceLink] }, { links: [LINK, LINK] }],
    ['done', { is: 'done' }, {}],
  ])('%s (JSON-9, JSON-10)', (_name, answer, body) => expect(render(answer)).toEqual(body));

  test('entities that were not read are never passed over in silence', () => {
    expect(() => render({ is: 'collection', locations })).toThrow(TypeError);
  });
});

describe('discovery (JSON-6 to JSON-8, JSON-13)', () => {
  const { categories } = baseModel(KIND_TERMS, Object.keys(MIXINS) as MixinName[]);
  const body = render({ is: 'categories', categories });
  const find = (list: { term: string }[], term: string) => list.find((one) => one.term === term);

  test('the core kinds come first and have no location (HTTP-4)', () => {
    expect(body.kinds[0]).toMatchObject({ term: 'entity', scheme: 'http://schemas.ogf.org/occi/core#' });
    expect(body.kinds[0]).not.toHaveProperty('location');
  });

  test('a kind and its attributes', () => {
    expect(find(body.kinds, 'compute')).toMatchObject({
      parent: 'http://schemas.ogf.org/occi/core#resource',
      location: '/compute/',
      attributes: {
        'occi.compute.state': { mutable: false, required: false, type: 'string' },
        'occi.compute.memory': { mutable: true, type: 'number', description: 'GiB' },
        'occi.compute.cores': {
          mutable: true,
          required: false,
          type: 'number',
          pattern: { $schema: 'http://json-schema.org/draft-04/schema#', type: 'integer', minimum: 1, maximum: 4096 },
        },
        'occi.compute.architecture': { pattern: { type: 'string', enum: ['x86', 'x64'] } },
      },
    });
  });

  test('the members of objects in lists', () => {
    const rules = (find(body.kinds, 'securitygroup') as never as { attributes: Record<string, unknown> }).attributes;
    expect(rules['occi.securitygroup.rules']).toMatchObject({
      type: 'array',
      pattern: { type: 'array', items: { type: 'object', required: ['type'], additionalProperties: false } },
    });
  });

  test('a mixin says what it applies to and depends on; an action what it takes', () => {
    expect(find(body.mixins, 'ipnetwork')).toMatchObject({
      applies: ['http://schemas.ogf.org/occi/infrastructure#network'],
      location: '/mixin/ipnetwork/',
    });
    expect(find(body.mixins, 'small')).toMatchObject({
      depends: ['http://schemas.ogf.org/occi/infrastructure#resource_tpl'],
      attributes: { 'occi.compute.memory': { mutable: false, default: 1 } },
    });
    expect(find(body.actions, 'stop')).toMatchObject({ attributes: { method: { type: 'string', mutable: true } } });
  });
});

test('the Content-Type is the alias that was asked for, without a charset', () => {
  const { headers } = renderOcciJson({ is: 'done' }, contextOf('application/json'));
  expect(headers).toEqual({ 'Content-Type': 'application/json' });
});

test('an error has code, message and request id (ADR-14)', () => {
  const { body } = renderOcciJsonError({ status: 400, message: 'No.' }, context);
  expect(JSON.parse(body)).toEqual({ code: 400, message: 'No.', requestId: 'request-1' });
});
