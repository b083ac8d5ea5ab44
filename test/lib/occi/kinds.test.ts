import { describe, expect, test } from '@jest/globals';
import {
  CORE_KINDS,
  isLinkTerm,
  KIND_TERMS,
  KINDS,
  type KindTerm,
  LINK_KINDS,
  RESOURCE_KINDS,
} from '../../../lib/occi/kinds/index.ts';
import { CRTP_TEMPLATES, MIXINS } from '../../../lib/occi/mixins/index.ts';
import { actionScheme, type Kind, type Mixin, typeId } from '../../../lib/occi/types.ts';

const CORE = 'http://schemas.ogf.org/occi/core#';
const INF = 'http://schemas.ogf.org/occi/infrastructure';
const kindOf = (term: KindTerm): Kind => KINDS[term];
const mixins: readonly Mixin[] = [...Object.values(MIXINS), ...CRTP_TEMPLATES];

describe('The core kinds (CORE-7, HTTP-4)', () => {
  test('always exist, and have a location but for the entity, as GFD.226 §3.2.1 wants it', () => {
    expect(Object.values(CORE_KINDS).map((kind: Kind) => [typeId(kind), kind.parent, kind.location])).toEqual([
      [`${CORE}entity`, undefined, undefined],
      [`${CORE}resource`, `${CORE}entity`, '/resource/'],
      [`${CORE}link`, `${CORE}entity`, '/link/'],
    ]);
  });
});

describe.each(KIND_TERMS)('The kind %s', (term) => {
  const kind = kindOf(term);

  test('stands under its term, at a location of its own that ends in a slash (HTTP-1, H11-1)', () => {
    expect([typeId(kind), kind.location]).toEqual([`${INF}#${term}`, `/${term}/`]);
  });

  test('inherits from core what its sort has (CORE-7)', () => {
    const parent = isLinkTerm(term) ? `${CORE}link` : `${CORE}resource`;
    expect(kind.parent).toBe(term === 'ipreservation' ? `${INF}#network` : parent);
    const inherited: Kind = isLinkTerm(term) ? CORE_KINDS.link : CORE_KINDS.resource;
    expect(kind.attributes).toMatchObject(inherited.attributes as object);
  });

  test('has a state that only the server sets, with a message, and a life for each of its values (INF-19)', () => {
    const { attribute, initial, actions } = kind.life!;
    expect(attribute).toBe(`occi.${term}.state`);
    expect(Object.keys(actions)).toContain(initial);
    expect(kind.attributes[attribute]).toMatchObject({ mutable: false, values: Object.keys(actions) });
    expect(kind.attributes[`${attribute}.message`]).toMatchObject({ type: 'string', mutable: false });
    for (const [state, terms] of Object.entries(actions)) {
      if (['waiting', 'error'].includes(state)) expect(terms).toEqual([]);
      for (const action of terms) expect(Object.keys(kind.actions ?? {})).toContain(action);
    }
    const used = new Set(Object.values(actions).flat());
    expect([...used].toSorted()).toEqual(Object.keys(kind.actions ?? {}).toSorted());
  });

  test('keeps its attributes in reserved names, as the specification does (CORE-5)', () => {
    for (const name of Object.keys(kind.attributes))
      expect(name).toMatch(new RegExp(`^occi\\.(core|${term})\\.[a-z0-9_.]+$`));
    expect(kind.attributes['occi.core.id']).toMatchObject({ mutable: false, required: true });
  });

  test('points from kinds to kinds if it is a link', () => {
    if (!isLinkTerm(term)) return expect([kind.source, kind.target]).toEqual([undefined, undefined]);
    for (const ends of [kind.source!, kind.target!]) {
      expect(ends.length).toBeGreaterThan(0);
      for (const id of ends) expect(Object.keys(RESOURCE_KINDS).map((one) => `${INF}#${one}`)).toContain(id);
    }
  });
});

describe('The attributes of GFD.224, by type and mutability', () => {
  const specified: Record<string, [KindTerm, string, boolean]> = {
    'occi.compute.architecture': ['compute', 'string', true],
    'occi.compute.cores': ['compute', 'integer', true],
    'occi.compute.hostname': ['compute', 'string', true],
    'occi.compute.share': ['compute', 'integer', true],
    'occi.compute.memory': ['compute', 'number', true],
    'occi.compute.speed': ['compute', 'number', true],
    'occi.network.vlan': ['network', 'integer', true],
    'occi.network.label': ['network', 'string', true],
    'occi.storage.size': ['storage', 'number', true],
    'occi.networkinterface.interface': ['networkinterface', 'string', false],
    'occi.networkinterface.mac': ['networkinterface', 'string', true],
    'occi.storagelink.deviceid': ['storagelink', 'string', true],
    'occi.storagelink.mountpoint': ['storagelink', 'string', true],
    'occi.ipreservation.address': ['ipreservation', 'string', true],
    'occi.ipreservation.used': ['ipreservation', 'boolean', false],
    'occi.securitygroup.rules': ['securitygroup', 'array', true],
  };
  test.each(Object.entries(specified))('%s (INF-2 to INF-13, EXT-6, EXT-7)', (name, [term, type, mutable]) => {
    expect(kindOf(term).attributes[name]).toMatchObject({ type, mutable });
  });

  test('of those that a client can set, only the size of a storage must be sent (SUITE-6)', () => {
    const required = KIND_TERMS.flatMap((term) =>
      Object.entries(kindOf(term).attributes)
        .filter(([, { mutable, required }]) => mutable && required)
        .map(([name]) => name),
    );
    const ends = ['occi.core.source', 'occi.core.target'];
    expect(required.filter((name) => !ends.includes(name))).toEqual(['occi.storage.size']);
  });
});

