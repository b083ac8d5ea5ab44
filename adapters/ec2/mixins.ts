/** The mixins of this cloud: which of the tables it acts on, and how images, types, zones and pools are called. */
import { catalogueMixin, schemesBelow, termAmong } from '../../lib/adapter/catalogue.ts';
import { CRTP_TEMPLATES, MIXINS, type MixinName } from '../../lib/occi/mixins/index.ts';
import { sizeAttributes } from '../../lib/occi/mixins/resource-tpl.ts';
import { type Mixin, typeId } from '../../lib/occi/types.ts';
import { TAG, tagOf } from './cloud.ts';
import type { Ec2Settings } from './config.ts';
import type { TypeSize } from './machine/known-types.ts';
import type { Image } from './native/index.ts';

export const SCHEMES = schemesBelow('http://schemas.ec2.aws.amazon.com/occi/infrastructure');

/** It acts on all of them. */
export const ACTS_ON = Object.keys(MIXINS) as readonly MixinName[];

/** The pool of Amazon's own addresses. */
const AMAZON = { term: 'amazon', title: 'Addresses of Amazon' } as const;

/** Type identifier of the OS template that an image is. */
export const imageMixinId = (ami: string): string => SCHEMES.os_tpl + ami;

/** Id of the image that one of the mixins stands for. */
export const imageAmong = (mixins: readonly Mixin[]): string | undefined => termAmong(SCHEMES.os_tpl, mixins);

/** The OS template that an image is, as the catalogue has it: called by its `Name` tag, else by its name. */
export const imageMixin = ({ ImageId, Name, Tags }: Image): Mixin =>
  catalogueMixin(SCHEMES, 'os_tpl', ImageId, tagOf(Tags, TAG.title) ?? Name ?? ImageId);

/** `t3.micro` and `t3_micro`: clients cut terms at dots, and no type has an underscore. */
const termOfType = (type: string): string => type.replaceAll('.', '_');

/** Type identifier of the size that an instance type is. */
export const typeMixinId = (type: string): string => SCHEMES.resource_tpl + termOfType(type);

/** The instance type of each size of the profile, by the size's type identifier. */
const profile = ({ sizes }: Ec2Settings): readonly (readonly [id: string, type: string])[] =>
  CRTP_TEMPLATES.map((size) => [typeId(size), sizes[size.term as keyof typeof sizes]]);

/** The instance type that one of the mixins stands for: a type itself, or a size of the profile as the settings map it. */
export function typeAmong(settings: Ec2Settings, mixins: readonly Mixin[]): string | undefined {
  const term = termAmong(SCHEMES.resource_tpl, mixins);
  if (term !== undefined) return settings.types.find((type) => termOfType(type) === term);
  const ids = mixins.map(typeId);
  return profile(settings).find(([id]) => ids.includes(id))?.[1];
}

/** Type identifiers of the sizes that stand for an instance type, its own first; none for a type that is not offered. */
export const sizeIdsOf = (settings: Ec2Settings, type: string): readonly string[] => [
  ...(settings.types.includes(type) ? [typeMixinId(type)] : []),
  ...profile(settings).flatMap(([id, own]) => (own === type ? [id] : [])),
];

/** The size that an instance type is. */
export const typeMixin = (type: string, { cores, memory, ephemeral }: TypeSize): Mixin => ({
  ...catalogueMixin(SCHEMES, 'resource_tpl', termOfType(type), type),
  attributes: sizeAttributes(cores, memory, ephemeral),
});

/** Type identifier of a zone. */
export const zoneMixinId = (zone: string): string => SCHEMES.availability_zone + zone;

/** Name of the zone that one of the mixins stands for. */
export const zoneAmong = (mixins: readonly Mixin[]): string | undefined => termAmong(SCHEMES.availability_zone, mixins);

export const zoneMixin = (zone: string): Mixin => catalogueMixin(SCHEMES, 'availability_zone', zone, zone);

/** Type identifier of the region: an endpoint has one. */
export const regionMixinId = ({ region }: Ec2Settings): string => SCHEMES.region + region;

export const regionMixin = ({ region }: Ec2Settings): Mixin => catalogueMixin(SCHEMES, 'region', region, region);

/** Pools that addresses are reserved from; an interface is then pointed at the reservation (EXT-5). */
export const poolMixins = ({ floatingIpPools }: Ec2Settings): readonly Mixin[] =>
  [AMAZON, ...floatingIpPools].map(({ term, title }) => ({
    ...catalogueMixin(SCHEMES, 'floatingippool', term, title),
    applies: ['http://schemas.ogf.org/occi/infrastructure#ipreservation'],
  }));

/** The pool that one of the mixins stands for: `pool` is EC2's name of it, absent for Amazon's own. */
export function poolAmong(settings: Ec2Settings, mixins: readonly Mixin[]): { readonly pool?: string } | undefined {
  const term = termAmong(SCHEMES.floatingippool, mixins);
  if (term === undefined) return undefined;
  const named = settings.floatingIpPools.find((one) => one.term === term);
  return named ? { pool: named.pool } : {};
}

/** Type identifier of the pool that an address is from; one that the settings do not name is shown as Amazon's. */
export const poolMixinId = ({ floatingIpPools }: Ec2Settings, publicIpv4Pool: string | undefined): string =>
  SCHEMES.floatingippool + (floatingIpPools.find(({ pool }) => pool === publicIpv4Pool)?.term ?? AMAZON.term);
