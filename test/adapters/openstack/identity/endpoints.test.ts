/** Where the services are, by a catalogue as providers write them. */
import { describe, expect, test } from '@jest/globals';
import { cloudLogin, settings } from '../../../../adapters/openstack/config.ts';
import { servicesOf } from '../../../../adapters/openstack/identity/endpoints.ts';

const PROJECT = 'c7b2d8def937457f9fc84a7a2f2529a0';

interface Entry {
  readonly type: string;
  readonly url: string;
  readonly interface?: string;
  readonly region?: string;
}

type More = { readonly region?: string; readonly interface?: 'public' | 'internal' };

const servicesIn = (entries: readonly Entry[], more: More = {}) =>
  servicesOf(
    entries.map(({ type, url, interface: side = 'public', region = 'RegionOne' }) => ({
      type,
      endpoints: [{ interface: side, region, region_id: region, url }],
    })),
    { interface: 'public', region: undefined, ...more },
    PROJECT,
  );
const found = (entries: readonly Entry[], more?: More) => servicesIn(entries, more).endpoints;

describe('The URL of a service', () => {
  test.each([
    ['compute', 'https://cloud/compute/v2.1', 'https://cloud/compute/v2.1/'],
    ['compute', 'https://cloud/compute/v2.1/', 'https://cloud/compute/v2.1/'],
    ['compute', `http://nova:8774/v2/${PROJECT}`, `http://nova:8774/v2/${PROJECT}/`],
    ['compute', `http://nova:8774/v2.1/${PROJECT}`, `http://nova:8774/v2.1/${PROJECT}/`],
    ['compute', 'https://cloud/compute', 'https://cloud/compute/v2.1/'],
    ['network', 'http://neutron:9696', 'http://neutron:9696/v2.0/'],
    ['network', 'http://neutron:9696/', 'http://neutron:9696/v2.0/'],
    ['network', 'https://cloud/networking/v2.0', 'https://cloud/networking/v2.0/'],
    ['volumev3', `https://cloud/volume/v3/${PROJECT}`, `https://cloud/volume/v3/${PROJECT}/`],
    ['block-storage', 'http://cinder:8776/v3', 'http://cinder:8776/v3/'],
    ['block-store', 'https://cloud/volume', `https://cloud/volume/v3/${PROJECT}/`],
    ['image', 'http://glance:9292', 'http://glance:9292/v2/'],
    ['image', 'https://cloud/image/v2//', 'https://cloud/image/v2/'],
  ])('%s at %s', (type, url, base) => {
    expect(Object.values(found([{ type, url }]))).toEqual([base]);
  });

  test.each(['ftp://cloud/', 'file:///etc/passwd', 'nova:8774', '', 'https://user:password@cloud/'])(
    'is not called at %j',
    (url) => {
      expect(found([{ type: 'compute', url }])).toEqual({});
    },
  );
});

describe('Of several endpoints', () => {
  const nova = (region: string, side = 'public'): Entry => ({
    type: 'compute',
    url: `https://${region}-${side}/v2.1`,
    interface: side,
    region,
  });

  test('those of the region and the interface in the settings are called', () => {
    const all = [nova('one'), nova('two'), nova('one', 'internal'), nova('two', 'internal'), nova('two', 'admin')];
    expect(found(all, { region: 'two' })).toEqual({ compute: 'https://two-public/v2.1/' });
    expect(found(all, { region: 'two', interface: 'internal' })).toEqual({ compute: 'https://two-internal/v2.1/' });
  });

  test.each([
    ['a region', { region: 'three' }, 'no public endpoint in the region three'],
    ['an interface', { interface: 'internal' }, 'no internal endpoint,'],
    ['an interface in the region', { region: 'two', interface: 'internal' }, 'no internal endpoint in the region two'],
  ] as const)('%s that the catalogue lacks is the fault of the settings', (_, more, says) => {
    const all = [nova('one'), { ...nova('one'), type: 'network' }];
    expect(() => found([...all, nova('two', 'admin')], more)).toThrow(says);
  });

  test('none is taken by chance', () => {
    expect(() => found([nova('one'), nova('two')])).toThrow('The provider must name a region in the settings');
  });

  test('the region is that of the settings, or the one of the catalogue', () => {
    expect(servicesIn([nova('one'), nova('two')], { region: 'two' }).region).toBe('two');
    expect(servicesIn([nova('one')]).region).toBe('one');
    expect(servicesIn([nova('')]).region).toBeUndefined();
    expect(servicesIn([]).region).toBeUndefined();
  });

  test('a type of today counts before one of the past, if it is in the region', () => {
    const past: Entry = { type: 'volumev3', url: 'https://past/v3', region: 'one' };
    const today: Entry = { type: 'block-storage', url: 'https://today/v3', region: 'two' };
    expect(found([past, today], { region: 'two' })).toEqual({ volume: 'https://today/v3/' });
    expect(found([past, today], { region: 'one' })).toEqual({ volume: 'https://past/v3/' });
  });
});

describe('The URL of Keystone in the settings', () => {
  test.each([
    ['https://cloud:5000', 'https://cloud:5000/v3/', 'https://cloud:5000'],
    ['https://cloud:5000/v3', 'https://cloud:5000/v3/', 'https://cloud:5000'],
    ['https://cloud/identity/', 'https://cloud/identity/v3/', 'https://cloud/identity'],
    ['https://cloud/identity/v3/', 'https://cloud/identity/v3/', 'https://cloud/identity'],
    ['https://cloud/identity/v2.0', 'https://cloud/identity/v3/', 'https://cloud/identity'],
  ])('%s', (endpoint, called, uri) => {
    const configured = settings.parse({ endpoint });
    expect(configured.endpoint).toBe(called);
    expect(cloudLogin(configured)).toEqual({ uri, takesBearer: false });
  });

  test('may be another for clients', () => {
    const configured = settings.parse({
      endpoint: 'http://keystone.internal/v3',
      loginUrl: 'https://cloud/identity/v3',
      federation: { identityProvider: 'egi' },
    });
    expect(cloudLogin(configured)).toEqual({ uri: 'https://cloud/identity', takesBearer: true });
  });
});
