/** Networks with their subnets: one, a page, or by the token of their create. */
import * as z from 'zod';
import type { Native, NativeId, Page, PageQuery } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { allEnded } from '../api/all-ended.ts';
import { translateErrors } from '../api/errors.ts';
import { readPage } from '../api/pages.ts';
import { path } from '../api/path.ts';
import { linksNext, readAll } from '../catalogue/pages.ts';
import { type Cloud, isUuid } from '../cloud.ts';
import { isMark, markOf } from '../mark.ts';
import {
  NETWORK_NAME_FIELDS,
  type Network,
  type NetworkName,
  networkAnswer,
  networkNamesAnswer,
  networksAnswer,
  SUBNET_FIELDS,
  type Subnet,
  subnetsAnswer,
} from '../native/network.ts';
import { networkState } from '../network-states.ts';
import { IP_NETWORK, ipAttributes } from './subnets.ts';
import { line } from './texts.ts';
import { vlanOf } from './vlan.ts';

/** What is shown of a network that members may only have floating addresses of. */
const EXTERNAL = 'The network is external: computes cannot be linked to it, but can have reserved addresses of it.';

/** A network, and those of its subnets that the caller may see. */
export interface WholeNetwork {
  readonly network: Network;
  readonly subnets: readonly Subnet[];
}

export const noSuchNetwork = (): OcciError => new OcciError('notFound', 'There is no such network.');

/** True for a network whose create has not come to its end: until then its description holds the token. */
export const isBegun = ({ description }: Network): boolean => isMark(description);

export const isOwn = ({ project_id: project }: NetworkName, projectId: string): boolean => project === projectId;

/** An administrator sees the networks of all projects: here only what everybody in the project sees. */
const isVisible = (one: NetworkName, projectId: string): boolean =>
  isOwn(one, projectId) || one.shared || one['router:external'];

function textsOf(network: Network) {
  const [title, summary] = [line(network.name), isBegun(network) ? '' : line(network.description)];
  return { ...(title && { 'occi.core.title': title }), ...(summary && { 'occi.core.summary': summary }) };
}

export function toNetwork({ network, subnets }: WholeNetwork, projectId: string): Native<'network'> {
  const { state, message } = isBegun(network)
    ? ({ state: 'waiting', message: 'The network is being made; if that has failed, delete it.' } as const)
    : networkState(network);
  const isForAddresses = network['router:external'] && !network.shared && !isOwn(network, projectId);
  const said = message ?? (isForAddresses ? EXTERNAL : undefined);
  const ip = ipAttributes(subnets);
  return {
    kind: 'network',
    id: network.id,
    attributes: {
      ...textsOf(network),
      ...vlanOf(network),
      'occi.network.state': state,
      ...(said !== undefined && { 'occi.network.state.message': said }),
      ...ip,
    },
    mixins: ip ? [IP_NETWORK] : [],
    links: [],
    ...(!isOwn(network, projectId) && { published: true }),
  };
}

/** The subnets of a network: 1 call. */
export async function readSubnets({ client }: Cloud, network: NativeId): Promise<readonly Subnet[]> {
  const query = { network_id: network, fields: SUBNET_FIELDS };
  return (await client.read('network', path`subnets`, subnetsAnswer, { query })).subnets;
}

/** A network with its subnets: 2 calls at the same time. Throws `notFound`. */
export async function readNetwork(cloud: Cloud, id: NativeId): Promise<WholeNetwork> {
  if (!isUuid(id)) throw noSuchNetwork();
  const { projectId } = await cloud.session();
  const [{ network }, subnets] = await translateErrors('network', () =>
    allEnded([cloud.client.read('network', path`networks/${id}`, networkAnswer), readSubnets(cloud, id)]),
  );
  if (!isVisible(network, projectId)) throw noSuchNetwork();
  return { network, subnets };
}

const subnetsPage = subnetsAnswer.extend({ subnets_links: z.array(z.object({ rel: z.string() })).default([]) });

/** All subnets that the caller may see: 1 call, and more only where Neutron limits its pages. */
const readAllSubnets = (cloud: Cloud): Promise<readonly Subnet[]> =>
  readAll(cloud, {
    service: 'network',
    path: path`subnets`,
    shape: subnetsPage,
    itemsOf: ({ subnets }) => subnets,
    hasNext: ({ subnets_links: links }) => linksNext(links),
    query: { fields: SUBNET_FIELDS },
    isWhole: true,
  });

/** What the first page of a listing has read, for its next pages. */
const SUBNETS = new WeakMap<Cloud, Promise<readonly Subnet[]>>();

function subnetsOfListing(cloud: Cloud, { cursor }: PageQuery): Promise<readonly Subnet[]> {
  const known = cursor === undefined ? undefined : SUBNETS.get(cloud);
  const subnets = known ?? readAllSubnets(cloud);
  SUBNETS.set(cloud, subnets);
  return subnets;
}

/** A page of networks with their subnets: 1 call, and 1 for the subnets of all pages. */
export async function readNetworks(cloud: Cloud, query: PageQuery): Promise<Page<WholeNetwork>> {
  const { projectId } = await cloud.session();
  return translateErrors('network', async () => {
    const [page, subnets] = await Promise.all([
      readPage(
        cloud,
        {
          service: 'network',
          path: path`networks`,
          shape: networksAnswer,
          itemsOf: ({ networks }) => networks,
          linksOf: ({ networks_links: links }) => links,
        },
        query,
      ),
      subnetsOfListing(cloud, query),
    ]);
    const networks = page.items.filter((one) => isVisible(one, projectId));
    const of = new Map(networks.map(({ id }): [NativeId, Subnet[]] => [id, []]));
    for (const subnet of subnets) of.get(subnet.network_id)?.push(subnet);
    const items = networks.map((network) => ({ network, subnets: of.get(network.id) ?? [] }));
    return { ...page, items };
  });
}

/** A page of ids: 1 call. */
export async function readNetworkIds(cloud: Cloud, query: PageQuery): Promise<Page<NativeId>> {
  const { projectId } = await cloud.session();
  const page = await translateErrors('network', () =>
    readPage(
      cloud,
      {
        service: 'network',
        path: path`networks`,
        shape: networkNamesAnswer,
        itemsOf: ({ networks }) => networks,
        linksOf: ({ networks_links: links }) => links,
        query: { fields: NETWORK_NAME_FIELDS },
      },
      query,
    ),
  );
  return { ...page, items: page.items.filter((one) => isVisible(one, projectId)).map(({ id }) => id) };
}

/** The network that a create with this token has begun and not finished: 1 call. */
export async function findBegun(cloud: Cloud, token: string): Promise<Network | undefined> {
  const { projectId } = await cloud.session();
  const query = { description: markOf(token), project_id: projectId };
  const { networks } = await translateErrors('network', () =>
    cloud.client.read('network', path`networks`, networksAnswer, { query }),
  );
  return networks[0];
}

/** The finished network of a token, which stands in the description of its subnet: 1 call, 3 if there is one. */
export async function findFinished(cloud: Cloud, token: string): Promise<WholeNetwork | undefined> {
  const { projectId } = await cloud.session();
  const query = { description: markOf(token), project_id: projectId, fields: SUBNET_FIELDS };
  const { subnets } = await translateErrors('network', () =>
    cloud.client.read('network', path`subnets`, subnetsAnswer, { query }),
  );
  const found = subnets[0] && (await readNetwork(cloud, subnets[0].network_id));
  return found && !isBegun(found.network) ? found : undefined;
}
