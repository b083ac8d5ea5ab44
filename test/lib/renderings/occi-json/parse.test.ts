import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseOcciJson } from '../../../../lib/renderings/occi-json/parse.ts';
import { processorTime } from '../../../processor-time.ts';
import { COMPUTE_ACTIONS, fixture, INFRASTRUCTURE, parsed, STOP } from '../golden.ts';

const parse = (body: unknown) => parseOcciJson({ body: typeof body === 'string' ? body : JSON.stringify(body) });
const kind = { term: 'compute', scheme: INFRASTRUCTURE, class: 'kind' } as const;

describe('golden exchanges', () => {
  test('an entity (JSON-2)', () => {
    expect(parse(fixture('occi-json/compute.json'))).toEqual(
      parsed({
        categories: [
          kind,
          { term: 'small', scheme: 'http://schemas.ogf.org/occi/infrastructure/compute/template/1.1#', class: 'mixin' },
        ],
        attributes: {
          'occi.core.id': 'urn:uuid:0c1c4d2e-5d0e-4a57-9f0b-0d2f4f1f8f0c',
          'occi.core.title': 'web',
          'occi.compute.cores': 1,
          'occi.compute.memory': 1,
          'occi.compute.state': 'inactive',
        },
        actions: [{ uri: '?action=start', rel: `${COMPUTE_ACTIONS}start` }],
        links: [
          {
            target: '/storage/12ab',
            rel: [`${INFRASTRUCTURE}storage`],
            category: [`${INFRASTRUCTURE}storagelink`],
            attributes: {
              'occi.core.id': 'urn:uuid:5f3b9a52-6c0e-4a0c-8a55-0b8d3f6f2a10',
              'occi.core.source': '/compute/8f0c',
              'occi.core.source.kind': `${INFRASTRUCTURE}compute`,
              'occi.core.target': '/storage/12ab',
              'occi.storagelink.deviceid': '/dev/vdb',
              'occi.storagelink.state': 'active',
            },
          },
        ],
      }),
    );
  });

  test('an action (JSON-3)', () => expect(parse(fixture('occi-json/action.json'))).toEqual(STOP));

  test('categories (JSON-11)', () => {
    const [compute] = parse(fixture('occi-json/discovery.json')).parts[0]!.categories;
    expect(compute).toEqual({
      ...kind,
      title: 'Compute',
      rel: ['http://schemas.ogf.org/occi/core#resource'],
      location: '/compute/',
      actions: [`${COMPUTE_ACTIONS}start`],
      attributes: [
        { name: 'occi.compute.architecture', immutable: false, required: false },
        { name: 'occi.compute.state', immutable: true, required: false },
      ],
    });
  });

  test('an entity as clients sent it before 1.2 (CLIENT-28)', () => {
    const [part] = parse(fixture('occi-json/before-1.2.json')).parts;
    expect(part?.attributes).toEqual({
      'occi.core.id': '84596363-f3ca-49a3-af65-5b604de2a829',
      'occi.core.title': 'vm2',
      'occi.compute.hostname': 'vm2',
    });
    expect(part?.links).toEqual([
      {
        target: '/storage/ec2b',
        rel: [`${INFRASTRUCTURE}storage`],
        category: [`${INFRASTRUCTURE}storagelink`],
        attributes: {
          'occi.core.id': 'bb3c861e-07d1-4778-a618-cdfc652d27a1',
          'occi.core.source': '/compute/8459',
          'occi.core.target': '/storage/ec2b',
        },
      },
    ]);
  });
});

