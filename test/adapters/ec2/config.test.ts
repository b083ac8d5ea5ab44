import { describe, expect, test } from '@jest/globals';
import { settings } from '../../../adapters/ec2/config.ts';

const region = 'eu-central-1';
const role = { arn: 'arn:aws:iam::123456789012:role/occi' };
const other = { arn: 'arn:aws:iam::210987654321:role/occi' };

describe('Settings', () => {
  test('need a region only', () => {
    expect(settings.parse({ region })).toMatchObject({
      region,
      tenancy: 'shared',
      others: 'own',
      roles: {},
      timeout: 10,
      attempts: 3,
      page: 1000,
      images: { ids: [], owners: ['self'], filters: {} },
      sizes: { small: 't3.micro', mem_large: 'm6i.xlarge' },
      defaultType: 't3.micro',
      hibernation: false,
      encrypted: true,
      volumeType: 'gp3',
      published: { networks: 'default', securityGroups: [] },
      floatingIpPools: [],
    });
  });

  test('never offer images that the provider did not choose', () => {
    const { owners, filters } = settings.parse({ region }).images;
    expect([owners, filters]).toEqual([['self'], {}]);
  });

  const pool = { term: 'campus', title: 'Campus', pool: 'ipv4pool-ec2-012345678901234ab' };

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['a region of the government', { region: 'us-gov-west-1' }],
    ['a VPC endpoint', { endpoint: 'https://vpce-0123.ec2.eu-central-1.vpce.amazonaws.com' }],
    ['an emulator', { endpoint: 'http://127.0.0.1:5000', stsEndpoint: 'http://127.0.0.1:5000' }],
    ['roles in one account and in several', { roles: { anne: role, bob: { ...other, externalId: 'x:1' } } }],
    ['two callers of one tenant', { roles: { anne: { ...role, tenant: 'a' }, bob: { ...role, tenant: 'a' } } }],
    ['images of Amazon with a filter', { images: { owners: ['amazon'], filters: { name: ['al2023-*'] } } }],
    ['large types with long names', { types: ['u7in-32tb.224xlarge', 'm7i.metal-24xl'] }],
    ['a pool', { floatingIpPools: [pool] }],
    ...[
      '01234567-89ab-cdef-0123-456789abcdef',
      'mrk-0123456789abcdef0123456789abcdef',
      'alias/volumes',
      'arn:aws:kms:eu-central-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef',
      'arn:aws:kms:eu-central-1:123456789012:alias/occi/volumes',
    ].map((volumeKey): [string, Readonly<Record<string, unknown>>] => [`the key ${volumeKey}`, { volumeKey }]),
  ])('take %s', (_what, change) => {
    expect(settings.safeParse({ region, ...change }).success).toBe(true);
  });

  test.each<[string, Readonly<Record<string, unknown>>, string, string]>([
    ['no region', { region: undefined }, 'region', 'expected string'],
    ['a zone for a region', { region: 'eu-central-1a' }, 'region', 'must be a region, such as eu-central-1'],
    ['a typo', { regions: 'eu-central-1' }, '', 'Unrecognized key: "regions"'],
    ['an endpoint without a scheme', { endpoint: 'ec2.example.org' }, 'endpoint', 'must be a URL of http or https'],
    ['an endpoint of another scheme', { endpoint: 'ftp://ec2.example.org' }, 'endpoint', 'must be a URL of http'],
    [
      'credentials in an endpoint',
      { endpoint: 'http://key:secret@ec2.example.org' },
      'endpoint',
      'without credentials',
    ],
    ...['volumes', 'key/01234567-89ab-cdef-0123-456789abcdef', 'arn:aws:kms:eu-central-1:123456789012:volumes'].map(
      (volumeKey): [string, Readonly<Record<string, unknown>>, string, string] => [
        `the key ${volumeKey}`,
        { volumeKey },
        'volumeKey',
        'must be the ARN or the id of a key, or an alias: alias/volumes',
      ],
    ),
    [
      'a key of another region',
      { volumeKey: 'arn:aws:kms:us-east-1:123456789012:alias/volumes' },
      'volumeKey',
      'must be a key of the region',
    ],
    [
      'a key for volumes that are not encrypted',
      { volumeKey: 'alias/volumes', encrypted: false },
      'volumeKey',
      'must be left out where encrypted is false',
    ],
    ['an invalid zone', { zone: 'A Zone' }, 'zone', 'must be an availability zone, such as eu-central-1a'],
    ['another tenancy', { tenancy: 'everybody' }, 'tenancy', '"shared"|"single"'],
    [
      'a user for a role',
      { roles: { anne: { arn: 'arn:aws:iam::123456789012:user/x' } } },
      'roles.anne.arn',
      'ARN of a role',
    ],
    [
      'an external id with a blank',
      { roles: { anne: { ...role, externalId: 'a b' } } },
      'roles.anne.externalId',
      '2 to 1224',
    ],
    [
      'a long session',
      { roles: { anne: { ...role, sessionName: 'x'.repeat(65) } } },
      'roles.anne.sessionName',
      '2 to 64',
    ],
    ['a key for a role', { roles: { anne: { ...role, secretAccessKey: 'x' } } }, 'roles.anne', 'Unrecognized key'],
    [
      'a tenant in two accounts',
      { roles: { anne: { ...role, tenant: 'a' }, bob: { ...other, tenant: 'a' } } },
      'roles',
      'must have one account for all roles of one tenant',
    ],
    ['a time that the deadline would cut', { timeout: 29 }, 'timeout', '<=28'],
    ['endless attempts', { attempts: 100 }, 'attempts', '<=5'],
    ['a page that EC2 refuses', { page: 4 }, 'page', '>=5'],
    [
      'an image by name',
      { images: { ids: ['debian-12'] } },
      'images.ids.0',
      'must be an id, such as ami-0123456789abcdef0',
    ],
    [
      'all images of Amazon',
      { images: { owners: ['amazon'] } },
      'images',
      'needs filters beside owners other than self',
    ],
    ['all images of another account', { images: { owners: ['099720109477'] } }, 'images', 'needs filters'],
    ['all images of the marketplace', { images: { owners: ['self', 'aws-marketplace'] } }, 'images', 'needs filters'],
    ['everybody’s images', { images: { owners: ['all'] } }, 'images.owners.0', 'must match pattern'],
    ['a type with an underscore', { types: ['t3_micro'] }, 'types.0', 'must be an instance type, such as t3.micro'],
    ['a size that the profile has not', { sizes: { huge: 't3.micro' } }, 'sizes', 'Unrecognized key: "huge"'],
    ['a type that no term can be made of', { defaultType: '3x.large' }, 'defaultType', 'must be an instance type'],
    ['a kind of volume', { volumeType: 'gp4' }, 'volumeType', '"gp3"'],
    ['a network by its range', { published: { networks: ['10.0.0.0/8'] } }, 'published.networks.0', 'such as subnet-'],
    [
      'a group by its name',
      { published: { securityGroups: ['default'] } },
      'published.securityGroups.0',
      'such as sg-',
    ],
    ['a VPC as a subnet', { subnet: 'vpc-0123456789abcdef0' }, 'subnet', 'such as subnet-'],
    [
      'a pool that is called as Amazon’s',
      { floatingIpPools: [{ ...pool, term: 'amazon' }] },
      'floatingIpPools',
      'none of them amazon',
    ],
    ['two pools of one name', { floatingIpPools: [pool, pool] }, 'floatingIpPools', 'must have terms that differ'],
    [
      'a title with a comma',
      { floatingIpPools: [{ ...pool, title: 'a, b' }] },
      'floatingIpPools.0.title',
      'without comma',
    ],
  ])('refuse %s, saying where and why', (_what, change, path, message) => {
    const { error } = settings.safeParse({ region, ...change });
    const issue = error?.issues.find((one) => one.path.join('.') === path);
    expect(issue?.message).toContain(message);
  });

  test('do not tell the credentials that they refuse', () => {
    const { error } = settings.safeParse({ region, endpoint: 'http://key:s3cret@ec2.example.org' });
    expect(error!.message).not.toContain('s3cret');
  });
});