test('the actions of GFD.224 with their methods (INF-3, INF-7, INF-10, D-21)', () => {
  const actions = Object.fromEntries(
    KIND_TERMS.map((term) => [
      term,
      Object.fromEntries(
        Object.entries(kindOf(term).actions ?? {}).map(([name, { attributes = {} }]) => [
          name,
          attributes.method?.values ?? Object.keys(attributes),
        ]),
      ),
    ]),
  );
  expect(actions).toMatchObject({
    compute: {
      start: [],
      stop: ['graceful', 'acpioff', 'poweroff'],
      restart: ['graceful', 'warm', 'cold'],
      suspend: ['hibernate', 'suspend'],
      save: ['hot', 'deferred'],
    },
    network: { up: [], down: [] },
    storage: { online: [], offline: [], backup: [], snapshot: [], resize: ['size'] },
  });
  expect(actionScheme(KINDS.compute)).toBe(`${INF}/compute/action#`);
});

describe('Mixins', () => {
  test('apply to kinds that exist, depend on mixins that exist, and each has a place of its own (HTTP-1)', () => {
    const kinds = KIND_TERMS.map((term) => typeId(KINDS[term]));
    const ids = mixins.map(typeId);
    for (const { applies = [], depends = [], location } of mixins) {
      for (const id of applies) expect(kinds).toContain(id);
      for (const id of depends) expect(ids).toContain(id);
      expect(location).toMatch(/^\/mixin\/[a-z0-9_/]+\/$/);
    }
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(mixins.map(({ location }) => location)).size).toBe(mixins.length);
  });

  test.each([
    ['small', 1, 1, 10],
    ['medium', 2, 2, 20],
    ['large', 4, 4, 40],
    ['mem_small', 1, 4, 10],
    ['mem_medium', 2, 8, 20],
    ['mem_large', 4, 16, 40],
  ])('the CRTP template %s: %d cores, %d GiB, %d GiB of disk (GFD.222 §6)', (term, cores, memory, disk) => {
    const template: Mixin = CRTP_TEMPLATES.find((one) => one.term === term)!;
    expect(template).toMatchObject({ scheme: `${INF}/compute/template/1.1#`, depends: [`${INF}#resource_tpl`] });
    const defaults = Object.values(template.attributes!).map((definition) => definition.default);
    expect(defaults).toEqual([cores, memory, disk]);
  });

  test('in the words of the documents (INF-8, INF-12, INF-15 to INF-18, EXT-1, EXT-2)', () => {
    const ids = mixins.map(typeId);
    for (const id of [
      `${INF}#os_tpl`,
      `${INF}#resource_tpl`,
      `${INF}/network#ipnetwork`,
      `${INF}/networkinterface#ipnetworkinterface`,
      `${INF}/credentials#ssh_key`,
      `${INF}/compute#user_data`,
      'http://schemas.openstack.org/compute/instance#user_data',
      'http://schemas.openstack.org/instance/credentials#public_key',
    ]) {
      expect(ids).toContain(id);
    }
  });
});

test('no title that we choose holds what clients split at (SUITE-3, SUITE-5, ADR-19)', () => {
  const titles = [...Object.values(CORE_KINDS), ...Object.values(KINDS)].flatMap((kind: Kind) => [
    kind.title,
    ...Object.values(kind.actions ?? {}).map(({ title }) => title),
  ]);
  for (const title of [...titles, ...mixins.map((mixin) => mixin.title ?? '')])
    expect(title).toMatch(/^[A-Za-z0-9 .-]+$/);
});

test('an attribute has one definition wherever it stands, but for what templates fix', () => {
  const seen = new Map<string, string>();
  const tables: (Kind | Mixin)[] = [...Object.values(KINDS), ...Object.values(MIXINS)];
  for (const { attributes = {} } of tables) {
    for (const [name, { type, format }] of Object.entries(attributes)) {
      expect(seen.get(name) ?? `${type} ${format}`).toBe(`${type} ${format}`);
      seen.set(name, `${type} ${format}`);
    }
  }
  expect(Object.keys(LINK_KINDS)).toHaveLength(3);
});
