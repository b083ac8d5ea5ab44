import { expect, test } from '@jest/globals';
import type { KindAdapter } from '../../../lib/adapter/contract.ts';
import { methodsOf, missing, termsOf } from './methods.ts';

const page = async () => ({ items: [] });
const reads = { ids: page, list: page, get: async () => ({ kind: 'storage', id: '1', attributes: {}, mixins: [] }) };
const kinds = { storage: reads as KindAdapter<'storage'> };
const seed = async () => '1';

test('kinds given by name alone are expected to have every method', () => {
  expect(methodsOf(['storage'], 'storage')).toEqual(['create', 'update', 'remove', 'act']);
  expect(missing(['entity', 'create', 'act'], 'storage', { kinds: ['storage'] })).toBeUndefined();
});

test('kinds of an adapter have the methods that it implements', () => {
  expect(termsOf(kinds)).toEqual(['storage']);
  expect(methodsOf(kinds, 'storage')).toEqual([]);
});

test('missing methods are named', () => {
  expect(missing(['entity'], 'storage', { kinds })).toBe('the adapter has no create, and the test no seed');
  expect(missing(['entity', 'remove'], 'storage', { kinds, seed })).toBe('the adapter has no remove');
  expect(missing([['remove', 'update']], 'storage', { kinds, seed })).toBe('the adapter has no remove and no update');
});

test('a seeded entity is enough for cases that only read', () => {
  expect(missing(['entity'], 'storage', { kinds, seed })).toBeUndefined();
  expect(missing(['create'], 'storage', { kinds, seed })).toBe('the adapter has no create');
});