describe('collections', () => {
  test('resources and links, each a part of its own (JSON-9, JSON-10)', () => {
    const target = { location: '/storage/2', kind: `${INFRASTRUCTURE}storage` };
    const { parts } = parse({ resources: [{ id: 'a' }, { id: 'b' }], links: [{ source: '/compute/1', target }] });
    expect(parts.map(({ attributes }) => attributes)).toEqual([
      { 'occi.core.id': 'a' },
      { 'occi.core.id': 'b' },
      {
        'occi.core.source': '/compute/1',
        'occi.core.target': '/storage/2',
        'occi.core.target.kind': `${INFRASTRUCTURE}storage`,
      },
    ]);
  });

  test('an entity with links is no collection of links', () => {
    expect(parse({ kind: `${INFRASTRUCTURE}compute`, links: [] }).parts).toHaveLength(1);
    expect(parse({ title: 'a', links: [{ target: '/network/1' }] }).parts).toMatchObject([
      { attributes: { 'occi.core.title': 'a' }, links: [{ target: '/network/1', rel: [] }] },
    ]);
  });

  test('mixins by identifier or in full (CLIENT-26)', () => {
    const full = {
      term: 'b',
      scheme: 'urn:m:',
      related: ['urn:r:1'],
      attributes: { x: { y: { mutable: true } } },
      odd: 1,
    };
    expect(parse({ mixins: ['http://m#a', full] }).parts[0]?.categories).toEqual([
      { term: 'a', scheme: 'http://m#', class: 'mixin' },
      {
        term: 'b',
        scheme: 'urn:m:',
        class: 'mixin',
        rel: ['urn:r:1'],
        attributes: [{ name: 'x.y', immutable: false, required: false }],
      },
    ]);
  });
});

describe('other forms of the field', () => {
  const LARGE = { term: 'large', scheme: 'http://m#', title: 'Large' };

  test('locations, alone, beside entities and beside an action', () => {
    expect(parse({ locations: ['/compute/1', 'http://h/compute/2'] })).toEqual({
      parts: [],
      locations: ['/compute/1', 'http://h/compute/2'],
    });
    expect(parse({ locations: [] })).toEqual({ parts: [], locations: [] });
    expect(parse({ locations: ['/a'], resources: [{ id: 'b' }] })).toMatchObject({
      parts: [{ attributes: { 'occi.core.id': 'b' } }],
      locations: ['/a'],
    });
    expect(parse({ action: 'http://a#stop', locations: ['/a'], resources: [{ id: 'b' }] })).toMatchObject({
      parts: [{ categories: [{ term: 'stop' }] }, { attributes: { 'occi.core.id': 'b' } }],
      locations: ['/a'],
    });
  });

  test('one category without its list is read as in it', () => {
    fc.assert(
      fc.property(fc.constantFrom(LARGE, 'http://m#large', { ...LARGE, odd: 1 }), (one) => {
        expect(parse({ mixins: one })).toEqual(parse({ mixins: [one] }));
        expect(parse({ kind: 'http://k#a', mixins: one })).toEqual(parse({ kind: 'http://k#a', mixins: [one] }));
      }),
    );
    expect(parse(LARGE).parts).toMatchObject([
      { categories: [{ term: 'large', scheme: 'http://m#', title: 'Large' }] },
    ]);
    expect(parse(LARGE).parts[0]!.categories[0]!.class).toBeUndefined();
  });

  test('self of an inline link', () => {
    const links = [{ target: { location: '/network/1' }, self: '/networkinterface/2' }];
    expect(parse({ title: 'a', links }).parts[0]!.links).toMatchObject([{ self: '/networkinterface/2' }]);
  });

  test('location where the request goes', () => {
    const sent = (location: string, path = '/compute/a b') =>
      parseOcciJson({
        body: JSON.stringify({ title: 'a', location }),
        path,
        origin: 'https://h:1',
        headers: { host: ['H.example.org'] },
      });
    for (const location of [
      '/compute/a b',
      '/compute/a%20b',
      '/compute/a%20b/',
      '//compute/a%20b',
      'https://h:1/compute/a%20b',
      'http://h.example.org/compute/a%20b',
    ]) {
      expect(sent(location)).toEqual(parse({ title: 'a' }));
    }
    for (const location of [
      '/compute/a',
      '/compute/',
      '',
      'https://elsewhere/compute/a%20b',
      '/compute/a%20b?x',
      '%',
    ]) {
      expect(() => sent(location)).toThrow(/location is .* not the path of the request/);
    }
    expect(() => sent('/compute/', '/compute/')).toThrow(/not the path of the request/);
  });
});

