/**
 * Makes a network: itself, its subnet, and where the settings say so a router to the external network. These are several
 * calls, and a process may die after each. Neutron takes no tags with a create, so until the last call the description of
 * the network is the mark of the token: whoever comes with the token again goes on from there. The subnet keeps the mark.
 */
import type { Draft, NativeId } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { toOcciError } from '../api/errors.ts';
import { path } from '../api/path.ts';
import type { Cloud } from '../cloud.ts';
import { markOf } from '../mark.ts';
import { networkAnswer, type Subnet, subnetAnswer } from '../native/network.ts';
import { findBegun, findFinished, readSubnets, type WholeNetwork } from './reads.ts';
import { deleteNetwork } from './remove.ts';
import { joinByRouter } from './routers.ts';
import { subnetOf } from './subnets.ts';
import { requireNoVlan } from './vlan.ts';

const describe = async ({ client }: Cloud, id: NativeId, description: string) =>
  (
    await client.call('network', 'PUT', path`networks/${id}`, networkAnswer, {
      body: { network: { description } },
      repeatable: true,
    })
  ).value.network;

/** What a create makes of a draft and a token. */
interface Plan {
  readonly name: string;
  readonly summary: string;
  readonly mark: string;
  readonly subnet: ReturnType<typeof subnetOf>;
}

/** The calls after the network is there; each is left out if an earlier attempt has made it. */
async function finish(
  cloud: Cloud,
  id: NativeId,
  isNew: boolean,
  { mark, subnet, summary }: Plan,
): Promise<WholeNetwork> {
  const { client, settings } = cloud;
  let [made] = isNew ? [] : await readSubnets(cloud, id);
  if (!made) {
    const body = { subnet: { ...subnet, network_id: id, description: mark } };
    made = (await client.call('network', 'POST', path`subnets`, subnetAnswer, { body })).value.subnet satisfies Subnet;
  }
  if (settings.externalNetwork !== undefined) {
    await joinByRouter(cloud, { network: id, subnet: made.id, external: settings.externalNetwork, isNew });
  }
  return { network: await describe(cloud, id, summary), subnets: [made] };
}

/** An error after which the network may be there, whole or in part. */
const unfinished = (error: OcciError): OcciError =>
  new OcciError(error.failure, error.message, { cause: error, headers: error.headers, unknownOutcome: true });

/**
 * Makes a network, whole or not at all: 4 calls, 2 more with a router. Throws `invalid` and `forbidden` before the first;
 * an error of a later one takes back what was made.
 */
export async function createNetwork(cloud: Cloud, draft: Draft<'network'>, token: string): Promise<WholeNetwork> {
  const { attributes } = draft;
  requireNoVlan(attributes);
  const plan: Plan = {
    name: attributes['occi.core.title'] ?? '',
    summary: attributes['occi.core.summary'] ?? '',
    mark: markOf(token),
    subnet: subnetOf(draft, token),
  };
  let id: NativeId | undefined;
  try {
    const [finished, begun] = await Promise.all([findFinished(cloud, token), findBegun(cloud, token)]);
    if (finished) return finished;
    const body = { network: { name: plan.name, description: plan.mark } };
    const network =
      begun ?? (await cloud.client.call('network', 'POST', path`networks`, networkAnswer, { body })).value.network;
    id = network.id;
    return await finish(cloud, id, begun === undefined, plan);
  } catch (error) {
    const failure = toOcciError(error, 'network');
    if (id === undefined || failure.unknownOutcome) throw failure;
    const isTakenBack = await deleteNetwork(cloud, id).then(
      () => true,
      () => false,
    );
    throw isTakenBack ? failure : unfinished(failure);
  }
}
