import { bad, refused } from '../refusals.ts';
import type { NovaState } from '../state.ts';
import type { NetworkWish, ServerWish } from './wish.ts';

/** A port to bind, or a network to make one on. */
export type WantedNic =
  | { readonly portId: string }
  | { readonly networkId: string; readonly address: string | undefined };

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function wanted(state: NovaState, projectId: string, { uuid, port, fixed_ip }: NetworkWish): WantedNic {
  const { ports } = state.site.between;
  if (port !== undefined) {
    const found = ports.port(projectId, port);
    if (!found) throw bad(`Port id ${port} could not be found.`);
    if (found.deviceId !== '') throw refused(409, `Port ${port} is still in use.`);
    if (found.fixedIps.length === 0) throw bad(`Port ${port} requires a FixedIP in order to be used.`);
    return { portId: port };
  }
  if (uuid === undefined || !UUID.test(uuid))
    throw bad(`Bad networks format: network uuid is not in proper format (${uuid})`);
  const network = ports.network(projectId, uuid);
  if (!network) throw bad(`Network ${uuid} could not be found.`);
  if (network.subnets.length === 0) throw bad(`Network ${uuid} requires a subnet in order to boot instances on.`);
  return { networkId: uuid, address: fixed_ip };
}

/** The NICs that a create asks for; with none named, the only network that there is. */
export function networksOf(
  state: NovaState,
  projectId: string,
  { networks }: ServerWish,
  count: number,
): readonly WantedNic[] {
  if (networks === 'none') return [];
  if (networks === undefined || networks === 'auto' || networks.length === 0) {
    const own = state.site.between.ports.networksOf(projectId).filter(({ subnets }) => subnets.length > 0);
    if (own.length > 1) throw refused(409, 'Multiple possible networks found, use a Network ID to be more specific.');
    return own.map(({ id }) => ({ networkId: id, address: undefined }));
  }
  const found = networks.map((one) => wanted(state, projectId, one));
  if (count > 1 && found.some((one) => 'portId' in one))
    throw bad(
      'Unable to launch multiple instances with a single configured port ID. Please launch your instance one by one with different ports.',
    );
  const portIds = found.flatMap((one) => ('portId' in one ? [one.portId] : []));
  const twice = portIds.find((id, index) => portIds.indexOf(id) !== index);
  if (twice !== undefined) throw refused(409, `Port ${twice} is still in use.`);
  return found;
}
