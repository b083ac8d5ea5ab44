/** Pools of floating addresses: the external networks. */
import { translateErrors } from '../api/errors.ts';
import { path } from '../api/path.ts';
import type { Cloud } from '../cloud.ts';
import { viewOf } from '../identity/session.ts';
import { type ExternalNetwork, externalNetworksAnswer } from '../native/catalogue.ts';
import { linksNext, readAll } from './pages.ts';

/** A pool as the catalogue has it. */
export interface Pool {
  /** Id of the external network. */
  readonly network: string;
  /** Its name, or its id where another network has the same one. */
  readonly name: string;
  readonly title: string;
}

/** Pools by the names that ooi gave them, which are not unique in Neutron. */
export function named(networks: readonly ExternalNetwork[]): readonly Pool[] {
  return networks.map(({ id, name }) => {
    const isUnique = Boolean(name) && networks.filter((one) => one.name === name).length === 1;
    return { network: id, name: isUnique ? name! : id, title: name || id };
  });
}

/** The pools: 1 call, the first time in five minutes; none without Neutron. */
export async function readPools(cloud: Cloud): Promise<readonly Pool[]> {
  const session = await cloud.session();
  if (session.endpoints.network === undefined) return [];
  const networks = await cloud.shelves.pools.read(viewOf(session), () =>
    translateErrors('ipreservation', () =>
      readAll(cloud, {
        service: 'network',
        path: path`networks`,
        shape: externalNetworksAnswer,
        itemsOf: ({ networks }) => networks,
        hasNext: ({ networks_links }) => linksNext(networks_links),
        query: { 'router:external': 'true', fields: ['id', 'name'] },
      }),
    ),
  );
  return named(networks);
}
