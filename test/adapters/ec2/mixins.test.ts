import {
  DescribeAvailabilityZonesCommand,
  DescribeImagesCommand,
  DescribeInstanceTypesCommand,
  type Image,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readCatalogue } from '../../../adapters/ec2/catalogue.ts';
import { settings } from '../../../adapters/ec2/config.ts';
import {
  ACTS_ON,
  imageAmong,
  imageMixin,
  imageMixinId,
  poolAmong,
  poolMixinId,
  poolMixins,
  regionMixinId,
  sizeIdsOf,
  typeAmong,
  typeMixin,
  typeMixinId,
  zoneAmong,
  zoneMixin,
  zoneMixinId,
} from '../../../adapters/ec2/mixins.ts';
import { CRTP_TEMPLATES, MIXINS } from '../../../lib/occi/mixins/index.ts';
import { typeId } from '../../../lib/occi/types.ts';
import { fails } from '../../contract/adapter.ts';
import { cloudOf, mocked, refusedWith } from './mocked.ts';

const BASE = 'http://schemas.ec2.aws.amazon.com/occi/infrastructure';
const AMI = 'ami-0123456789abcdef0';
const SIZE = { cores: 2, memory: 1, ephemeral: 0, architectures: [], burstable: false };
const configured = settings.parse({
  region: 'us-east-1',
  types: ['t3.micro', 'm7i.metal-24xl'],
  sizes: { small: 't3.micro', medium: 'c5.large' },
  floatingIpPools: [{ term: 'campus', title: 'Campus', pool: 'ipv4pool-ec2-012345678901234ab' }],
});

