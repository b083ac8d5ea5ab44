/** A machine: a server of Nova with what the other services know of it. */
import type { NativeId } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { allEnded } from '../api/all-ended.ts';
import { translateErrors } from '../api/errors.ts';
import { ifOffered } from '../api/if-offered.ts';
import { ifUp } from '../api/if-up.ts';
import { path } from '../api/path.ts';
import { type Cloud, endingAt, isUuid } from '../cloud.ts';
import type { Attachment } from '../native/attachment.ts';
import { type FloatingIp, floatingIpsAnswer, type Port, portsAnswer } from '../native/port.ts';
import { type Server, serverAnswer } from '../native/server.ts';
import { isDeleted } from '../states.ts';
import { readAttachments } from './attachments.ts';
import { ownPorts } from './labels.ts';

export interface Machine {
  readonly server: Server;
  readonly ports: readonly Port[];
  readonly floatingIps: readonly FloatingIp[];
  readonly attachments: readonly Attachment[];
  /** Why some of its links may be missing: their service is down. */
  readonly missing?: string | undefined;
}

/** The newest microversion that the shapes of servers know. */
export const SERVER_MICROVERSION = '2.100';

export const noSuchCompute = (): OcciError => new OcciError('notFound', 'There is no such compute.');

/** What a machine says of links that could not be read. */
export function missing(parts: { readonly network: unknown; readonly volume: unknown }): Pick<Machine, 'missing'> {
  const kinds = [
    ...(parts.network === undefined ? ['networkinterfaces and securitygrouplinks'] : []),
    ...(parts.volume === undefined ? ['storagelinks'] : []),
  ];
  return kinds.length === 0 ? {} : { missing: `Its ${kinds.join(' and ')} cannot be read at the moment.` };
}

/** A server: 1 call. Throws `notFound` for one that is deleted or another project's. */
export async function readServer(cloud: Cloud, id: NativeId): Promise<Server> {
  if (!isUuid(id)) throw noSuchCompute();
  const { projectId } = await cloud.session();
  const { server } = await translateErrors('compute', () =>
    cloud.client.read('compute', path`servers/${id}`, serverAnswer, { microversion: SERVER_MICROVERSION }),
  );
  // Administrators can read those of all projects.
  if (isDeleted(server) || server.tenant_id !== projectId) throw noSuchCompute();
  return server;
}

/** Ports of the project by a filter: 1 call; none where the cloud has no Neutron. */
export async function readPorts(
  cloud: Cloud,
  query: Readonly<Record<string, string | readonly string[]>>,
): Promise<readonly Port[]> {
  const { endpoints, projectId } = await cloud.session();
  if (endpoints.network === undefined) return [];
  const { ports } = await translateErrors('network', () =>
    cloud.client.read('network', path`ports`, portsAnswer, { query: { ...query, project_id: projectId } }),
  );
  return ports;
}

/** True if Nova shows floating addresses of the server. */
const hasFloating = ({ addresses }: Pick<Server, 'addresses'>): boolean =>
  Object.values(addresses)
    .flat()
    .some((one) => one['OS-EXT-IPS:type'] === 'floating');

/** How long after its start a server is new, in milliseconds: more than clocks differ and a request lasts. */
const NEW_MS = 600_000;

/** True for a server whose ports Nova may have bound after they were read. */
function isNew({ status, 'OS-SRV-USG:launched_at': launched }: Server): boolean {
  return status === 'BUILD' || (launched != null && Date.now() - Date.parse(`${launched}Z`) < NEW_MS);
}

/**
 * Ports that were made for a server and that Neutron does not list as its own: 1 call, or none if it has them all. Nova binds
 * them as the last step of a build; and a server that is read as running may have had its ports read before that.
 */
async function readLatePorts(cloud: Cloud, server: Server, bound: readonly Port[]): Promise<readonly Port[]> {
  const missing = ownPorts(server).filter((id) => !bound.some((port) => port.id === id));
  if (missing.length === 0 || !isNew(server)) return [];
  const ports = await readPorts(cloud, { id: missing });
  return ports.filter(({ device_id: device }) => device === server.id || (device === '' && server.status === 'BUILD'));
}

/** Floating addresses of the project on ports: 1 call; none where the cloud has no such addresses. */
async function readFloatingOf(cloud: Cloud, ports: readonly Port[]): Promise<readonly FloatingIp[]> {
  if (ports.length === 0) return [];
  const { projectId } = await cloud.session();
  const query = { port_id: ports.map(({ id }) => id), project_id: projectId };
  const { floatingips } = await translateErrors('ipreservation', () =>
    ifOffered(cloud.client.read('network', path`floatingips`, floatingIpsAnswer, { query }), { floatingips: [] }),
  );
  return floatingips;
}

/** How the links of a machine are read: all of them, or those of services that are up. */
type Reading = <T>(read: (cloud: Cloud) => Promise<T>) => Promise<T | undefined>;

/** How long each part is waited for that a machine can be shown without, in milliseconds: a delete reads it first. */
const SHOWN_WITHIN_MS = 5000;

async function machineOf(cloud: Cloud, id: NativeId, reading: Reading): Promise<Machine> {
  if (!isUuid(id)) throw noSuchCompute();
  const [server, bound] = await allEnded([
    readServer(cloud, id),
    reading((services) => readPorts(services, { device_id: id })),
  ]);
  const late = bound && (await reading((services) => readLatePorts(services, server, bound)));
  const ports = late && [...bound, ...late];
  const hasAddresses = hasFloating(server) || cloud.listings.addressed.get(id) || (late ?? []).length > 0;
  const [floatingIps, attachments] = await Promise.all([
    ports && (hasAddresses ? reading((services) => readFloatingOf(services, ports)) : []),
    reading((services) => readAttachments(services, server)),
  ]);
  const links = { ports: ports ?? [], floatingIps: floatingIps ?? [], attachments: attachments ?? [] };
  return { server, ...links, ...missing({ network: floatingIps, volume: attachments }) };
}

/**
 * A machine: 1 call to Nova and 1 to Neutron; 1 more where it has floating addresses or may have got one, where it has volumes, and while it is
 * new and lacks a port that was made for it. Throws `notFound`.
 */
export const readMachine = (cloud: Cloud, id: NativeId): Promise<Machine> =>
  machineOf(cloud, id, (read) => read(cloud));

/** A machine to be shown: the same, without what a service that is down or hangs would say, which the machine tells. */
export const readShownMachine = (cloud: Cloud, id: NativeId): Promise<Machine> =>
  machineOf(cloud, id, (read) => ifUp(read(endingAt(cloud, Date.now() + SHOWN_WITHIN_MS)), undefined));
