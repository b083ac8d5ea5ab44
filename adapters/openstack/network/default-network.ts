/** The network of a compute that is linked to none. */
import * as z from 'zod';
import type { NativeId } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { translateErrors } from '../api/errors.ts';
import { path } from '../api/path.ts';
import { Refusal } from '../api/refusal.ts';
import { linksNext, readAll } from '../catalogue/pages.ts';
import type { Cloud } from '../cloud.ts';
import { isMark } from '../mark.ts';
import { network } from '../native/network.ts';
import { OnExternalNetwork } from './external.ts';
import { line } from './texts.ts';

const usable = network.pick({ id: true, name: true, description: true, project_id: true, shared: true, subnets: true });
type Usable = z.infer<typeof usable>;
const usableAnswer = z.object({
  networks: z.array(usable),
  networks_links: z.array(z.object({ rel: z.string() })).default([]),
});

/** Networks that a port of the project can be on: its own and shared ones that have addresses. 1 call. */
async function readUsable(cloud: Cloud): Promise<readonly Usable[]> {
  const { projectId } = await cloud.session();
  const networks = await translateErrors('network', () =>
    readAll(cloud, {
      service: 'network',
      path: path`networks`,
      shape: usableAnswer,
      itemsOf: (page) => page.networks,
      hasNext: ({ networks_links: links }) => linksNext(links),
      query: { 'router:external': 'false', fields: Object.keys(usable.shape) },
      isWhole: true,
    }),
  );
  return networks.filter(
    ({ project_id: owner, shared, subnets, description }) =>
      (owner === projectId || shared) && subnets.length > 0 && !isMark(description),
  );
}

/** As many are named at most. */
const MAX_NAMED = 10;

function named(networks: readonly Usable[]): string {
  const titles = networks.slice(0, MAX_NAMED).map(({ name }) => line(name) || 'one without a title');
  const more = networks.length - titles.length;
  return `${titles.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/**
 * The network of a compute that is linked to none, as the setting says: no call, or 1 where the setting is `only` and below
 * 2.37, where Nova cannot be told that a server has no network. Throws `conflict` that names the networks.
 */
export async function defaultNetwork(cloud: Cloud): Promise<NativeId | undefined> {
  const { client, settings } = cloud;
  const { defaultNetwork: wanted } = settings;
  const { endpoints } = await cloud.session();
  if (endpoints.network === undefined) return undefined;
  if (wanted !== undefined && wanted !== 'only') return wanted;
  if (wanted === undefined && (await client.knows('compute', '2.37'))) return undefined;
  const [first, ...others] = await readUsable(cloud);
  if (!first) return undefined;
  if (wanted === 'only' && others.length === 0) return first.id;
  const reason =
    wanted === 'only'
      ? 'The project has several networks'
      : 'This release of OpenStack makes no compute without a network while the project has one';
  throw new OcciError('conflict', `${reason}: link the compute to one of them (${named([first, ...others])}).`);
}

/** True for a network that is not there, of another project, or external. */
const isNotForPorts = (error: unknown): boolean =>
  error instanceof OnExternalNetwork ||
  (error instanceof OcciError && error.cause instanceof Refusal && error.cause.type === 'NetworkNotFound');

/** A default network that the project may not use is no fault of the request; all else that is refused may be. */
export const refusedAsDefault = <T>(made: Promise<T>): Promise<T> =>
  made.catch((error) => {
    if (!isNotForPorts(error)) throw error;
    const message =
      'The project may not use the network that a compute gets by default: link the compute to a network.';
    throw new OcciError('conflict', message, { cause: error });
  });
