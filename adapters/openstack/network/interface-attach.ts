/**
 * Attaches a server to a network by a port that is made for it. Neutron checks address, MAC and network of a port at
 * once; a network given to Nova instead ends in 500 for an address that is none of it, and keeps no token. Nova leaves
 * such a port behind when it is detached: whoever detaches it deletes it (`ports.ts`).
 */
import type { Draft, LinkDraft, Native, NativeEnd, NativeId } from '../../../lib/adapter/contract.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import { toOcciError, translateErrors } from '../api/errors.ts';
import { path } from '../api/path.ts';
import { Refusal } from '../api/refusal.ts';
import { type Cloud, isUuid, linkId } from '../cloud.ts';
import { portsOfToken } from '../machine/left-ports.ts';
import { type Machine, readPorts, readServer } from '../machine/machine.ts';
import { isMark, markOf } from '../mark.ts';
import { interfaceAnswer } from '../native/interface.ts';
import { type Port, portAnswer } from '../native/port.ts';
import { computeState } from '../states.ts';
import { onNetworks } from './external.ts';
import { ADDRESS, INTERFACE, MAC, namesOf, nextName, toNetworkinterfaces } from './interface-links.ts';
import { deletePort } from './ports.ts';

type Link = Native<'networkinterface'>;

/** A link with both ends. */
export type LinkOrder = Draft<'networkinterface'> & { readonly source: NativeEnd; readonly target: NativeEnd };

/** An end that is not there is a fault of the request. */
export const noSuchEnd = (kind: string, cause?: unknown): OcciError =>
  new OcciError('invalid', `There is no such ${kind}, or it may not be used.`, { cause });

/** The machine at the start of a link, without its volumes: 2 calls at the same time. Throws `invalid`. */
export async function readSource(cloud: Cloud, { id }: NativeEnd): Promise<Machine> {
  if (!isUuid(id)) throw noSuchEnd('compute');
  const [server, ports] = await Promise.all([readServer(cloud, id), readPorts(cloud, { device_id: id })]).catch(
    (error) => {
      throw isFailure(error, 'notFound') ? noSuchEnd('compute', error) : error;
    },
  );
  return { server, ports, floatingIps: [], attachments: [] };
}

/** The name that the interface is to have. Throws `conflict` for one that another of the machine has. */
function nameFor(machine: Machine, { attributes }: Pick<LinkDraft, 'attributes'>): string {
  const wanted = attributes[INTERFACE];
  if (typeof wanted !== 'string') return nextName(machine);
  if (![...namesOf(machine).values()].includes(wanted)) return wanted;
  throw new OcciError('conflict', `The interface ${wanted} of this compute is in use.`);
}

/** A port like the others of its machine: a securitygroup that a compute is linked to holds for all of its interfaces. */
function portFor(machine: Machine, { attributes, target }: LinkOrder, token: string) {
  const groups = [...new Set(machine.ports.flatMap((port) => port.security_groups))];
  const [address, mac] = [attributes[ADDRESS], attributes[MAC]];
  return {
    network_id: target.id,
    name: nameFor(machine, { attributes }),
    description: markOf(token),
    ...(typeof address === 'string' && { fixed_ips: [{ ip_address: address }] }),
    ...(mac !== undefined && { mac_address: mac.toLowerCase() }),
    ...(groups.length > 0 && { security_groups: groups }),
  };
}

async function makePort(cloud: Cloud, machine: Machine, order: LinkOrder, token: string): Promise<Port> {
  const body = { port: portFor(machine, order, token) };
  const { value } = await translateErrors('networkinterface', () =>
    cloud.client.call('network', 'POST', path`ports`, portAnswer, { body }),
  );
  return value.port;
}

const read = async ({ client }: Cloud, id: NativeId): Promise<Port> =>
  (await client.read('network', path`ports/${id}`, portAnswer)).port;

/** Nova refuses a port that has no address with a sentence about security groups. */
function requireAddress({ fixed_ips: addresses }: Port): void {
  if (addresses.length > 0) return;
  throw new OcciError('conflict', 'The network has no addresses, so no compute can be linked to it.');
}

/** Attaches a port: 1 call. An earlier attempt may still be under way: Nova then says that the port is in use. */
async function attachPort(cloud: Cloud, server: NativeId, port: Port): Promise<Port> {
  const body = { interfaceAttachment: { port_id: port.id } };
  try {
    const { value } = await cloud.client.call(
      'compute',
      'POST',
      path`servers/${server}/os-interface`,
      interfaceAnswer,
      {
        body,
      },
    );
    const { port_state: status } = value.interfaceAttachment;
    return { ...port, device_id: server, device_owner: 'compute:', status: status ?? port.status };
  } catch (error) {
    if (!(error instanceof Refusal && error.status === 409)) throw error;
    const now = await read(cloud, port.id);
    if (now.device_id === server) return now;
    throw error;
  }
}

/** Throws `conflict` for a machine that Nova attaches nothing to and detaches nothing from. */
export function requireSettled({ server }: Machine): void {
  const { state, message } = computeState(server);
  if (state !== 'waiting') return;
  throw new OcciError(
    'conflict',
    `The compute is changing its state: try again when that is over. ${message ?? ''}`.trim(),
    {
      headers: { 'Retry-After': '5' },
    },
  );
}

/** The port that an earlier attempt with this token has made: 1 call. */
export const findPort = async (cloud: Cloud, token: string): Promise<Port | undefined> => {
  const [port] = await readPorts(cloud, { description: markOf(token) });
  return port && isMark(port.description) ? port : undefined;
};

/**
 * Links a machine to a network: 5 calls, the first three at the same time. Throws `invalid` for an end that is not there
 * and for an address that is none of the network, `conflict` for one that is taken and for a machine that is not ready.
 */
export async function attachToNetwork(cloud: Cloud, order: LinkOrder, token: string): Promise<Link> {
  if (!isUuid(order.target.id)) throw noSuchEnd('network');
  const [machine, [earlier]] = await Promise.all([
    readSource(cloud, order.source),
    portsOfToken(cloud, token, order.source.id),
  ]);
  const { server, ports } = machine;
  let port = earlier;
  if (port?.device_id !== server.id) {
    requireSettled(machine);
    const made = port ?? (await onNetworks(cloud, [order.target.id], makePort(cloud, machine, order, token)));
    port = await attachMade(cloud, server.id, made);
  }
  const { id } = port;
  const whole = { ...machine, ports: [...ports.filter((one) => one.id !== id), port] };
  return toNetworkinterfaces(whole).find((one) => one.id === linkId(server.id, id))!;
}

/** Attaches a port that was made for it, or takes it back. */
async function attachMade(cloud: Cloud, server: NativeId, port: Port): Promise<Port> {
  try {
    requireAddress(port);
    return await attachPort(cloud, server, port);
  } catch (error) {
    const failure = toOcciError(error, 'networkinterface');
    if (failure.unknownOutcome) throw failure;
    const isTakenBack = await deletePort(cloud, port.id).then(
      () => true,
      () => false,
    );
    if (isTakenBack) throw failure;
    throw new OcciError(failure.failure, failure.message, {
      cause: failure,
      headers: failure.headers,
      unknownOutcome: true,
    });
  }
}
