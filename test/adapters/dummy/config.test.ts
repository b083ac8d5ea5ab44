import { describe, expect, test } from '@jest/globals';
import { settings } from '../../../adapters/dummy/index.ts';
import { MIXINS } from '../../../lib/occi/mixins/index.ts';
import { typeId } from '../../../lib/occi/types.ts';
import { startCloud } from './cloud.ts';

describe('the settings', () => {
  test('may all be left out', () => {
    expect(settings.parse({})).toMatchObject({ bootDelay: 0, actionDelay: 0, boot: 'active', quota: {}, fail: {} });
  });

  test.each([
    ['a typo', { bootdelay: 1 }, 'bootdelay'],
    ['a negative delay', { bootDelay: -1 }, 'bootDelay'],
    ['a term in capitals', { regions: [{ term: 'Home', title: 'x' }] }, 'regions.0.term'],
    ['a comma in a title', { regions: [{ term: 'home', title: 'x, y' }] }, 'regions.0.title'],
    [
      'a term that begins another',
      {
        osTemplates: [
          { term: 'debian', title: 'x' },
          { term: 'debian12', title: 'y' },
        ],
      },
      'osTemplates',
    ],
    ['no network', { networks: [{ term: 'n', title: 'n', address: '10.0.0.1' }] }, 'networks.0.address'],
    ['an unknown failure', { fail: { 'compute.get': { failure: 'broken' } } }, 'fail.compute.get.failure'],
    ['an unknown method', { fail: { 'compute.fly': { failure: 'conflict' } } }, 'fail'],
    ['a default that is no template', { defaultOsTemplate: 'plan9' }, 'defaultOsTemplate'],
    ['an unknown quota', { quota: { cpus: 1 } }, 'quota'],
  ])('refuse %s', (_what, given, path) => {
    const result = settings.safeParse(given);
    const paths = result.error?.issues.map((issue) =>
      [...issue.path, ...('keys' in issue ? issue.keys : [])].join('.'),
    );
    expect(paths?.some((one) => one.startsWith(path))).toBe(true);
  });
});

describe('the catalogue', () => {
  test('offers what the settings list', async () => {
    const { mixins, defaultOsTemplate } = await startCloud({
      settings: {
        defaultOsTemplate: 'ubuntu2404',
        resourceTemplates: [{ term: 'huge', title: 'Huge', cores: 64, memory: 512, ephemeral: 0 }],
      },
    })
      .adapter()
      .catalogue();
    expect(mixins.map(({ location }) => location)).toEqual([
      '/mixin/os_tpl/debian12/',
      '/mixin/os_tpl/ubuntu2404/',
      '/mixin/os_tpl/rocky9/',
      '/mixin/resource_tpl/huge/',
      '/mixin/availability_zone/zone-a/',
      '/mixin/availability_zone/zone-b/',
      '/mixin/region/home/',
      '/mixin/floatingippool/floating/',
    ]);
    expect(defaultOsTemplate).toBe('http://dummy.example.org/occi/infrastructure/os_tpl#ubuntu2404');
    const huge = mixins.find(({ term }) => term === 'huge')!;
    expect(huge.depends).toEqual([typeId(MIXINS.resource_tpl)]);
    expect(huge.attributes?.['occi.compute.cores']).toEqual({ type: 'integer', mutable: false, default: 64 });
  });

  test('consists of the same objects until a template is saved', async () => {
    const cloud = startCloud();
    expect((await cloud.adapter().catalogue()).mixins).toBe((await cloud.adapter('bob').catalogue()).mixins);
  });
});
