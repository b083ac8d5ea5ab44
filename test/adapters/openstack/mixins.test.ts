/** Names and ids of OpenStack as terms of mixins, and back. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  flavorAmong,
  flavorMixin,
  imageAmong,
  imageMixin,
  imageMixinId,
  nameOf,
  termOf,
  zoneAmong,
  zoneMixin,
} from '../../../adapters/openstack/mixins.ts';
import { flavorsAnswer } from '../../../adapters/openstack/native/catalogue.ts';
import { typeId } from '../../../lib/occi/types.ts';

const IMAGE = '7ee45757-09e6-46e6-9bc8-847da7c611f0';

describe('terms', () => {
  test('every name is a term, and the term tells the name', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom('m1.tiny', 'x-', 'x-6d31', 'M1', 'nova', '1')), (name) => {
        const term = termOf(name);
        expect(term).toMatch(/^[a-z0-9][a-z0-9_.-]*$/);
        expect(nameOf(term)).toBe(name);
      }),
    );
  });

  test('ids and names in lower case stand as they are, as in ooi', () => {
    expect([IMAGE, 'm1.tiny', '1', 'nova'].map(termOf)).toEqual([IMAGE, 'm1.tiny', '1', 'nova']);
  });
});

describe('mixins', () => {
  test('an image is an OS template under the scheme of ooi', () => {
    const mixin = imageMixin({ id: IMAGE, name: 'Debian 12; "bookworm", amd64' });
    expect(typeId(mixin)).toBe(`http://schemas.openstack.org/template/os#${IMAGE}`);
    expect(typeId(mixin)).toBe(imageMixinId(IMAGE));
    expect(mixin.title).toBe('Debian 12 bookworm amd64');
    expect(imageAmong([zoneMixin('nova'), mixin])).toBe(IMAGE);
  });

  test('a flavor is a size in GiB', () => {
    const { flavors } = flavorsAnswer.parse({
      flavors: [{ id: 'M1.Tiny', name: 'Tiny', ram: 512, disk: 1, swap: '', 'OS-FLV-EXT-DATA:ephemeral': 2, vcpus: 1 }],
    });
    const mixin = flavorMixin(flavors[0]!);
    expect(mixin.scheme).toBe('http://schemas.openstack.org/template/resource#');
    expect(flavorAmong([mixin])).toBe('M1.Tiny');
    const values = Object.entries(mixin.attributes ?? {}).map(([name, one]) => [name, one.default]);
    expect(Object.fromEntries(values)).toEqual({
      'occi.compute.cores': 1,
      'occi.compute.memory': 0.5,
      'occi.compute.ephemeral_storage.size': 2,
      'org.openstack.flavor.name': 'Tiny',
      'org.openstack.flavor.disk': 1,
      'org.openstack.flavor.ephemeral': 2,
      'org.openstack.flavor.swap': 0,
    });
  });

  test('a zone with capitals and blanks is found by its mixin', () => {
    expect(zoneAmong([zoneMixin('Zone A')])).toBe('Zone A');
  });
});
