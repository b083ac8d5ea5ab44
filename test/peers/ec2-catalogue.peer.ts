/** The catalogue against moto behind the proxy: images that are chosen, real sizes, zones. */
import { CreateImageCommand, CreateTagsCommand, type EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { readCatalogue } from '../../adapters/ec2/catalogue.ts';
import { KNOWN_TYPES } from '../../adapters/ec2/machine/known-types.ts';
import { imageMixinId, SCHEMES, typeMixinId } from '../../adapters/ec2/mixins.ts';
import { MIXINS } from '../../lib/occi/mixins/index.ts';
import { typeId } from '../../lib/occi/types.ts';
import { cloudOf } from '../adapters/ec2/mocked.ts';
import { fails } from '../contract/adapter.ts';
import type { Ec2Proxy } from '../ec2-proxy/index.ts';
import { startEc2 } from './ec2.ts';
import { ec2Client, prepare, type Site } from './ec2-site.ts';

let proxy: Ec2Proxy;
let client: EC2Client;
let site: Site;

beforeAll(async () => {
  proxy = await startEc2();
  site = await prepare(proxy);
  client = ec2Client(proxy);
}, 60_000);
afterEach(() => {
  proxy.faults.end();
  proxy.settings.copying = 0;
});
afterAll(async () => {
  client?.destroy();
  await proxy?.stop();
});

const cloud = (change: Readonly<Record<string, unknown>> = {}, name = 'anne') =>
  cloudOf({ ...site.settings, ...change }, name);

/** Terms of the catalogue below one scheme. */
const terms = async (base: keyof typeof SCHEMES, change: Readonly<Record<string, unknown>> = {}, name?: string) =>
  (await readCatalogue(cloud(change, name))).mixins
    .filter(({ scheme }) => scheme === SCHEMES[base])
    .map(({ term }) => term);

/** An image of a machine, as `save` makes it. */
async function saved(name: string, tenant?: string): Promise<string> {
  const { Instances } = await client.send(
    new RunInstancesCommand({ ImageId: site.image, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }),
  );
  const { ImageId } = await client.send(new CreateImageCommand({ InstanceId: Instances![0]!.InstanceId, Name: name }));
  const Tags = tenant === undefined ? [] : [{ Key: 'occi:tenant', Value: tenant }];
  if (Tags.length > 0) await client.send(new CreateTagsCommand({ Resources: [ImageId!], Tags }));
  return ImageId!;
}

test('What is written down of instance types is what EC2 says of them', async () => {
  const asked = cloud();
  await asked.types.read(asked.ec2, KNOWN_TYPES.keys());
  for (const [type, size] of KNOWN_TYPES) expect([type, asked.types.offered(type)]).toEqual([type, size]);
});

describe('The catalogue', () => {
  test('depends on what the adapter acts on, each mixin once, with a title and a place of its own', async () => {
    const { mixins } = await readCatalogue(cloud());
    const bases = Object.values(MIXINS).map(typeId);
    for (const { depends, term, title, location } of mixins) {
      expect(depends!.every((base) => bases.includes(base))).toBe(true);
      expect(term).toMatch(/^[a-z][a-z0-9_.-]*$/);
      expect(title).toMatch(/^[^,;"]+$/);
      expect(location).toMatch(/^\/mixin\/[a-z_]+\/[^/]+\/$/);
    }
    expect(new Set(mixins.map(typeId)).size).toBe(mixins.length);
  });

  test('has real sizes', async () => {
    const { mixins } = await readCatalogue(cloud({ types: ['t3.micro', 'i3.large', 'x9.none'] }));
    const sizes = new Map(mixins.map((mixin) => [typeId(mixin), mixin.attributes]));
    expect(sizes.get(typeMixinId('t3.micro'))).toMatchObject({
      'occi.compute.cores': { default: 2 },
      'occi.compute.memory': { default: 1 },
      'occi.compute.ephemeral_storage.size': { default: 0 },
    });
    expect(sizes.get(typeMixinId('i3.large'))).toMatchObject({
      'occi.compute.cores': { default: 2 },
      'occi.compute.memory': { default: 15.25 },
      'occi.compute.ephemeral_storage.size': { default: 442 },
    });
    expect(sizes.has(typeMixinId('x9.none'))).toBe(false);
  });

  test('has the image that is named, as the default, and the zones of the region', async () => {
    const { defaultOsTemplate } = await readCatalogue(cloud());
    expect(defaultOsTemplate).toBe(imageMixinId(site.image));
    expect(await terms('os_tpl')).toContain(site.image);
    expect(await terms('availability_zone')).toEqual(expect.arrayContaining(['us-east-1a', 'us-east-1b']));
    expect(await terms('region')).toEqual(['us-east-1']);
  });

  test('has images of others by owner and filter only', async () => {
    const all = await terms('os_tpl', { images: { owners: ['amazon'], filters: { name: ['ubuntu/images/*'] } } });
    expect(all.length).toBeGreaterThan(1);
    expect(await terms('os_tpl', { images: { owners: [] } })).toEqual([]);
    const none = { images: { owners: ['amazon'], filters: { name: ['no-such-image'] } } };
    expect(await terms('os_tpl', none)).toEqual([]);
  });

  test('goes on without an image that is gone', async () => {
    const images = { ids: [site.image, 'ami-0123456789abcdef0'], default: site.image };
    expect(await terms('os_tpl', { images })).toEqual([site.image]);
  });

  test('has what a tenant saved for that tenant, as soon as it is ready', async () => {
    const [annes, providers] = [await saved('of anne', 'anne'), await saved('of the provider')];
    const filters = { images: { owners: ['amazon'], filters: { name: ['no-such-image'] } } };
    expect(await terms('os_tpl', filters)).toEqual([annes]);
    expect(await terms('os_tpl', filters, 'bob')).toEqual([]);
    expect(await terms('os_tpl', {})).toEqual(expect.arrayContaining([annes, providers]));
    expect(await terms('os_tpl', {}, 'bob')).not.toContain(annes);
    proxy.settings.copying = 60_000;
    const copying = await saved('on its way', 'anne');
    expect(await terms('os_tpl')).not.toContain(copying);
  });
});

describe('Calls', () => {
  const callsOf = async (work: () => Promise<unknown>) => {
    const before = proxy.actions().length;
    await work();
    return [...proxy.actions().slice(before)].sort();
  };

  test('are one per kind of thing, and none for types that are known', async () => {
    const images = { owners: ['self'] };
    const one = cloud({ images });
    const cold = ['DescribeAvailabilityZones', 'DescribeImages', 'DescribeInstanceTypes'];
    expect(await callsOf(() => readCatalogue(one))).toEqual(cold);
    expect(await callsOf(() => readCatalogue(one))).toEqual(cold.slice(0, 2));
  });

  test('that are refused or throttled are told', async () => {
    proxy.faults.add({ kind: 'denied' }, { action: 'DescribeImages', times: 1 });
    expect(await fails(readCatalogue(cloud({ images: {} })), 'forbidden')).not.toMatch(/ncoded/);
    proxy.faults.add({ kind: 'throttled' }, { action: 'DescribeAvailabilityZones', times: 1 });
    await fails(readCatalogue(cloud({ attempts: 1 })), 'unavailable');
  });
});