describe('attributes', () => {
  const attributesOf = (attributes: unknown) => parse({ attributes }).parts[0]!.attributes;

  test('undotted keys with objects are nests, dotted keys hold values (JSON-12, JSON-15)', () => {
    expect(
      attributesOf({ occi: { 'compute.cores': 1, core: {} }, 'a.b': { c: { d: 1 } }, e: [1, { f: 'g' }] }),
    ).toEqual({
      'occi.compute.cores': 1,
      'a.b': { c: { d: 1 } },
      e: [1, { f: 'g' }],
    });
  });

  const body = { id: 'a', title: 'b', summary: 'c', source: '/d', target: { location: '/e' } };
  const said = {
    'occi.core.id': 'a',
    'occi.core.title': 'b',
    'occi.core.summary': 'c',
    'occi.core.source': '/d',
    'occi.core.target': '/e',
  };

  test('the members of the entity may say what its attributes say', () => {
    const core = { id: 'urn:uuid:A', title: 'b', summary: 'c', source: '/d', target: '/e' };
    const [part] = parse({ ...body, attributes: { occi: { core } } }).parts;
    expect(part?.attributes).toEqual(said);
    expect(part?.again).toBeUndefined();
  });

  test('an end in other words is kept beside, for where it is looked up', () => {
    const core = { source: 'urn:uuid:d', target: 'http://example.org/e' };
    const [part] = parse({ ...body, attributes: { occi: { core } } }).parts;
    expect(part?.attributes).toEqual(said);
    expect(part?.again).toEqual({ 'occi.core.source': 'urn:uuid:d', 'occi.core.target': 'http://example.org/e' });
  });

  test.each(['id', 'title', 'summary'] as const)('two values of %s are one too many', (member) => {
    const attributes = { occi: { core: { [member]: 'x' } } };
    expect(() => parse({ ...body, attributes })).toThrow(`occi.core.${member} is given two different values.`);
  });

  test('names of objects are names like any other', () => {
    const attributes = attributesOf({ constructor: 1, hasOwnProperty: 'x' });
    expect(Object.keys(attributes)).toEqual(['constructor', 'hasOwnProperty']);
    expect(attributes.toString).toBeUndefined();
  });

  test('a link end among the attributes is an end (CLIENT-28)', () => {
    const link = { attributes: { 'occi.core.target': '/network/1' }, rel: 'urn:k:network' };
    expect(parse({ kind: 'http://k#compute', links: [link] }).parts[0]?.links[0]).toMatchObject({
      target: '/network/1',
      rel: ['urn:k:network'],
    });
  });
});

