/**
 * The size of the profile (CRTP) that a compute was asked for. Nova knows the flavor only, so the server remembers the
 * size, with the flavor that was chosen for it: it counts for as long as the server has that flavor, whoever resizes it.
 */
import { CRTP_TEMPLATES } from '../../../lib/occi/mixins/index.ts';
import { type Mixin, typeId } from '../../../lib/occi/types.ts';
import { KEY } from '../machine/labels.ts';
import type { Flavor } from '../native/catalogue.ts';
import type { Server } from '../native/server.ts';

/** Type identifiers of the sizes by their terms. */
const IDS: ReadonlyMap<string, string> = new Map(CRTP_TEMPLATES.map((size) => [size.term, typeId(size)]));

/** True for the type identifier of a size of the profile. */
export const isProfileSize = (id: string): boolean => [...IDS.values()].includes(id);

/** Term of the size of the profile that is among some mixins. */
export function profileAmong(mixins: readonly Mixin[]): string | undefined {
  const ids = mixins.map(typeId);
  return [...IDS].find(([, id]) => ids.includes(id))?.[0];
}

type Labelled = Pick<Server, 'metadata'>;
type Sized = Pick<Flavor, 'id'>;

/** Term and flavor of each size that the server remembers: `small=1,large=4`. Ids of flavors have no comma. */
const entriesOf = ({ metadata }: Labelled): readonly (readonly [term: string, flavor: string])[] =>
  (metadata[KEY.size] ?? '').split(',').flatMap((entry) => {
    const at = entry.indexOf('=');
    return IDS.has(entry.slice(0, at)) ? [[entry.slice(0, at), entry.slice(at + 1)] as const] : [];
  });

/** Type identifier of the size that a server with this flavor was asked for. */
export const profileSizeOf = (server: Labelled, { id }: Sized): string | undefined =>
  IDS.get(entriesOf(server).find(([, flavor]) => flavor === id)?.[0] ?? '');

/** Nova's metadata values have so many characters at most; two ids of flavors may have more. */
const MAX_CHARS = 255;

/** The metadata of a new server with this flavor, if it was asked for by a size of the profile. */
export const profileMetadata = (term: string | undefined, { id }: Sized): Readonly<Record<string, string>> =>
  term === undefined ? {} : { [KEY.size]: `${term}=${id}`.slice(0, MAX_CHARS) };

/**
 * The metadata to write when a server gets another size; none if nothing is to change. Its present size stays beside the
 * new one, since Nova may refuse the resize, or a user take it back.
 */
export function changedProfile(
  server: Labelled,
  {
    present,
    next,
    term,
  }: { readonly present: Sized | undefined; readonly next: Sized; readonly term?: string | undefined },
): Readonly<Record<string, string>> {
  const before = server.metadata[KEY.size] ?? '';
  const kept = entriesOf(server).filter(([, flavor]) => flavor === present?.id && flavor !== next.id);
  const entries = [...(term === undefined ? [] : [[term, next.id]]), ...kept].map((entry) => entry.join('='));
  const [first = ''] = entries;
  const all = entries.join(',');
  const value = all.length > MAX_CHARS ? first.slice(0, MAX_CHARS) : all;
  return value === before ? {} : { [KEY.size]: value };
}
