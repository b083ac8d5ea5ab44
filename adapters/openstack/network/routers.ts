/** The router that joins a network of ours to the external network: one for each, under a name that follows from the network. */
import * as z from 'zod';
import type { NativeId } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { ifOffered } from '../api/if-offered.ts';
import { path } from '../api/path.ts';
import { Refusal } from '../api/refusal.ts';
import type { Cloud } from '../cloud.ts';
import { type Router, routerAnswer, routersAnswer } from '../native/network.ts';

const nameOf = (network: NativeId): string => `occi-${network}`;

/** The routers that creates of ours made for a network: 1 call; none where the cloud has no routers. */
export async function routersOf({ client, session }: Cloud, network: NativeId): Promise<readonly Router[]> {
  const { projectId } = await session();
  const query = { name: nameOf(network), project_id: projectId, fields: ['id', 'name'] };
  const read = client.read('network', path`routers`, routersAnswer, { query });
  return (await ifOffered(read, { routers: [] })).routers;
}

/** Neutron has no type of its own for it: `Router already has a port on subnet`. */
const isJoinedAlready = (error: unknown): boolean =>
  error instanceof Refusal && error.status === 400 && /already has a port on subnet/i.test(error.sentence);

/** Neutron does not know the external network, or it is none. */
const isUnusable = (error: unknown): boolean => error instanceof Refusal && [400, 404].includes(error.status);

const unusableExternalNetwork = (cause: unknown): OcciError =>
  new OcciError('internal', 'The external network of the settings (externalNetwork) cannot be used.', { cause });

interface Join {
  readonly network: NativeId;
  readonly subnet: NativeId;
  readonly external: NativeId;
  /** False if an earlier attempt may have made the router. */
  readonly isNew: boolean;
}

/** Makes the router and joins the subnet to it: 2 calls. */
export async function joinByRouter(cloud: Cloud, { network, subnet, external, isNew }: Join): Promise<void> {
  const { client } = cloud;
  let [router] = isNew ? [] : await routersOf(cloud, network);
  if (!router) {
    const body = { router: { name: nameOf(network), external_gateway_info: { network_id: external } } };
    router = await client.call('network', 'POST', path`routers`, routerAnswer, { body }).then(
      ({ value }) => value.router,
      (error) => {
        throw isUnusable(error) ? unusableExternalNetwork(error) : error;
      },
    );
  }
  const { id } = router;
  await client
    .call('network', 'PUT', path`routers/${id}/add_router_interface`, z.unknown(), { body: { subnet_id: subnet } })
    .catch((error) => {
      if (!isJoinedAlready(error)) throw error;
    });
}

/** Takes a router away that joins these subnets: 1 call for each, and 1. */
export async function deleteRouter({ client }: Cloud, id: NativeId, ports: readonly NativeId[]): Promise<void> {
  for (const port of ports) {
    await client
      .call('network', 'PUT', path`routers/${id}/remove_router_interface`, z.unknown(), { body: { port_id: port } })
      .catch(orGone);
  }
  await client.call('network', 'DELETE', path`routers/${id}`, z.undefined()).catch(orGone);
}

/** Ignores that what is to be deleted is gone already. */
export function orGone(error: unknown): void {
  if (!(error instanceof Refusal && error.status === 404)) throw error;
}
