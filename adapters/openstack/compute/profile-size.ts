/**
 * The size of the profile (CRTP) that a compute was asked for. Nova knows the flavor only, so the server remembers the
 * size, with the flavor that was chosen for it: it counts for as long as the server has that flavor, whoever resizes it.
 */
import { CRTP_TEMPLATES } from '../../../lib/occi/mixins/index.ts';
import { type Mixin, typeId } from '../../../lib/occi/types.ts';
import { flavorLabel, KEY } from '../machine/labels.ts';
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

/** Term and label of the flavor of each size that the server remembers: `small=1,large=4`. */
const entriesOf = ({ metadata }: Labelled): readonly (readonly [term: string, flavor: string])[] =>
  (metadata[KEY.size] ?? '').split(',').flatMap((entry) => {
    const at = entry.indexOf('=');
    return IDS.has(entry.slice(0, at)) ? [[entry.slice(0, at), entry.slice(at + 1)] as const] : [];
  });

/** Type identifier of the size that a server with this flavor was asked for. */
export const profileSizeOf = (server: Labelled, flavor: Sized): string | undefined =>
  IDS.get(entryOf(server, flavor)?.[0] ?? '');

/** What the server remembers of a flavor. */
const entryOf = (server: Labelled, flavor: Sized) =>
  entriesOf(server).find(([, label]) => label === flavorLabel(flavor));

/** The metadata of a new server with this flavor, if it was asked for by a size of the profile. */
export const profileMetadata = (term: string | undefined, flavor: Sized): Readonly<Record<string, string>> =>
  term === undefined ? {} : { [KEY.size]: `${term}=${flavorLabel(flavor)}` };

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
  const kept = present && present.id !== next.id ? entryOf(server, present) : undefined;
  const entries = [...(term === undefined ? [] : [[term, flavorLabel(next)]]), ...(kept ? [kept] : [])];
  const value = entries.map((entry) => entry.join('=')).join(',');
  return value === before ? {} : { [KEY.size]: value };
}
