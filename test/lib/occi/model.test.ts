import { describe, expect, test } from '@jest/globals';
import { applicableActions } from '../../../lib/occi/applicable-actions.ts';
import { categoryOf, kindTermOf } from '../../../lib/occi/identifiers.ts';
import { KIND_TERMS } from '../../../lib/occi/kinds/index.ts';
import { MIXINS, type MixinName } from '../../../lib/occi/mixins/index.ts';
import { baseModel } from '../../../lib/occi/model.ts';
import { type Mixin, typeId } from '../../../lib/occi/types.ts';

const INF = 'http://schemas.ogf.org/occi/infrastructure#';
const base = baseModel(KIND_TERMS, Object.keys(MIXINS) as MixinName[]);
const mixin = (term: string, more: Partial<Mixin> = {}): Mixin => ({
  scheme: 'http://example.org/os_tpl#',
  term,
  location: `/mixin/os_tpl/${term}/`,
  depends: [`${INF}os_tpl`],
  ...more,
});
const tag = mixin('mine', { scheme: 'http://example.org/tags#', location: '/mine/', depends: [] });

describe('The model of an endpoint', () => {
  test('tells core kinds first, then kinds, mixins and actions (SUITE-1)', () => {
    const classes = base.with([mixin('debian')], [tag]).categories.map((category) => category.class);
    const blocks = classes.filter((one, index) => one !== classes[index - 1]);
    expect(blocks).toEqual(['kind', 'mixin', 'action']);
    expect(base.categories.slice(0, 3).map(({ term }) => term)).toEqual(['entity', 'resource', 'link']);
  });

  test('has the kinds and mixins that its cloud serves, and the actions of those kinds only', () => {
    const small = baseModel(['storage'], []);
    expect(small.find(`${INF}storage`)).toMatchObject({ class: 'kind', kind: 'storage' });
    expect(small.find(`${INF}compute`)).toBeUndefined();
    expect(
      small.categories.filter(({ class: of }) => of === 'action').every(({ scheme }) => scheme.includes('/storage/')),
    ).toBe(true);
    expect(small.categories.filter(({ class: of }) => of === 'mixin')).toEqual([]);
    expect(
      baseModel([], ['resource_tpl']).find('http://schemas.ogf.org/occi/infrastructure/compute/template/1.1#small'),
    ).toBeDefined();
  });

  test('finds by identifier, and by location with or without its slash', () => {
    const model = base.with([mixin('debian')], [tag]);
    expect(model.find('http://example.org/os_tpl#debian')).toMatchObject({ by: 'provider', depends: [`${INF}os_tpl`] });
    expect(model.find('http://example.org/tags#mine')).toMatchObject({ by: 'user' });
    for (const path of ['/mine/', '/mine']) expect(model.at(path)).toBe(model.find(typeId(tag)));
    for (const path of ['/', '', '/min', '/mine/x', 'constructor', '/__proto__/'])
      expect(model.at(path)).toBeUndefined();
    for (const id of ['constructor', '__proto__', '', `${INF}`]) expect(model.find(id)).toBeUndefined();
  });

  test('knows below which paths collections live (HTTP-5)', () => {
    const model = base.with([], [mixin('x', { location: '/my/tags/x/' })]);
    for (const path of ['/', '/my', '/my/', '/my/tags', '/mixin']) expect(model.hasBelow(path)).toBe(true);
    for (const path of ['/m', '/my/tag', '/my/tags/x/y', '/nothing/']) expect(model.hasBelow(path)).toBe(false);
  });

  test('knows what depends on what (CORE-10)', () => {
    const model = base.with([mixin('debian')], [mixin('lost', { depends: ['http://example.org/none#none'] })]);
    const debian = 'http://example.org/os_tpl#debian';
    expect(model.isOrDependsOn(debian, debian)).toBe(true);
    expect(model.isOrDependsOn(debian, `${INF}os_tpl`)).toBe(true);
    expect(model.isOrDependsOn(`${INF}os_tpl`, debian)).toBe(false);
    expect(model.isOrDependsOn('http://example.org/os_tpl#lost', `${INF}os_tpl`)).toBe(false);
    expect(model.isOrDependsOn('none', 'other')).toBe(false);
  });

  test('describes a mixin once, so that what renderings make of it can be kept', () => {
    const debian = mixin('debian');
    expect(base.with([debian], []).find(typeId(debian))).toBe(base.with([debian], [tag]).find(typeId(debian)));
    expect(base.with([], [])).toBe(base);
  });
});

describe('Actions that apply now (H11-14)', () => {
  test.each([
    ['inactive', ['start', 'save']],
    ['suspended', ['start']],
    ['active', ['stop', 'restart', 'suspend', 'save']],
    ['waiting', []],
    ['error', []],
    ['unheard of', []],
    [undefined, []],
    ['constructor', []],
  ])('of a compute that is %s', (state, terms) => {
    expect(applicableActions('compute', state).map(({ term }) => term)).toEqual(terms);
  });
});

describe('Type identifiers (CORE-1)', () => {
  test.each([`${INF}compute`, 'http://example.org/a#b', 'http://example.org/a/b#c.d-e_f', 'urn:x#y'])(
    '%s is parted where its scheme ends',
    (id) => {
      const { scheme, term } = categoryOf(id);
      expect(scheme + term).toBe(id);
      expect(scheme).toMatch(/#$/);
    },
  );

  test('of kinds are known, others are not', () => {
    expect(kindTermOf(`${INF}storagelink`)).toBe('storagelink');
    for (const id of ['compute', `${INF}none`, 'http://schemas.ogf.org/occi/core#entity', 'constructor', '__proto__'])
      expect(kindTermOf(id)).toBeUndefined();
  });
});
