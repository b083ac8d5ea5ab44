/** Deletes everything, and finds what is left over and what is in use by nothing. */
import { isLinkTerm } from '../../lib/occi/kinds/index.ts';
import { pathOf, plain } from '../lib/operations/payloads.ts';
import { look, paths, type View } from './look.ts';
import { definition, post, remove, TAGS } from './requests.ts';
import { LATER, type Process, type World } from './world.ts';

/** What nothing uses goes first, since nothing must hold it; machines take their links along; then what they used. */
function rank(path: string, { entities }: View): number {
  const { kind } = entities.get(path)!;
  const isTarget =
    (kind === 'ipreservation' && isHeldByLink(path, { entities })) ||
    [...entities.values()].some(({ seen }) => seen.target?.location === path);
  if (kind === 'compute') return 1;
  return isLinkTerm(kind) ? 2 : isTarget ? 3 : 0;
}

/** The address of a reservation that a link to an external network holds: it is used, and goes with the link. */
function isHeldByLink(path: string, { entities }: Pick<View, 'entities'>): boolean {
  const address = entities.get(path)?.seen.attributes?.['occi.ipreservation.address'];
  if (address === undefined) return false;
  const links = [...entities.values()].filter(({ kind }) => kind === 'networkinterface');
  return links.some(
    ({ seen: { attributes, target } }) =>
      attributes?.['occi.networkinterface.address'] === address && target?.location.startsWith('/network/'),
  );
}

/** An address that says it is used by nothing, or used and does not say so. */
function wrongUse({ entities }: View): string[] {
  return [...entities].flatMap(([path, { kind, seen }]) => {
    if (kind !== 'ipreservation') return [];
    const isTarget =
      isHeldByLink(path, { entities }) ||
      [...entities.values()].some(({ seen: { target } }) => target?.location === path);
    const used = seen.attributes?.['occi.ipreservation.used'];
    return used === isTarget ? [] : [`${path} says used=${used} and is ${isTarget ? '' : 'not '}linked to`];
  });
}

/** What is there when the addresses are free that creates left which died. */
async function viewOfFreed(world: World, process: Process, afterMs: number): Promise<View> {
  world.later(afterMs);
  const { headers } = await process.send(post('/compute/', { kind: 'compute', ...world.cloud.needs('compute') }));
  world.cloud.later(0);
  await process.send(remove(pathOf(headers.location!)));
  world.cloud.later(0);
  return await look(process);
}

export interface Swept {
  readonly faults: readonly string[];
  /** How many entities there were. */
  readonly present: number;
}

/** Deletes all but what is published, and the mixins of the scenario, which has this name. */
export async function sweep(
  world: World,
  process: Process,
  published: ReadonlySet<string>,
  scenario: string,
): Promise<Swept> {
  const view = await look(process);
  const { freesAddresses: frees } = world.cloud;
  const mayBeHeld = frees?.in.test(scenario) ? frees.afterMs : undefined;
  const isHeld = wrongUse(view).length > 0 && mayBeHeld !== undefined;
  const used = wrongUse(isHeld ? await viewOfFreed(world, process, mayBeHeld) : view);
  const faults = [...view.faults, ...used];
  const own = [...view.entities.keys()].filter((path) => !published.has(path));
  for (const path of own.toSorted((one, other) => rank(one, view) - rank(other, view))) {
    let { status, body } = await process.send({ method: 'DELETE', path });
    if (status === 409 && world.cloud.again?.test(body)) {
      world.later(LATER);
      ({ status, body } = await process.send({ method: 'DELETE', path }));
    }
    world.cloud.later(0);
    const wentAlong = status === 404 && (isLinkTerm(view.entities.get(path)!.kind) || isHeldByLink(path, view));
    if (status >= 300 && !wentAlong) faults.push(`DELETE ${path} is ${status}: ${body.trim().slice(0, 160)}`);
  }
  const discovered = await process.send({ method: 'GET', path: '/-/', headers: { Accept: 'text/plain' } });
  for (const [, term] of discovered.body.matchAll(/^Category: ([^;]+); scheme="http:\/\/crash\.example\.org/gm)) {
    const mixin = plain(`Category: ${term}; scheme="${TAGS}"; class="mixin"`);
    const { status } = await process.send({ method: 'DELETE', path: '/-/', ...mixin });
    if (status !== 200) faults.push(`the mixin ${term} cannot be removed: ${status}`);
  }
  return { faults, present: view.entities.size };
}

/** Reserves all addresses and gives them back: what died processes had of them is taken over. */
async function wrongPool(world: World, process: Process): Promise<string[]> {
  const made: string[] = [];
  for (let number = 0; number < world.cloud.addresses!; number++) {
    const { status, headers } = await process.send(post('/ipreservation/', { kind: 'ipreservation' }));
    if (status !== 201) return [`only ${number} of ${world.cloud.addresses} addresses are free`];
    made.push(pathOf(headers.location!));
  }
  for (const path of made) await process.send(remove(path));
  return [];
}

/** Defines mixins at the locations that those of died processes have left, and removes them. */
async function wrongPlaces(process: Process, rows: readonly string[]): Promise<string[]> {
  const faults: string[] = [];
  for (const [, term = ''] of rows.flatMap((row) => [...row.matchAll(/^alias#\/crash\/(.+)$/g)])) {
    const { status } = await process.send({ method: 'POST', path: '/-/', ...definition(term) });
    if (status !== 200) faults.push(`the location /crash/${term}/ is not free: ${status}`);
    const mixin = plain(`Category: ${term}; scheme="${TAGS}"; class="mixin"`);
    await process.send({ method: 'DELETE', path: '/-/', ...mixin });
  }
  return faults;
}

/** What is there after all was deleted: entities, rows, and what the cloud counts. */
export async function leftOver(
  world: World,
  process: Process,
  published: ReadonlySet<string>,
): Promise<readonly string[]> {
  const entities = (await paths(process)).filter((path) => !published.has(path));
  const kept = (await world.lastingRows()).map(({ sk }) => sk);
  const pool = kept.some((sk) => sk.startsWith('claim#pool-')) ? await wrongPool(world, process) : [];
  const places = await wrongPlaces(process, kept);
  const rows = (await world.lastingRows()).map(({ sk }) => `row ${sk}`);
  const native = Object.entries(await world.cloud.inventory()).filter(([, count]) => count !== 0);
  return [...entities, ...pool, ...places, ...rows, ...native.map(([name]) => `native ${name}`)];
}
