/** The mixins of this cloud: the standard ones that it acts on, and its catalogue of templates, zones and pools. */
import { type BaseName, catalogueMixin, schemesBelow } from '../../lib/adapter/catalogue.ts';
import type { Catalogue } from '../../lib/adapter/contract.ts';
import { CRTP_TEMPLATES, MIXINS, type MixinName } from '../../lib/occi/mixins/index.ts';
import { sizeAttributes } from '../../lib/occi/mixins/resource-tpl.ts';
import { type Mixin, typeId } from '../../lib/occi/types.ts';
import type { DummySettings } from './config.ts';

const SCHEMES = schemesBelow('http://dummy.example.org/occi/infrastructure');

/** The dummy acts on all of them. */
export const ACTS_ON = Object.keys(MIXINS) as readonly MixinName[];

/** An entry of the catalogue. */
export const dependent = (base: BaseName, { term, title }: { readonly term: string; readonly title: string }): Mixin =>
  catalogueMixin(SCHEMES, base, term, title);

/** The catalogue from the settings. Built once, so that readers can cache what they derive from its mixins. */
export function settingsCatalogue(settings: DummySettings): Catalogue {
  const sizes = settings.resourceTemplates.map((size) => ({
    ...dependent('resource_tpl', size),
    attributes: sizeAttributes(size.cores, size.memory, size.ephemeral),
  }));
  const defaultTerm = settings.defaultOsTemplate ?? settings.osTemplates[0]?.term;
  return {
    mixins: [
      ...settings.osTemplates.map((named) => dependent('os_tpl', named)),
      ...sizes,
      ...settings.availabilityZones.map((named) => dependent('availability_zone', named)),
      ...settings.regions.map((named) => dependent('region', named)),
      ...settings.floatingIpPools.map((named) => dependent('floatingippool', named)),
    ],
    schemes: Object.values(SCHEMES),
    ...(defaultTerm !== undefined && { defaultOsTemplate: SCHEMES.os_tpl + defaultTerm }),
  };
}

/** Schemes of the mixins of which an entity has at most one, by their base (INF-15, INF-16, CRTP-1). */
const ONE_AT_A_TIME: ReadonlyMap<string, readonly string[]> = new Map([
  [typeId(MIXINS.os_tpl), [SCHEMES.os_tpl]],
  [typeId(MIXINS.resource_tpl), [SCHEMES.resource_tpl, CRTP_TEMPLATES[0].scheme]],
  [typeId(MIXINS.availability_zone), [SCHEMES.availability_zone]],
  [typeId(MIXINS.region), [SCHEMES.region]],
  [typeId(MIXINS.floatingippool), [SCHEMES.floatingippool]],
]);

/** True if `added` replaces the mixin with this type identifier. */
export function makesWay(id: string, added: Mixin): boolean {
  const schemes = (added.depends ?? []).flatMap((base) => ONE_AT_A_TIME.get(base) ?? []);
  return schemes.some((scheme) => id.startsWith(scheme));
}

/** The term of the floating pool among some mixins. */
export const poolAmong = (mixins: readonly string[]): string | undefined =>
  mixins.find((id) => id.startsWith(SCHEMES.floatingippool))?.slice(SCHEMES.floatingippool.length);

export const poolId = (term: string): string => SCHEMES.floatingippool + term;

const definers = [...Object.values<Mixin>(MIXINS), ...CRTP_TEMPLATES];
const SIZE_ATTRIBUTES = Object.keys(sizeAttributes(1, 1, 0));

/** Names of the attributes that a mixin defines. */
export function attributesOfMixin(id: string): readonly string[] {
  if (id.startsWith(SCHEMES.resource_tpl)) return SIZE_ATTRIBUTES;
  return Object.keys(definers.find((mixin) => typeId(mixin) === id)?.attributes ?? {});
}
