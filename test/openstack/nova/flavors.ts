import type { ServiceAnswer, ServiceRequest } from '../service.ts';
import type { Microversion } from './microversion.ts';
import { refused } from './refusals.ts';
import type { Flavor, NovaState } from './state.ts';

/** Of the recorded site. */
export const FLAVORS: readonly Flavor[] = [
  { id: '1', name: 'm1.tiny', vcpus: 1, ramMib: 512, diskGib: 1 },
  { id: '2', name: 'm1.small', vcpus: 1, ramMib: 2048, diskGib: 20 },
  { id: '3', name: 'm1.medium', vcpus: 2, ramMib: 4096, diskGib: 40 },
  { id: '4', name: 'm1.huge', vcpus: 64, ramMib: 262_144, diskGib: 1000 },
];

const linksOf = (origin: string, id: string): readonly object[] => [
  { rel: 'self', href: `${origin}/v2.1/flavors/${id}` },
  { rel: 'bookmark', href: `${origin}/flavors/${id}` },
];

function whole(origin: string, version: Microversion, flavor: Flavor): object {
  return {
    id: flavor.id,
    name: flavor.name,
    ram: flavor.ramMib,
    disk: flavor.diskGib,
    swap: version.has('2.75') ? 0 : '',
    'OS-FLV-EXT-DATA:ephemeral': 0,
    'OS-FLV-DISABLED:disabled': false,
    vcpus: flavor.vcpus,
    'os-flavor-access:is_public': true,
    rxtx_factor: 1,
    links: linksOf(origin, flavor.id),
    ...(version.has('2.55') && { description: null }),
    ...(version.has('2.61') && { extra_specs: flavor.extraSpecs ?? {} }),
  };
}

/** From 2.102 without two fields that mean nothing any more. */
function body(origin: string, version: Microversion, flavor: Flavor): object {
  const {
    rxtx_factor,
    'OS-FLV-DISABLED:disabled': disabled,
    ...rest
  } = whole(origin, version, flavor) as Record<string, unknown>;
  return version.has('2.102') ? rest : { ...rest, rxtx_factor, 'OS-FLV-DISABLED:disabled': disabled };
}

/** `/flavors` and `/flavors/detail`, page by page. */
export function listFlavors(
  state: NovaState,
  { origin, path, query }: ServiceRequest,
  version: Microversion,
): ServiceAnswer {
  const all = [...state.flavors.values()];
  const marker = query.get('marker');
  const start = marker === null ? 0 : all.findIndex(({ id }) => id === marker) + 1;
  if (marker !== null && start === 0) throw refused(400, `marker [${marker}] not found`);
  const limit = Math.min(Number(query.get('limit') ?? 1000), 1000);
  const shown = all.slice(start, start + limit);
  const isDetail = path.endsWith('/detail');
  const flavors = shown.map((one) =>
    isDetail
      ? body(origin, version, one)
      : {
          id: one.id,
          name: one.name,
          links: linksOf(origin, one.id),
          ...(version.has('2.55') && { description: null }),
        },
  );
  // A full page says that more follow, though it may have been the last.
  if (shown.length !== limit) return { status: 200, body: { flavors } };
  const href = `${origin}${path}?limit=${limit}&marker=${shown.at(-1)?.id}`;
  return { status: 200, body: { flavors, flavors_links: [{ rel: 'next', href }] } };
}

export function showFlavor(
  state: NovaState,
  { origin }: ServiceRequest,
  version: Microversion,
  id: string,
): ServiceAnswer {
  const found = state.flavors.get(id);
  if (!found) throw refused(404, `Flavor ${id} could not be found.`);
  return { status: 200, body: { flavor: body(origin, version, found) } };
}
