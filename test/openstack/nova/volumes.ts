import type { ServiceAnswer, ServiceRequest, TokenOwner } from '../service.ts';
import { parsed } from './body.ts';
import { invalid } from './create/wish.ts';
import { deviceFor } from './devices.ts';
import { checkState, find, findBuilt } from './find.ts';
import { record } from './history.ts';
import type { Microversion } from './microversion.ts';
import { bad, mustWrite, refused } from './refusals.ts';
import type { Attachment, Server, VmState } from './server.ts';
import type { NovaState } from './state.ts';

const ATTACHABLE: readonly VmState[] = [
  'active',
  'paused',
  'stopped',
  'resized',
  'soft-delete',
  'shelved',
  'shelved_offloaded',
];

const body = ({ id }: Server, one: Attachment, version: Microversion): object => ({
  ...(!version.has('2.89') && { id: one.volumeId }),
  volumeId: one.volumeId,
  serverId: id,
  device: one.device,
  ...(version.has('2.70') && { tag: one.tag }),
  ...(version.has('2.79') && { delete_on_termination: one.deleteOnTermination }),
  ...(version.has('2.89') && { attachment_id: one.attachmentId, bdm_uuid: one.bdmId }),
});

const notFound = (id: string) => refused(404, `Volume ${id} could not be found.`);

interface Wish {
  readonly volumeId?: string;
  readonly device?: string;
  readonly tag?: string;
  readonly delete_on_termination?: boolean;
}

function attached(
  state: NovaState,
  request: ServiceRequest,
  version: Microversion,
  owner: TokenOwner,
  server: Server,
): ServiceAnswer {
  const { volumeAttachment: wish } = parsed(request) as { volumeAttachment?: Wish };
  if (!wish?.volumeId) throw invalid('volumeAttachment', wish ?? {}, "'volumeId' is a required property");
  const { volumes } = state.site.between;
  const volume = volumes.volume(server.projectId, wish.volumeId);
  if (!volume) throw notFound(wish.volumeId);
  checkState(server, owner, { name: 'attach_volume', vm: ATTACHABLE });
  if (volume.attachedTo.length > 0)
    throw bad(`Invalid volume: volume ${volume.id} is already attached to instances: ${volume.attachedTo.join(', ')}`);
  if (volume.status !== 'available')
    throw bad(
      `Invalid volume: volume ${volume.id} status must be 'available' or 'in-use'. Currently in '${volume.status}'`.replace(
        /status.*/,
        `status must be 'available'. Currently in '${volume.status}'`,
      ),
    );
  const device = deviceFor(server, wish.device);
  const { ids, steps } = state.site;
  const made: Attachment = {
    attachmentId: ids.uuid(),
    bdmId: ids.uuid(),
    volumeId: volume.id,
    device,
    deleteOnTermination: wish.delete_on_termination ?? false,
    isRoot: false,
    tag: wish.tag ?? null,
  };
  volumes.reserve(volume.id, { serverId: server.id, attachmentId: made.attachmentId });
  server.attachments.push(made);
  record(state, server, 'attach_volume');
  const done = (): void => {
    if (server.attachments.includes(made)) volumes.attach(volume.id, { serverId: server.id, ...made });
  };
  const failure = state.site.fails('attachVolume');
  const failed = (): void => {
    server.attachments = server.attachments.filter((one) => one !== made);
    volumes.detach(volume.id, server.id);
  };
  steps.start({ steps: [], due: 0, stateName: 'volume:attaching' }, [failure === undefined ? done : failed]);
  if (version.has('2.101')) return { status: 202 };
  return { status: 200, body: { volumeAttachment: body(server, made, version) } };
}

function detached(state: NovaState, owner: TokenOwner, server: Server, volumeId: string): ServiceAnswer {
  const { volumes } = state.site.between;
  if (!volumes.volume(server.projectId, volumeId)) throw notFound(volumeId);
  const found = server.attachments.find((one) => one.volumeId === volumeId);
  if (!found) throw refused(404, `Instance ${server.id} is not attached to volume ${volumeId}`);
  if (found.isRoot && !['shelved_offloaded', 'stopped'].includes(server.vm))
    throw bad('Cannot detach a root device volume');
  checkState(server, owner, { name: 'detach_volume', vm: ATTACHABLE });
  record(state, server, 'detach_volume');
  state.site.steps.start({ steps: [], due: 0, stateName: 'volume:detaching' }, [
    () => {
      server.attachments = server.attachments.filter((one) => one !== found);
      volumes.detach(volumeId, server.id);
    },
  ]);
  return { status: 202 };
}

/** `/servers/{id}/os-volume_attachments` and one of them. */
export function volumeAttachments(
  state: NovaState,
  request: ServiceRequest,
  version: Microversion,
  owner: TokenOwner,
  [id, volumeId]: readonly string[],
): ServiceAnswer {
  if (request.method === 'GET') {
    const server = find(state, owner, id!, 'os-volumes-attachments:index');
    if (volumeId === undefined)
      return { status: 200, body: { volumeAttachments: server.attachments.map((one) => body(server, one, version)) } };
    const found = server.attachments.find((one) => one.volumeId === volumeId);
    if (!found) throw refused(404, `Instance ${id} is not attached to volume ${volumeId}`);
    return { status: 200, body: { volumeAttachment: body(server, found, version) } };
  }
  const server = findBuilt(state, owner, id!);
  const verb = request.method === 'POST' ? 'create' : 'delete';
  mustWrite(owner, `os_compute_api:os-volumes-attachments:${verb}`);
  return request.method === 'POST'
    ? attached(state, request, version, owner, server)
    : detached(state, owner, server, volumeId!);
}
