import { expect, test } from '@jest/globals';
import { catalogueMixin, schemesBelow, termAmong, titleFrom } from '../../../lib/adapter/catalogue.ts';
import { changedAttributes, changedMixins } from '../../../lib/adapter/changes.ts';
import type { LinkDraft, Native } from '../../../lib/adapter/contract.ts';
import { inOrder } from '../../../lib/adapter/link-order.ts';
import { MIXINS } from '../../../lib/occi/mixins/index.ts';
import { typeId } from '../../../lib/occi/types.ts';

const SCHEMES = schemesBelow('http://cloud.example.org/occi');

test('An entry of the catalogue depends on its base, and lies below its location', () => {
  expect(catalogueMixin(SCHEMES, 'os_tpl', 'debian', 'Debian, "12"')).toEqual({
    scheme: 'http://cloud.example.org/occi/os_tpl#',
    term: 'debian',
    title: 'Debian 12',
    depends: [typeId(MIXINS.os_tpl)],
    applies: MIXINS.os_tpl.applies,
    location: '/mixin/os_tpl/debian/',
  });
});

test('A pool applies to reservations, which take their address from it', () => {
  expect(catalogueMixin(SCHEMES, 'floatingippool', 'public', 'Public').applies).toEqual([
    'http://schemas.ogf.org/occi/infrastructure#ipreservation',
  ]);
});

test('A title is one line that no client cuts, and the term where nothing is left of a name', () => {
  expect(titleFrom(' a,b;"c"\\d\n\te\u0007f ')).toBe('a b c d e f');
  expect(catalogueMixin(SCHEMES, 'region', 'r1', ',;').title).toBe('r1');
});

test('The term of an entry is found among mixins by its scheme alone', () => {
  const mixins = [MIXINS.ssh_key, catalogueMixin(SCHEMES, 'os_tpl', 'debian', 'Debian')];
  expect(termAmong(SCHEMES.os_tpl, mixins)).toBe('debian');
  expect(termAmong(SCHEMES.region, mixins)).toBeUndefined();
});

test('Setting an attribute to its value, and unsetting one that is absent, change nothing', () => {
  const native = { attributes: { a: 1, b: 'x' }, mixins: ['m#one'] } as unknown as Native;
  expect(changedAttributes(native, { set: { a: 1, b: 'y', c: 2 }, unset: ['a', 'd'] })).toEqual(['b', 'c', 'a']);
  const two = { scheme: 'm#', term: 'two' } as never;
  const one = { scheme: 'm#', term: 'one' } as never;
  expect(changedMixins(native, { addMixins: [one, two], removeMixins: ['m#one', 'm#three'] })).toEqual([
    'm#two',
    'm#one',
  ]);
});

test('Links come in the order of the draft, also two to one network; those of the cloud follow', () => {
  const link = (id: string, target: string) =>
    ({ kind: 'networkinterface', id, target: { kind: 'network', id: target } }) as Native;
  const draft = (target: string) =>
    ({ kind: 'networkinterface', target: { kind: 'network', id: target } }) as LinkDraft;
  const native = { links: [link('0', 'a'), link('1', 'b'), link('2', 'a')] } as unknown as Native<'compute'>;
  const ids = (drafts: readonly LinkDraft[], from: 'start' | 'end') =>
    inOrder(native, drafts, from).links!.map(({ id }) => id);
  expect(ids([draft('b'), draft('a')], 'start')).toEqual(['1', '0', '2']);
  expect(ids([draft('b'), draft('a')], 'end')).toEqual(['1', '2', '0']);
  expect(ids([draft('a'), draft('a')], 'end')).toEqual(['0', '2', '1']);
  expect(ids([draft('c')], 'start')).toEqual(['0', '1', '2']);
});
