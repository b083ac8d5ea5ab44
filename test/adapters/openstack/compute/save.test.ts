/** `save`: what the image is called, when a compute can be saved, and who sees the template. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { connect, settings } from '../../../../adapters/openstack/index.ts';
import { imageMixin } from '../../../../adapters/openstack/mixins.ts';
import type { Adapter, Draft } from '../../../../lib/adapter/contract.ts';
import { isFailure } from '../../../../lib/errors.ts';
import type { Attributes } from '../../../../lib/occi/types.ts';
import { memoryTable } from '../../../../lib/table/memory.ts';
import { action, make } from '../../../lib/operations/payloads.ts';
import { type OpenStack, type StandInOptions, startOpenStack } from '../../../openstack/index.ts';
import { addUser, PROJECTS } from '../../../openstack/seed.ts';
import { Stage } from '../../../openstack/stage.ts';
import { type Alice, CIRROS, startAlice } from '../alice.ts';

const SAVE = 'http://schemas.ogf.org/occi/infrastructure/compute/action#save';
const FLAVOR = 'http://schemas.openstack.org/template/resource#';

/** One process before the stand-in, as several users see it. */
async function startProcess(options: StandInOptions = {}) {
  const cloud = await startOpenStack({ step: 1, ...options });
  const configured = settings.parse({ endpoint: cloud.endpoint, defaultOsTemplate: CIRROS });
  const request = connect({ settings: configured, site: 'test', table: memoryTable(), local: true });
  const as = async (name: string): Promise<Adapter> => {
    const credentials = `${name}:${name}-secret`;
    const adapter = request({ caller: { name, credentials }, deadline: Date.now() + 20_000 });
    await adapter.identify();
    return adapter;
  };
  return { cloud, as };
}

const DRAFT: Draft<'compute'> = { kind: 'compute', attributes: {}, mixins: [], links: [] };

describe('A compute that is saved', () => {
  let cloud: OpenStack;
  let as: (name: string) => Promise<Adapter>;
  afterEach(() => cloud.close());

  async function start(options?: StandInOptions) {
    ({ cloud, as } = await startProcess(options));
  }
  async function active(title?: string): Promise<string> {
    const attributes: Attributes = title === undefined ? {} : { 'occi.core.title': title };
    const { id } = await (await as('alice')).kinds.compute!.create!({ ...DRAFT, attributes }, 'token');
    cloud.site.steps.settle();
    return id;
  }
  const save = async (id: string, attributes: Attributes = {}) =>
    (await (await as('alice')).kinds.compute!.act!(id, 'save', attributes)).mixin;
  const images = async () => {
    const path = `/v2/images?owner=${PROJECTS.alpha}`;
    const answer = await new Stage(cloud).call<{ images: { id: string; name: string }[] }>(
      'alice',
      'image',
      'GET',
      path,
    );
    return answer.images.map(({ id, name }) => ({ id, name }));
  };

  test.each([
    ['what the client says', 'web', { name: ' my copy ' }, 'my copy'],
    ['what the compute is called, if the client says nothing', 'web', {}, 'web'],
    ['what the compute is called, if the client gives no letters', 'web', { name: ' ' }, 'web'],
    ['a copy, if the compute has no title', undefined, {}, 'saved compute'],
  ])('is called %s', async (_, title, attributes, name) => {
    await start();
    const mixin = await save(await active(title), attributes);
    const [image] = await images();
    expect(image!.name).toBe(name);
    expect(mixin).toEqual(imageMixin(image!));
  });

  test('is named in the answer by a Nova, too, that says so in a header only', async () => {
    await start({ microversions: { compute: '2.44' } });
    const mixin = await save(await active());
    expect(await images()).toHaveLength(1);
    expect(mixin).toEqual(imageMixin((await images())[0]!));
  });

  test('has no name that Glance and Nova cannot keep', async () => {
    await start();
    const failure = await save(await active(), { name: '\u{1f427}' }).catch((error: unknown) => error);
    expect([isFailure(failure, 'invalid'), await images()]).toEqual([true, []]);
  });

  test('is stopped first where it is to be saved at rest', async () => {
    await start();
    const id = await active();
    const failure = await save(id, { method: 'deferred' }).catch((error: unknown) => error);
    expect([isFailure(failure, 'conflict'), (failure as Error).message]).toEqual([
      true,
      expect.stringContaining('stop it first'),
    ]);
    expect(await images()).toEqual([]);
    await save(id, { method: 'hot' });
    cloud.site.steps.settle();
    await (await as('alice')).kinds.compute!.act!(id, 'stop', {});
    cloud.site.steps.settle();
    await save(id, { method: 'deferred' });
    expect(await images()).toHaveLength(2);
  });

  test('gives what other members need too, though the process has listed the images for them before', async () => {
    await start();
    addUser(cloud.site, { name: 'max', password: 'max-secret', roles: { [PROJECTS.alpha]: 'manager' } });
    const create = async (mixins: Draft['mixins'], token: string) =>
      (await as('max')).kinds.compute!.create!({ ...DRAFT, mixins }, token);
    await create([], 'before');
    const stage = new Stage(cloud);
    const body = { name: 'large', disk_format: 'raw', container_format: 'bare', min_disk: 15 };
    const image = await stage.call<{ id: string; name: string }>('alice', 'image', 'POST', '/v2/images', { body });
    const headers = { 'content-type': 'application/octet-stream' };
    await stage.call('alice', 'image', 'PUT', `/v2/images/${image.id}/file`, { body: 'x', headers });
    const { mixins } = await create([imageMixin(image)], 'after');
    // The smallest size with a disk of 15 GiB.
    expect(mixins).toContain(`${FLAVOR}2`);
  });
});

describe('The template of a compute', () => {
  let alice: Alice;
  beforeEach(async () => {
    alice = await startAlice();
    addUser(alice.cloud.site, { name: 'ada', password: 'ada-secret', roles: { [PROJECTS.alpha]: 'admin' } });
  });
  afterEach(() => alice.stop());

  const offeredTo = async (name: 'alice' | 'ada') => {
    const authorization = `Basic ${Buffer.from(`${name}:${name}-secret`).toString('base64')}`;
    const { body } = await alice.send('GET', '/-/', { accept: 'text/plain', authorization });
    return body.includes('title="my copy"');
  };

  test('is offered to the administrators of the project, whose catalogue is another', async () => {
    const path = await make(alice.endpoint, { kind: 'compute' });
    alice.cloud.site.steps.settle();
    expect([await offeredTo('alice'), await offeredTo('ada')]).toEqual([false, false]);
    const reply = await alice.endpoint.send(
      'POST',
      `${path}?action=save`,
      action('text/plain', SAVE, { name: 'my copy' }),
    );
    expect([reply.status, reply.body]).toEqual([200, expect.stringContaining('my copy')]);
    alice.cloud.site.steps.settle();
    expect([await offeredTo('alice'), await offeredTo('ada')]).toEqual([true, true]);
  });
});