describe('refused', () => {
  test.each<[unknown, string]>([
    ['', 'The body is not valid JSON: it ends too early.'],
    ['{"kind":', 'The body is not valid JSON: it ends too early.'],
    ['null', 'The body must be a JSON object, not null.'],
    ['[]', 'The body must be a JSON object, not a list.'],
    ['"a"', 'The body must be a JSON object, not a string.'],
    ['1', 'The body must be a JSON object, not a number.'],
    ['['.repeat(500_000), 'The body nests more than 32 levels deep.'],
    [`${'{"a":'.repeat(33)}1${'}'.repeat(33)}`, 'The body nests more than 32 levels deep.'],
    [{ kind: 1 }, 'kind must be a string.'],
    [{ kind: 'compute' }, 'kind is not a type identifier.'],
    [{ kind: 'http://k#a b' }, 'kind is not a type identifier.'],
    ['{"kind":"http://k#a', 'The body is not valid JSON: a string has no closing quote.'],
    [{ kind: 'http://k#a', unknown: 1 }, 'unknown is not a member of this object.'],
    [{ kind: 'http://k#a', attribute: {} }, 'attribute is not a member of this object (did you mean attributes?).'],
    [{ kind: 'http://k#a', mixin: [] }, 'mixin is not a member of this object (did you mean mixins?).'],
    [{ kinds: 'http://k#a', title: 'a' }, 'kinds is not a member of this object (did you mean kind?).'],
    [{ Title: 'a' }, 'Title is not a member of this object (did you mean title?).'],
    [{ resource: [] }, 'resource is not a member of this object (did you mean resources?).'],
    [
      { resources: [{ atributes: {} }] },
      'resources[0].atributes is not a member of this object (did you mean attributes?).',
    ],
    [
      { title: 'a', links: [{ target: '/a', selfs: '/b' }] },
      'links[0].selfs is not a member of this object (did you mean self?).',
    ],
    [{ action: 'http://a#b', attribute: {} }, 'attribute is not a member of this object (did you mean attributes?).'],
    [{ resources: [], title: 'a' }, 'title is not a member of this object.'],
    [{ resources: [], unknown: 1 }, 'unknown is not a member of this object.'],
    [{ locations: ['/a', '/b c'] }, 'locations[1] is not a URI: "/b c".'],
    [{ locations: '/a' }, 'locations must be a list.'],
    [{ title: 'a', links: [{ target: '/a', self: '/b c' }] }, 'links[0].self is not a URI.'],
    [{ term: 'a' }, 'The body must be a category with term and scheme.'],
    [{ term: 'a b', scheme: 'urn:a:' }, 'term is not a term: "a b".'],
    [{ mixins: {} }, 'mixins[0] must be a type identifier or a category with term and scheme.'],
    [{ action: 'http://k#a', kind: 'http://k#a' }, 'kind is not a member of this object.'],
    [{ resources: {} }, 'resources must be a list.'],
    [{ resources: [null] }, 'resources[0] must be an object.'],
    [
      { resources: [{}, { links: [{ target: 5 }] }] },
      'resources[1].links[0].target must be a location or an object of location and kind.',
    ],
    [
      { id: 'a', links: [{ target: { location: '/a', href: '/b' } }] },
      'links[0].target must be a location or an object of location and kind.',
    ],
    [{ id: 'a', links: [{}] }, 'links[0].target is missing.'],
    [{ id: 'a', links: [{ target: '/a b' }] }, 'links[0].target is not a URI.'],
    [{ mixins: [1] }, 'mixins[0] must be a type identifier or a category with term and scheme.'],
    [{ mixins: [{ term: '', scheme: 'urn:a:' }] }, 'mixins[0].term is not a term: "".'],
    [{ mixins: [{ term: 'a', scheme: 'b c' }] }, 'mixins[0].scheme is not a URI: "b c".'],
    [{ mixins: [{ term: 'a', scheme: 'urn:a:', location: 1 }] }, 'mixins[0].location must be a URI.'],
    [{ attributes: null }, 'attributes must be an object.'],
    [{ attributes: [] }, 'attributes must be an object.'],
    [{ attributes: { a: null } }, 'attributes.a is or holds a null or a number out of range.'],
    [{ attributes: { 'a.b': { c: [null] } } }, 'attributes.a.b is or holds a null or a number out of range.'],
    ['{"attributes":{"a":1e999}}', 'attributes.a is or holds a null or a number out of range.'],
    [{ attributes: { 'a b': 1 } }, 'attributes: "a b" is not the name of an attribute.'],
    ['{"attributes":{"__proto__":{"a":1}}}', 'attributes: "__proto__" is not the name of an attribute.'],
    [{ attributes: { 'a.b': 1, a: { b: 2 } } }, 'attributes: a.b is given two different values.'],
    [{ title: 'a\u0007' }, 'title: the character U+0007 is not allowed.'],
    [{ title: 'a\nb' }, 'title: the character U+000A is not allowed.'],
    [{ attributes: { a: ['\u0085'] } }, 'attributes.a[0]: the character U+0085 is not allowed.'],
    ['{"title":"\\ud800"}', 'title: the character U+D800 is not allowed.'],
    ['{"a\\u0000":1}', 'The body has a name with a control character.'],
  ])('%j', (body, message) => {
    expect(() => parse(body)).toThrow(expect.objectContaining({ failure: 'invalid', message }));
  });

  test('a prototype cannot be set', () => {
    expect(() => parse('{"__proto__":{"id":"x"},"id":"a"}')).toThrow(expect.objectContaining({ failure: 'invalid' }));
    expect(({} as { id?: string }).id).toBeUndefined();
  });
});

test('large bodies take no more than linear time', () => {
  const spent = processorTime();
  parse({ attributes: Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`a.b${index}`, '"\\'])) });
  parse({ resources: Array.from({ length: 5_000 }, (_, index) => ({ id: `a${index}` })) });
  expect(spent()).toBeLessThan(3000);
});
