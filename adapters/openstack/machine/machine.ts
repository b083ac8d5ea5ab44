/** A machine: a server of Nova with what the other services know of it. */
import type { NativeId } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { translateErrors } from '../api/errors.ts';
import { path } from '../api/path.ts';
import { type Cloud, isUuid } from '../cloud.ts';
import { type Attachment, attachmentsAnswer } from '../native/attachment.ts';
import { type FloatingIp, floatingIpsAnswer, type Port, portsAnswer } from '../native/port.ts';
import { type Server, serverAnswer } from '../native/server.ts';

export interface Machine {
  readonly server: Server;
  readonly ports: readonly Port[];
  readonly floatingIps: readonly FloatingIp[];
  readonly attachments: readonly Attachment[];
}

/** The newest microversion that the shapes of servers know. */
export const SERVER_MICROVERSION = '2.100';

export const noSuchCompute = (): OcciError => new OcciError('notFound', 'There is no such compute.');

/** A server: 1 call. Throws `notFound` for one that is deleted or another project's. */
export async function readServer(cloud: Cloud, id: NativeId): Promise<Server> {
  if (!isUuid(id)) throw noSuchCompute();
  const { server } = await translateErrors('compute', () =>
    cloud.client.read('compute', path`servers/${id}`, serverAnswer, { microversion: SERVER_MICROVERSION }),
  );
  if (server.status === 'DELETED' || server.status === 'SOFT_DELETED') throw noSuchCompute();
  return server;
}

/**
 * A machine: 1 call to Nova and 1 to Neutron; 1 more where it has floating addresses, and 1 where it has volumes.
 * Throws `notFound`.
 */
export async function readMachine(cloud: Cloud, id: NativeId): Promise<Machine> {
  if (!isUuid(id)) throw noSuchCompute();
  const { client } = cloud;
  const { endpoints } = await cloud.session();
  const [server, { ports }] = await Promise.all([
    readServer(cloud, id),
    endpoints.network === undefined
      ? { ports: [] }
      : translateErrors('network', () =>
          client.read('network', path`ports`, portsAnswer, { query: { device_id: id } }),
        ),
  ]);
  const isFloating = Object.values(server.addresses)
    .flat()
    .some((one) => one['OS-EXT-IPS:type'] === 'floating');
  const [{ floatingips }, { volumeAttachments }] = await Promise.all([
    isFloating && ports.length > 0
      ? translateErrors('ipreservation', () =>
          client.read('network', path`floatingips`, floatingIpsAnswer, {
            query: { port_id: ports.map((one) => one.id) },
          }),
        )
      : { floatingips: [] },
    server['os-extended-volumes:volumes_attached'].length > 0
      ? translateErrors('storagelink', () =>
          client.read('compute', path`servers/${id}/os-volume_attachments`, attachmentsAnswer, {
            microversion: '2.89',
          }),
        )
      : { volumeAttachments: [] },
  ]);
  return { server, ports, floatingIps: floatingips, attachments: volumeAttachments };
}
