/** jOCCI itself, from Maven, makes a machine, links it and takes everything away again. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type Endpoint, type EndpointOptions, startEndpoint } from '../../endpoint.ts';
import { PASSWORDS, usersOf } from '../../lib/keystone/served.ts';
import { type OpenNebula, startOpenNebula } from '../../oned/index.ts';
import { live } from './jocci.mjs';

const MEDIA_TYPES = ['text/plain', 'text/occi'] as const;
type MediaType = (typeof MEDIA_TYPES)[number];

const CORE_AND_INFRASTRUCTURE = ['compute', 'entity', 'link', 'network', 'networkinterface', 'resource'];

/** What must come of the steps after discovery; the entity in the answer to a PUT is none of the locations it looks for. */
const stepsAfterDiscovery = (mediaType: MediaType, mixins: string) => [
  ['no links', '[]'],
  ['storage', '{occi.core.title=data disk, occi.storage.size=2.0, occi.storage.state=online}'],
  ['network', '{occi.core.title=2024, occi.network.address=10.20.30.0/24, occi.network.state=active}'],
  ['compute', '{occi.compute.hostname=first, occi.core.title=first machine}'],
  ['mixins', mixins],
  ...['list by term', 'list by identifier', 'list all', 'list entity', 'list resource'].map((step) => [step, 'true']),
  ['describe by term', '1'],
  ...['describe all', 'active', 'stop', 'start', 'storagelink', 'networkinterface'].map((step) => [step, 'true']),
  ...['links of the machine', 'list link', 'unlink'].map((step) => [step, 'true']),
  ['links left', '0'],
  ['update', `${mediaType === 'text/plain' ? 'Invalid location:' : 'ok'} {occi.core.title=renamed}`],
  ['stop all', 'true'],
  ['delete', 'true'],
  ['left', '[]'],
];

describe('jOCCI', () => {
  let endpoint: Endpoint | undefined;
  afterEach(async () => {
    await endpoint?.stop();
    endpoint = undefined;
  });

  const started = async ({ settings, ...options }: EndpointOptions = {}) => {
    endpoint = await startEndpoint({ ...options, settings: { clients: { jocci: true }, ...settings } });
    return endpoint.url;
  };

  const ofDummy = (mediaType: MediaType) => stepsAfterDiscovery(mediaType, '[debian12, large, public_key, user_data]');

  test('cannot connect without the setting', async () => {
    const url = await started({ settings: { clients: { jocci: false } } });
    expect(await live(url, 'text/plain')).toEqual([['failed', expect.stringContaining('No location found.')]]);
  });

  test.each(MEDIA_TYPES)('lives to its last step without a login, in %s', async (mediaType) => {
    const [connect, kinds, images, sizes, ...others] = await live(await started(), mediaType);
    expect(connect).toEqual(['connect', 'ok']);
    for (const kind of CORE_AND_INFRASTRUCTURE) expect(kinds![1]).toMatch(new RegExp(`\\b${kind}\\b`));
    expect([images, sizes]).toEqual([
      ['images', '[debian12, rocky9, ubuntu2404]'],
      ['sizes', '[large, medium, mem_large, mem_medium, mem_small, small]'],
    ]);
    expect(others).toEqual(ofDummy(mediaType));
  });

  const login = { user: 'alice', password: PASSWORDS.alice };

  test('lives with a password', async () => {
    const url = await started({ settings: { auth: [{ users: await usersOf() }] } });
    expect((await live(url, 'text/plain', login)).slice(4)).toEqual(ofDummy('text/plain'));
  });

  test('lives with the login of OpenStack', async () => {
    const url = await started({ settings: { auth: [{ users: await usersOf() }, { token: {} }, 'keystone'] } });
    expect((await live(url, 'text/occi', login)).slice(4)).toEqual(ofDummy('text/occi'));
  });

  test('is told why where its password is wrong', async () => {
    const url = await started({ settings: { auth: [{ users: await usersOf() }] } });
    const steps = await live(url, 'text/plain', { ...login, password: 'x' });
    expect(steps).toEqual([['failed', expect.stringContaining('AuthenticationException')]]);
  });

  describe('on OpenNebula', () => {
    let one: OpenNebula;
    beforeAll(async () => {
      one = await startOpenNebula({ step: 1 });
    });
    afterAll(() => one.close());

    test.each(MEDIA_TYPES)('lives in %s', async (mediaType) => {
      const adapter = {
        name: 'opennebula',
        site: 'test',
        settings: { endpoint: one.endpoint, network: { vnMad: 'dummy', bridge: 'br0' } },
      };
      const url = await started({ settings: { adapter, auth: ['basic'] } });
      const steps = await live(url, mediaType, { user: 'oneadmin', password: 'password' });
      const mixins = '[large, public_key, template-0000000, user_data]';
      expect(steps.slice(4)).toEqual(stepsAfterDiscovery(mediaType, mixins));
    });
  });
});
