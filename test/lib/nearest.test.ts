import { expect, test } from '@jest/globals';
import { nearest } from '../../lib/nearest.ts';
import { processorTime } from '../processor-time.ts';

const NAMES = ['adapter', 'auth', 'publicUrl', 'trustProxy', 'states', 'limits', 'cors'];

test.each([
  ['adaptor', 'adapter'],
  ['adpater', 'adapter'],
  ['ADAPTER', 'adapter'],
  ['public_url', 'publicUrl'],
  ['publicURI', 'publicUrl'],
  ['state', 'states'],
  ['cor', 'cors'],
  ['colour', undefined],
  ['', undefined],
  ['x'.repeat(100_000), undefined],
])('%.20s is meant as %s', (written, meant) => {
  expect(nearest(written, NAMES)).toBe(meant);
});

const IDS = [
  'http://schemas.ogf.org/occi/infrastructure#compute',
  'http://schemas.ogf.org/occi/infrastructure#storage',
  'http://schemas.ogf.org/occi/infrastructure#storagelink',
  'http://schemas.ogf.org/occi/infrastructure/compute#user_data',
  'http://schemas.openstack.org/compute/instance#user_data',
];

test.each([
  ['http://schemas.ogf.org/occi/infrastructure#Compute', IDS[0]],
  ['http://schemas.ogf.org/occi/infrastructurecompute', IDS[0]],
  ['http://schemas.ogf.org/occi/infrastructure/compute', IDS[0]],
  ['http://schemas.ogf.org/occi/infrastucture#compute', IDS[0]],
  ['http://schemas.ogf.org/occi/infrastructure#copmute', IDS[0]],
  ['http://schemas.ogf.org/occi/infrastructure#storages', IDS[1]],
  ['http://schemas.ogf.org/occi/infrastructure#storagelinks', IDS[2]],
  ['http://schemas.ogf.org/occi/infrastructure#user_data', IDS[3]],
  ['http://schemas.openstack.org/compute/#user_data', IDS[4]],
  ['http://schemas.ogf.org/occi/infrastructure#volume', undefined],
  ['http://example.org/other#comput', undefined],
])('the identifier %s is meant as %s', (written, meant) => {
  expect(nearest(written, IDS)).toBe(meant);
});

const ATTRIBUTES = ['occi.compute.cores', 'occi.compute.memory', 'occi.compute.speed', 'occi.core.title'];

test.each([
  ['occi.compute.core', ATTRIBUTES[0]],
  ['occi.compute.memroy', ATTRIBUTES[1]],
  ['cores', ATTRIBUTES[0]],
  ['compute.cores', ATTRIBUTES[0]],
  ['title', ATTRIBUTES[3]],
  ['occi.compute.foo', undefined],
  ['occi.compute.', undefined],
])('the attribute %s is meant as %s', (written, meant) => {
  expect(nearest(written, ATTRIBUTES)).toBe(meant);
});

test('thousands of names, each like the written one, take milliseconds', () => {
  const scheme = 'http://example.org/occi/infrastructure/os_tpl#';
  const word = 'x'.repeat(50);
  const names = Array.from({ length: 5000 }, (_, n) => `${scheme}${word}${String(n).padStart(5, '0')}`);
  const spent = processorTime();
  nearest(`${scheme}${word}yyyyy`, names);
  expect(spent()).toBeLessThan(300);
});
