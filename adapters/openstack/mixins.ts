/** The mixins of this cloud: which of the tables it acts on, and how images, flavors, zones, regions and pools are called. */
import { catalogueMixin, schemesBelow, termAmong } from '../../lib/adapter/catalogue.ts';
import { MIXINS, type MixinName } from '../../lib/occi/mixins/index.ts';
import { sizeAttributes } from '../../lib/occi/mixins/resource-tpl.ts';
import type { AttributeDefinition, Mixin } from '../../lib/occi/types.ts';
import type { Flavor, Image } from './native/catalogue.ts';

/** ooi's schemes, where it has them: clients that were written for it find their terms (EXT-4, EXT-5). */
export const SCHEMES = {
  ...schemesBelow('http://schemas.openstack.org/infrastructure'),
  os_tpl: 'http://schemas.openstack.org/template/os#',
  resource_tpl: 'http://schemas.openstack.org/template/resource#',
  floatingippool: 'http://schemas.openstack.org/network/floatingippool#',
} as const;

/** The scheme of the mixins that depend on a base. */
export const schemeOf = (base: keyof typeof SCHEMES): string => SCHEMES[base];

/** It acts on all of them. */
export const ACTS_ON = Object.keys(MIXINS) as readonly MixinName[];

/** Stands before the hexadecimal digits of a name that is no term. */
const CODED = 'x-';
const PLAIN = /^(?!x-)[a-z0-9][a-z0-9_.-]{0,63}$/;

/** A name or id as a term: lower case, without blanks; the one where the other can be told from it. */
export const termOf = (name: string): string => (PLAIN.test(name) ? name : CODED + Buffer.from(name).toString('hex'));

/** The name that a term stands for. */
export const nameOf = (term: string): string =>
  term.startsWith(CODED) ? Buffer.from(term.slice(CODED.length), 'hex').toString() : term;

const nameAmong = (base: keyof typeof SCHEMES, mixins: readonly Mixin[]): string | undefined => {
  const term = termAmong(SCHEMES[base], mixins);
  return term === undefined ? undefined : nameOf(term);
};

/** Type identifier of the OS template that an image is. */
export const imageMixinId = (image: string): string => SCHEMES.os_tpl + termOf(image);

/** Id of the image that one of the mixins stands for. */
export const imageAmong = (mixins: readonly Mixin[]): string | undefined => nameAmong('os_tpl', mixins);

export const imageMixin = ({ id, name }: Pick<Image, 'id' | 'name'>): Mixin =>
  catalogueMixin(SCHEMES, 'os_tpl', termOf(id), name || id);

/** Type identifier of the size that a flavor is. */
export const flavorMixinId = (flavor: string): string => SCHEMES.resource_tpl + termOf(flavor);

/** True for the type identifier of a size that is a flavor. */
export const isFlavorMixin = (id: string): boolean => id.startsWith(SCHEMES.resource_tpl);

/** Id of the flavor that one of the mixins stands for. */
export const flavorAmong = (mixins: readonly Mixin[]): string | undefined => nameAmong('resource_tpl', mixins);

const fixed = (type: 'integer' | 'string', value: number | string): AttributeDefinition => ({
  type,
  mutable: false,
  default: value,
});

/** What ooi says of a flavor beside OGF's attributes (EXT-4), in GiB; swap in MiB, as Nova has it. */
export const flavorAttributes = ({ name, disk, ephemeral, swap }: Flavor) => ({
  'org.openstack.flavor.name': name,
  'org.openstack.flavor.disk': disk,
  'org.openstack.flavor.ephemeral': ephemeral,
  'org.openstack.flavor.swap': swap,
});

export const flavorMixin = (flavor: Flavor): Mixin => ({
  ...catalogueMixin(SCHEMES, 'resource_tpl', termOf(flavor.id), flavor.name),
  attributes: {
    ...sizeAttributes(flavor.vcpus, flavor.ram / 1024, flavor.ephemeral),
    ...Object.fromEntries(
      Object.entries(flavorAttributes(flavor)).map(([name, value]) => [
        name,
        fixed(typeof value === 'string' ? 'string' : 'integer', value),
      ]),
    ),
  },
});

/** Type identifier of a zone. */
export const zoneMixinId = (zone: string): string => SCHEMES.availability_zone + termOf(zone);

/** Name of the zone that one of the mixins stands for. */
export const zoneAmong = (mixins: readonly Mixin[]): string | undefined => nameAmong('availability_zone', mixins);

export const zoneMixin = (zone: string): Mixin => catalogueMixin(SCHEMES, 'availability_zone', termOf(zone), zone);

/** Type identifier of the region: an endpoint has one. */
export const regionMixinId = (region: string): string => SCHEMES.region + termOf(region);

export const regionMixin = (region: string): Mixin => catalogueMixin(SCHEMES, 'region', termOf(region), region);

/** Type identifier of the pool that an external network is, by its name in the catalogue (`pools.ts`). */
export const poolMixinId = (pool: string): string => SCHEMES.floatingippool + termOf(pool);

/** Name in the catalogue of the pool that one of the mixins stands for. */
export const poolAmong = (mixins: readonly Mixin[]): string | undefined => nameAmong('floatingippool', mixins);

/** As in ooi, a networkinterface too can name the pool that its address is to come from. */
export const poolMixin = (pool: string, title: string): Mixin => ({
  ...catalogueMixin(SCHEMES, 'floatingippool', termOf(pool), title),
  applies: MIXINS.floatingippool.applies,
});
