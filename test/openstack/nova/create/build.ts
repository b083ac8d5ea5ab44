import type { PortView } from '../../between.ts';
import { deviceFor } from '../devices.ts';
import { record } from '../history.ts';
import type { Server } from '../server.ts';
import type { NovaState } from '../state.ts';
import type { WantedDisk } from './disks.ts';
import type { WantedNic } from './networks.ts';

interface Parts {
  readonly networks: readonly WantedNic[];
  readonly devices: readonly WantedDisk[];
  readonly groupIds: readonly string[];
}

const zoneOf = (server: Server): string => server.wishedZone || 'nova';

/** Takes every port from a server that failed: its own are deleted, those of the user are cleared, whoever has them. */
function giveBack(state: NovaState, server: Server, wanted: readonly WantedNic[]): void {
  const { ports } = state.site.between;
  for (const { portId, isOurs } of server.nics) if (isOurs) ports.remove(portId);
  for (const one of wanted) if ('portId' in one) ports.unbind(one.portId);
  server.nics = [];
}

/** Binds the ports and makes those that are missing; the reason if that fails. */
function plug(state: NovaState, server: Server, { networks, groupIds }: Parts): string | undefined {
  const { ports } = state.site.between;
  const aborted = `Build of instance ${server.id} aborted: Failed to allocate the network(s), not rescheduling.`;
  const failure = state.site.fails('network');
  if (failure !== undefined) return failure;
  for (const one of networks) {
    let port: PortView | undefined | string;
    if ('portId' in one) {
      port = ports.port(server.projectId, one.portId);
      // Another server took it in the meantime: the clean-up of this one takes it away from that one.
      if (port?.deviceId !== '') return aborted;
    } else {
      const network = ports.network(server.projectId, one.networkId);
      if (network?.isExternal && !network.isShared) return aborted;
      port = ports.create(server.projectId, { networkId: one.networkId, address: one.address, groupIds });
      if (port === 'addressOutside')
        return `Build of instance ${server.id} aborted: Invalid input received: Fixed IP ${one.address} is not a valid ip address for network ${one.networkId}.`;
      if (typeof port === 'string') return aborted;
    }
    ports.bind(port.id, server.id, zoneOf(server));
    server.nics.push({ portId: port.id, isOurs: !('portId' in one) });
  }
  return undefined;
}

/** Attaches the volumes and makes those that are missing; the reason if that fails. */
function attachAll(
  state: NovaState,
  server: Server,
  devices: readonly WantedDisk[],
  attachmentIds: readonly string[],
): string | undefined {
  const { volumes } = state.site.between;
  const { ids } = state.site;
  const aborted = `Build of instance ${server.id} aborted: Volume creation failed.`;
  for (const [index, one] of devices.entries()) {
    const { imageId, snapshotId, sizeGib } = one;
    const made =
      one.volumeId ?? volumes.create(server.projectId, server.userId, { name: '', sizeGib, imageId, snapshotId })?.id;
    if (made === undefined) return aborted;
    const device = one.isRoot ? '/dev/sda' : deviceFor(server);
    const attachmentId = attachmentIds[index]!;
    const bdmId = ids.uuid();
    volumes.attach(made, { serverId: server.id, attachmentId, device });
    const { deleteOnTermination, isRoot, tag } = one;
    server.attachments.push({ attachmentId, bdmId, volumeId: made, device, deleteOnTermination, isRoot, tag });
  }
  return undefined;
}

/** Starts the way of a new server from its request to ACTIVE, or to ERROR. */
export function build(state: NovaState, server: Server, parts: Parts): void {
  const { site } = state;
  record(state, server, 'create');
  const attachmentIds = parts.devices.map(() => site.ids.uuid());
  for (const [index, { volumeId }] of parts.devices.entries()) {
    const reservation = { serverId: server.id, attachmentId: attachmentIds[index]! };
    if (volumeId !== undefined) site.between.volumes.reserve(volumeId, reservation);
  }
  const fail = (message: string): void => {
    giveBack(state, server, parts.networks);
    for (const { volumeId } of server.attachments) site.between.volumes.detach(volumeId, server.id);
    for (const { volumeId } of parts.devices)
      if (volumeId !== undefined) site.between.volumes.detach(volumeId, server.id);
    server.attachments = [];
    server.fail(site.now(), message);
    site.steps.stop(server);
  };
  const schedule = (): void => {
    server.isBuildRequest = false;
    const { vcpus, ramMib } = server.flavor;
    const failure = site.fails('schedule');
    const isTooLarge = vcpus > state.host.vcpus || ramMib > state.host.ramMib;
    // The blank at the end is Nova's.
    if (failure !== undefined || isTooLarge) fail(failure ?? 'No valid host was found. ');
    else {
      // The conductor builds from what it was sent at once: what a PUT has changed in the request is lost.
      Object.assign(server, server.asked);
      server.zone = zoneOf(server);
      server.isUntouched = true;
    }
  };
  const claim = (): void => server.goTo(site.now(), 'building', null);
  const networking = (): void => {
    server.host = 'fake1';
    server.goTo(site.now(), 'building', 'networking');
    const failure = plug(state, server, parts);
    if (failure !== undefined) fail(failure);
  };
  const mapping = (): void => {
    server.goTo(site.now(), 'building', 'block_device_mapping');
    const failure = attachAll(state, server, parts.devices, attachmentIds);
    if (failure !== undefined) fail(failure);
  };
  const spawning = (): void => server.goTo(site.now(), 'building', 'spawning');
  const running = (): void => {
    const failure = site.fails('spawn');
    if (failure !== undefined) {
      fail(failure);
      return;
    }
    server.launched = site.now();
    server.goTo(site.now(), 'active', null, 1);
  };
  site.steps.start(server, [schedule, claim, networking, mapping, spawning, running]);
}
