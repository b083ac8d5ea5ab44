/** What every cloud's catalogue is made of: mixins for its templates, sizes, zones and address pools. */
import { MIXINS } from '../occi/mixins/index.ts';
import { type Mixin, typeId } from '../occi/types.ts';

/** The mixins that entries of a catalogue depend on. */
export type BaseName = 'os_tpl' | 'resource_tpl' | 'availability_zone' | 'region' | 'floatingippool';

/** The scheme of the entries below each base. */
type Schemes = Readonly<Record<BaseName, string>>;

/** @param root URL of the cloud's own schemes, without a slash at the end */
export const schemesBelow = (root: string): Schemes => ({
  os_tpl: `${root}/os_tpl#`,
  resource_tpl: `${root}/resource_tpl#`,
  availability_zone: `${root}/availability_zone#`,
  region: `${root}/region#`,
  floatingippool: `${root}/floatingippool#`,
});

/** A name as a title: one line without commas, semicolons and quotes, at which clients cut lists of titles. */
export const titleFrom = (name: string): string => name.replace(/[\s,;"\\\p{Cc}]+/gu, ' ').trim();

/**
 * An entry of the catalogue: a mixin that depends on a base and whose location lies below the base's. A reservation takes
 * its address from a pool (EXT-5), so pools apply to reservations.
 */
export function catalogueMixin(schemes: Schemes, base: BaseName, term: string, name: string): Mixin {
  return {
    scheme: schemes[base],
    term,
    title: titleFrom(name) || term,
    depends: [typeId(MIXINS[base])],
    applies: base === 'floatingippool' ? [RESERVATION] : MIXINS[base].applies,
    location: `${MIXINS[base].location}${term}/`,
  };
}

const RESERVATION = 'http://schemas.ogf.org/occi/infrastructure#ipreservation';

/** The term of the entry of this scheme among some mixins, if there is one. */
export const termAmong = (scheme: string, mixins: readonly Mixin[]): string | undefined =>
  mixins.find((mixin) => mixin.scheme === scheme)?.term;