describe('Names', () => {
  test('of what EC2 has are scheme and term, and lead back', () => {
    expect([imageMixinId(AMI), typeMixinId('m7i.metal-24xl'), zoneMixinId('us-east-1a')]).toEqual([
      `${BASE}/os_tpl#${AMI}`,
      `${BASE}/resource_tpl#m7i_metal-24xl`,
      `${BASE}/availability_zone#us-east-1a`,
    ]);
    expect(regionMixinId(configured)).toBe(`${BASE}/region#us-east-1`);
    const all = [imageMixin({ ImageId: AMI, Tags: [] }), typeMixin('m7i.metal-24xl', SIZE), zoneMixin('us-east-1a')];
    expect(imageAmong(all)).toBe(AMI);
    expect(typeAmong(configured, all)).toBe('m7i.metal-24xl');
    expect(zoneAmong(all)).toBe('us-east-1a');
    expect([imageAmong([]), typeAmong(configured, []), zoneAmong([]), poolAmong(configured, [])]).toEqual(
      Array(4).fill(undefined),
    );
  });

  test('of the profile’s sizes stand for the types that the settings say', () => {
    const [small, medium] = CRTP_TEMPLATES;
    expect(typeAmong(configured, [small])).toBe('t3.micro');
    expect(typeAmong(configured, [MIXINS.ssh_key, medium])).toBe('c5.large');
    expect(sizeIdsOf(configured, 't3.micro')).toEqual([`${BASE}/resource_tpl#t3_micro`, typeId(small)]);
    expect(sizeIdsOf(configured, 'c5.large')).toEqual([typeId(medium)]);
    expect(sizeIdsOf(configured, 'p5.48xlarge')).toEqual([]);
  });

  test('of a type that is not offered stand for nothing', () => {
    expect(typeAmong(configured, [typeMixin('p5.48xlarge', SIZE)])).toBeUndefined();
  });

  test('of pools are Amazon’s and those of the settings', () => {
    const [amazon, campus] = poolMixins(configured);
    expect(poolAmong(configured, [amazon!])).toEqual({});
    expect(poolAmong(configured, [campus!])).toEqual({ pool: 'ipv4pool-ec2-012345678901234ab' });
    expect(poolMixinId(configured, 'ipv4pool-ec2-012345678901234ab')).toBe(typeId(campus!));
    for (const pool of [undefined, 'amazon', 'ipv4pool-ec2-ffffffffffffffff0']) {
      expect(poolMixinId(configured, pool)).toBe(typeId(amazon!));
    }
    expect(amazon!.applies).toEqual(['http://schemas.ogf.org/occi/infrastructure#ipreservation']);
  });

  test('that users gave to an image become titles that clients can read', () => {
    const titled = (Name: string, tag?: string) =>
      imageMixin({ ImageId: AMI, Name, Tags: tag === undefined ? [] : [{ Key: 'Name', Value: tag }] }).title;
    expect(titled('debian-12', 'Debian; 12, "bookworm"\n')).toBe('Debian 12 bookworm');
    expect(titled('debian-12')).toBe('debian-12');
    expect(titled(';,"')).toBe(AMI);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => void expect(titled(name)).toMatch(/^[^,;"\\\p{Cc}]+$/u)),
    );
  });

  test('of the tables are all acted on', () => expect([...ACTS_ON].sort()).toEqual(Object.keys(MIXINS).sort()));
});

describe('The catalogue', () => {
  const ec2 = mocked();
  const image = (id: string, more: Image = {}): Image => ({
    ImageId: id,
    Name: `name of ${id}`,
    State: 'available',
    ...more,
  });
  const type = (name: string, GB?: number) => ({
    InstanceType: name as never,
    VCpuInfo: { DefaultVCpus: 4 },
    MemoryInfo: { SizeInMiB: 15_616 },
    ...(GB !== undefined && { InstanceStorageInfo: { TotalSizeInGB: GB } }),
  });
  const ami = (last: number) => `ami-0123456789abcde${String(last).padStart(2, '0')}`;

  beforeEach(() => {
    ec2.reset();
    ec2.on(DescribeImagesCommand).resolves({ Images: [] });
    ec2.on(DescribeInstanceTypesCommand).resolves({ InstanceTypes: [type('t3.micro'), type('i3.large', 475)] });
    ec2.on(DescribeAvailabilityZonesCommand).resolves({
      AvailabilityZones: [
        { ZoneName: 'us-east-1b', State: 'available' },
        { ZoneName: 'us-east-1a', State: 'available' },
        { ZoneName: 'us-east-1c', State: 'unavailable' },
      ],
    });
  });
  afterEach(() => void ec2.reset());

  const terms = async (change: Readonly<Record<string, unknown>>, base: string, name?: string) => {
    const { mixins } = await readCatalogue(cloudOf(change, name));
    return mixins.filter(({ scheme }) => scheme === `${BASE}/${base}#`).map(({ term }) => term);
  };
  const asked = () => ec2.commandCalls(DescribeImagesCommand).map(({ args: [{ input }] }) => input);

  test('has real sizes, and leaves out types that the region does not have', async () => {
    const { mixins } = await readCatalogue(cloudOf({ types: ['i3.large', 'p5.48xlarge', 't3.micro'] }));
    const sizes = mixins.filter(({ scheme }) => scheme === `${BASE}/resource_tpl#`);
    expect(sizes.map(({ term }) => term)).toEqual(['i3_large', 't3_micro']);
    expect(Object.values(sizes[0]!.attributes!).map((one) => one.default)).toEqual([4, 15.25, 442]);
  });

  test('has zones that are open, the region and pools', async () => {
    expect(await terms({}, 'availability_zone')).toEqual(['us-east-1a', 'us-east-1b']);
    expect(await terms({}, 'region')).toEqual(['us-east-1']);
    expect(await terms({}, 'floatingippool')).toEqual(['amazon']);
  });

  test('costs three calls with one’s own images, and two where types are known', async () => {
    const cloud = cloudOf();
    await readCatalogue(cloud);
    expect(ec2.calls()).toHaveLength(3);
    ec2.on(DescribeInstanceTypesCommand).resolves({
      InstanceTypes: [...new Set([...cloud.settings.types, ...Object.values(cloud.settings.sizes)])].map((one) =>
        type(one),
      ),
    });
    await readCatalogue(cloud);
    ec2.resetHistory();
    await readCatalogue(cloud);
    expect(ec2.calls()).toHaveLength(2);
  });

  test('never asks for the images of everybody', async () => {
    await readCatalogue(cloudOf({ images: { owners: [] } }));
    await readCatalogue(cloudOf({ images: { ids: [AMI], owners: ['amazon'], filters: { name: ['al2023-*'] } } }));
    await readCatalogue(cloudOf());
    expect(asked().length).toBeGreaterThan(3);
    for (const { Owners = [], ImageIds = [] } of asked()) expect(Owners.length + ImageIds.length).toBeGreaterThan(0);
  });

  test('has images by owner and filter, those named, and those that the tenant saved', async () => {
    ec2
      .on(DescribeImagesCommand, { Owners: ['self'] })
      .resolves({ Images: [image(ami(3), { Tags: [{ Key: 'occi:tenant', Value: 'anne' }] })] })
      .on(DescribeImagesCommand, { Owners: ['123456789012'] })
      .resolves({ Images: [image(ami(2)), image(ami(4), { State: 'pending' }), image(ami(1))] })
      .on(DescribeImagesCommand, { ImageIds: [ami(1)] })
      .resolves({ Images: [image(ami(1))] });
    const images = { ids: [ami(1)], owners: ['123456789012'], filters: { architecture: ['x86_64'] } };
    expect(await terms({ images }, 'os_tpl')).toEqual([ami(1), ami(2), ami(3)]);
    const [, byOwner, own] = asked();
    expect(byOwner!.Filters).toEqual([
      { Name: 'state', Values: ['available'] },
      { Name: 'architecture', Values: ['x86_64'] },
    ]);
    expect(own!.Filters).toContainEqual({ Name: 'tag:occi:tenant', Values: ['anne'] });
  });

  test('leaves out what another tenant saved, unless the settings name it', async () => {
    const anothers = { Tags: [{ Key: 'occi:tenant', Value: 'bob' }] };
    ec2
      .on(DescribeImagesCommand, { Owners: ['self'] })
      .resolves({ Images: [image(ami(1), anothers), image(ami(2), anothers), image(ami(3))] })
      .on(DescribeImagesCommand, { ImageIds: [ami(2)] })
      .resolves({ Images: [image(ami(2), anothers)] });
    expect(await terms({ images: { ids: [ami(2)] } }, 'os_tpl')).toEqual([ami(2), ami(3)]);
    expect(await terms({ tenancy: 'single' }, 'os_tpl')).toEqual([ami(3)]);
    expect(await terms({}, 'os_tpl', 'bob')).toEqual([ami(1), ami(2), ami(3)]);
  });

  test('has the others where one of those that are named is gone', async () => {
    ec2
      .on(DescribeImagesCommand, { ImageIds: [ami(1), ami(2)] })
      .rejects(refusedWith('InvalidAMIID.NotFound'))
      .on(DescribeImagesCommand, { Filters: [{ Name: 'image-id', Values: [ami(1), ami(2)] }] })
      .resolves({ Images: [image(ami(2))] });
    expect(await terms({ images: { ids: [ami(1), ami(2)], owners: [] } }, 'os_tpl')).toEqual([ami(2)]);
  });

  test('reads every page of images', async () => {
    ec2
      .on(DescribeImagesCommand)
      .resolvesOnce({ Images: [image(ami(1))], NextToken: 'more' })
      .resolvesOnce({ Images: [], NextToken: 'still more' })
      .resolves({ Images: [image(ami(2))] });
    expect(await terms({}, 'os_tpl')).toEqual([ami(1), ami(2)]);
  });

  test('has a default if it is offered', async () => {
    ec2.on(DescribeImagesCommand).resolves({ Images: [image(ami(1))] });
    const preset = async (id: string) => (await readCatalogue(cloudOf({ images: { default: id } }))).defaultOsTemplate;
    expect(await preset(ami(1))).toBe(imageMixinId(ami(1)));
    expect(await preset(ami(2))).toBeUndefined();
  });

  test('that may not be read is forbidden', async () => {
    ec2.on(DescribeImagesCommand).rejects(refusedWith('UnauthorizedOperation', 'Encoded: x', 403));
    await fails(readCatalogue(cloudOf()), 'forbidden');
  });
});
