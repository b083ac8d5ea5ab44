/** The mixins that this adapter supports, and its catalogue of templates, sizes, zones and pools. */

import { catalogueMixin, schemesBelow } from '../../lib/adapter/catalogue.ts';
import type { Catalogue } from '../../lib/adapter/contract.ts';
import { CRTP_TEMPLATES, MIXINS, type MixinName } from '../../lib/occi/mixins/index.ts';
import { sizeAttributes } from '../../lib/occi/mixins/resource-tpl.ts';
import { type Mixin, typeId } from '../../lib/occi/types.ts';
import { translateErrors } from './api/errors.ts';
import { readPool } from './api/pages.ts';
import type { Cloud } from './cloud.ts';
import type { OpenNebulaSettings } from './config.ts';
import { clusterPool, type VmTemplate, type Vnet, vnetPool } from './native/index.ts';
import { offeredPool } from './template/vm-templates.ts';

const SCHEMES = schemesBelow('http://schemas.opennebula.org/occi/infrastructure');

/** Term prefixes of numbered objects. */
const TERMS = { os_tpl: 'template', resource_tpl: 'size', availability_zone: 'zone', floatingippool: 'pool' } as const;
type Numbered = keyof typeof TERMS;

/** All mixins except `region`: an endpoint serves one site. */
export const ACTS_ON = (Object.keys(MIXINS) as MixinName[]).filter((name) => name !== 'region');

/**
 * Type identifier of a template, zone or pool. The number has a fixed width, so that no term is a prefix of another.
 */
export const mixinId = (base: Numbered, id: number): string =>
  `${SCHEMES[base]}${TERMS[base]}-${String(id).padStart(7, '0')}`;

/** Id of the object that a mixin represents; undefined if the mixin does not belong to this base. */
export function objectOfMixin(base: Numbered, id: string): number | undefined {
  if (!id.startsWith(SCHEMES[base])) return undefined;
  const [, prefix, number] = /^([a-z]+)-(\d{7,10})$/.exec(id.slice(SCHEMES[base].length)) ?? [];
  return prefix === TERMS[base] ? Number(number) : undefined;
}

/** Id of the object that the first of these mixins with this base represents. */
export const objectAmong = (base: Numbered, mixins: readonly Mixin[]): number | undefined =>
  mixins.map((mixin) => objectOfMixin(base, typeId(mixin))).find((id) => id !== undefined);

/** A template, zone or pool as a mixin. */
function numbered(base: Numbered, { ID, NAME }: { readonly ID: number; readonly NAME: string }): Mixin {
  return catalogueMixin(SCHEMES, base, mixinId(base, ID).slice(SCHEMES[base].length), NAME);
}

/** The mixin of a template, as the catalogue has it. */
export const templateMixin = (template: Pick<VmTemplate, 'ID' | 'NAME'>): Mixin => numbered('os_tpl', template);

/**
 * True for a network that reservations are made from: listed in the settings or, without a list, marked by an
 * attribute.
 */
const isPool = ({ ID, TEMPLATE }: Vnet, { floatingIpPools }: OpenNebulaSettings): boolean =>
  floatingIpPools ? floatingIpPools.includes(ID) : /^yes$/i.test(TEMPLATE.FLOATING_IP_POOL ?? '');

/** Sizes from the settings, as mixins. */
const sizeMixins = ({ resourceTemplates }: OpenNebulaSettings): readonly Mixin[] =>
  resourceTemplates.map(({ term, title, cores, memory, ephemeral }) => ({
    ...catalogueMixin(SCHEMES, 'resource_tpl', term, title),
    attributes: sizeAttributes(cores, memory, ephemeral),
  }));

/** All fixed sizes: the six of the profile and those in the settings. */
export const sizes = (settings: OpenNebulaSettings): readonly Mixin[] => [...CRTP_TEMPLATES, ...sizeMixins(settings)];

/** Fixed mixins that a machine can have besides its templates. */
const OF_TABLES: ReadonlySet<string> = new Set(
  [MIXINS.ssh_key, MIXINS.user_data, MIXINS.public_key, MIXINS.openstack_user_data].map(typeId),
);

/** True for a mixin that we must record in the machine's attributes, since nothing else in the machine reveals it. */
export const isKept = (id: string, settings: OpenNebulaSettings): boolean =>
  OF_TABLES.has(id) ||
  objectOfMixin('availability_zone', id) !== undefined ||
  objectOfMixin('resource_tpl', id) !== undefined ||
  sizes(settings).some((size) => typeId(size) === id);

/** True for a VM template that only defines a size. */
const isSize = ({ TEMPLATE }: VmTemplate): boolean => /^yes$/i.test(TEMPLATE.OCCI_RESOURCE_TPL ?? '');

/** The size of a VM template; its volatile disks, except swap, are ephemeral storage. */
function templateSize(template: VmTemplate): Mixin {
  const { CPU = 1, VCPU = Math.ceil(CPU), MEMORY = 1024, DISK } = template.TEMPLATE;
  const volatile = DISK.filter(({ IMAGE_ID, TYPE }) => IMAGE_ID === undefined && TYPE !== 'swap');
  const ephemeral = volatile.reduce((sum, { SIZE = 0 }) => sum + SIZE, 0);
  return {
    ...numbered('resource_tpl', template),
    attributes: sizeAttributes(VCPU, MEMORY / 1024, ephemeral / 1024),
  };
}

/** Pool filter: everything that the caller may use. */
const USABLE = -2;

/** The caller's templates. They are cached, so that a create soon afterwards need not read its template again. */
async function readTemplates(cloud: Cloud): Promise<readonly VmTemplate[]> {
  const all = await readPool(cloud, {
    method: 'one.templatepool.info',
    before: [USABLE],
    shape: offeredPool,
    idOf: ({ offered }) => offered.ID,
  });
  cloud.templates.keep(cloud, new Map(all.map(({ offered, whole }) => [offered.ID, whole.TEMPLATE])));
  return all.map(({ offered }) => offered);
}

/** What the site offers to this caller. Native calls: one per page of templates, of clusters and of networks. */
export async function readCatalogue(cloud: Cloud): Promise<Catalogue> {
  const { client, settings } = cloud;
  const idOf = ({ ID }: { readonly ID: number }) => ID;
  const [templates, clusters, networks] = await translateErrors('compute', () =>
    Promise.all([
      readTemplates(cloud),
      client.call('one.clusterpool.info', [], clusterPool, { repeatable: true }),
      readPool(cloud, { method: 'one.vnpool.info', before: [USABLE], shape: vnetPool, idOf }),
    ]),
  );
  const { defaultOsTemplate } = settings;
  const offered = templates.some(({ ID }) => ID === defaultOsTemplate);
  return {
    mixins: [
      ...templates.filter((template) => !isSize(template)).map(templateMixin),
      ...templates.filter(isSize).map(templateSize),
      ...sizeMixins(settings),
      ...clusters.map((cluster) => numbered('availability_zone', cluster)),
      ...networks.filter((network) => isPool(network, settings)).map((network) => numbered('floatingippool', network)),
    ],
    schemes: Object.values(SCHEMES),
    ...(defaultOsTemplate !== undefined && offered && { defaultOsTemplate: mixinId('os_tpl', defaultOsTemplate) }),
  };
}
