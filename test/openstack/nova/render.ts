import { createHash } from 'node:crypto';
import type { PortView } from '../between.ts';
import { type Site, seconds, wholeMicros } from '../site.ts';
import type { Microversion } from './microversion.ts';
import type { Server } from './server.ts';

export interface View {
  readonly site: Site;
  readonly version: Microversion;
  /** `http://127.0.0.1:<port>` of Nova. */
  readonly origin: string;
  readonly isAdmin: boolean;
}

/** The ports that Nova remembers of a server, also one that has been taken from it. */
function portsOf(site: Site, server: Server, bound: readonly PortView[]): readonly PortView[] {
  const { ports } = site.between;
  return server.nics.flatMap(
    ({ portId }) => bound.find(({ id }) => id === portId) ?? ports.port(server.projectId, portId) ?? [],
  );
}

/** By name of the network; two networks of one name fall together. */
export function addressesOf(
  site: Site,
  server: Server,
  isWhole: boolean,
  bound: readonly PortView[] = site.between.ports.ofServer(server.id),
): Record<string, object[]> {
  const found: Record<string, object[]> = {};
  for (const port of portsOf(site, server, bound)) {
    found[port.networkName] ??= [];
    const add = (version: number, addr: string, type: string): void => {
      const more = { 'OS-EXT-IPS:type': type, 'OS-EXT-IPS-MAC:mac_addr': port.mac };
      found[port.networkName]!.push({ version, addr, ...(isWhole && more) });
    };
    for (const { version, address } of port.fixedIps) {
      add(version, address, 'fixed');
      for (const floating of port.floating) if (floating.fixed === address) add(4, floating.address, 'floating');
    }
  }
  return found;
}

export const linksOf = (origin: string, id: string): readonly object[] => [
  { rel: 'self', href: `${origin}/v2.1/servers/${id}` },
  { rel: 'bookmark', href: `${origin}/servers/${id}` },
];

function flavorOf({ version, origin }: View, { flavor }: Server): object {
  if (!version.has('2.47'))
    return { id: flavor.id, links: [{ rel: 'bookmark', href: `${origin}/flavors/${flavor.id}` }] };
  return {
    vcpus: flavor.vcpus,
    ram: flavor.ramMib,
    disk: flavor.diskGib,
    ephemeral: 0,
    swap: 0,
    original_name: flavor.name,
    extra_specs: flavor.extraSpecs ?? {},
  };
}

function imageOf({ site, version, origin }: View, { imageId, projectId }: Server): object | string {
  if (imageId === '') return '';
  const links = [{ rel: 'bookmark', href: `${origin}/images/${imageId}` }];
  const properties = version.has('2.98') && {
    properties: site.between.images.image(projectId, imageId)?.properties ?? {},
  };
  return { id: imageId, links, ...properties };
}

const hostIds = new Map<string, string>();

/** A digest, so that projects cannot tell that they share a host. */
function hostId({ host, projectId }: Server): string {
  if (host === '') return '';
  const text = projectId + host;
  const known = hostIds.get(text) ?? createHash('sha224').update(text).digest('hex');
  hostIds.set(text, known);
  return known;
}

/** States in which `progress` is shown. */
const HAS_PROGRESS = new Set([
  'ACTIVE',
  'BUILD',
  'REBUILD',
  'RESIZE',
  'VERIFY_RESIZE',
  'MIGRATING',
  'HARD_REBOOT',
  'REBOOT',
  'PASSWORD',
  'REVERT_RESIZE',
]);

const faultOf = ({ fault, status }: Server): object | undefined =>
  fault && status === 'ERROR'
    ? { fault: { code: fault.code, created: seconds(fault.created), message: fault.message } }
    : undefined;

/** The fields of every version, as PUT and rebuild answer them before 2.75. */
export function basicBody(
  view: View,
  server: Server,
  isWhole: boolean,
  bound?: readonly PortView[],
): Record<string, unknown> {
  const { status } = server;
  return {
    accessIPv4: '',
    accessIPv6: '',
    addresses: server.isGone ? {} : addressesOf(view.site, server, isWhole, bound),
    created: seconds(server.created),
    flavor: flavorOf(view, server),
    hostId: hostId(server),
    id: server.id,
    image: imageOf(view, server),
    links: linksOf(view.origin, server.id),
    // Gone with the server: `changes-since` shows it without.
    metadata: server.isGone ? {} : server.metadata,
    name: server.name,
    status,
    tenant_id: server.projectId,
    user_id: server.userId,
    updated: seconds(server.updated),
    'OS-DCF:diskConfig': 'MANUAL',
    ...(HAS_PROGRESS.has(status) && { progress: 0 }),
    ...faultOf(server),
  };
}

function groupsOf(bound: readonly PortView[]): object | undefined {
  const groups = bound.flatMap((port) => port.groups.map(({ name }) => ({ name })));
  return groups.length > 0 ? { security_groups: groups } : undefined;
}

const adminFields = (server: Server): object => ({
  'OS-EXT-SRV-ATTR:host': server.host || null,
  'OS-EXT-SRV-ATTR:instance_name': 'instance-00000001',
  'OS-EXT-SRV-ATTR:hypervisor_hostname': server.host || null,
  'OS-EXT-SRV-ATTR:hostname': server.hostname,
  'OS-EXT-SRV-ATTR:kernel_id': '',
  'OS-EXT-SRV-ATTR:launch_index': 0,
  'OS-EXT-SRV-ATTR:ramdisk_id': '',
  'OS-EXT-SRV-ATTR:reservation_id': server.reservationId,
  'OS-EXT-SRV-ATTR:root_device_name': server.host ? '/dev/sda' : null,
  'OS-EXT-SRV-ATTR:user_data': server.userData,
  host_status: server.host ? 'UP' : '',
});

/** @param isShow of one server: only there are its groups named */
export function serverBody(view: View, server: Server, isShow: boolean): object {
  const { version } = view;
  const bound = view.site.between.ports.ofServer(server.id);
  const when = (from: string, fields: object): object | undefined => (version.has(from) ? fields : undefined);
  return {
    ...basicBody(view, server, true, bound),
    'OS-EXT-AZ:availability_zone': server.zone,
    config_drive: '',
    key_name: server.keyName,
    'OS-SRV-USG:launched_at': server.launched && wholeMicros(server.launched),
    'OS-SRV-USG:terminated_at': server.terminated && wholeMicros(server.terminated),
    ...groupsOf(bound),
    ...(view.isAdmin && adminFields(server)),
    'OS-EXT-STS:task_state': server.task,
    'OS-EXT-STS:vm_state': server.vm,
    'OS-EXT-STS:power_state': server.power,
    'os-extended-volumes:volumes_attached': server.attachments.map(({ volumeId, deleteOnTermination }) => ({
      id: volumeId,
      ...when('2.3', { delete_on_termination: deleteOnTermination }),
    })),
    ...when('2.9', { locked: server.isLocked }),
    ...when('2.19', { description: server.description }),
    ...when('2.26', { tags: server.isGone ? [] : [...server.tags].sort() }),
    ...when('2.63', { trusted_image_certificates: null }),
    ...(isShow && when('2.71', { server_groups: [] })),
    ...when('2.73', { locked_reason: server.lockedReason }),
    ...when('2.90', { 'OS-EXT-SRV-ATTR:hostname': server.hostname }),
    ...when('2.96', { pinned_availability_zone: server.wishedZone || null }),
    ...when('2.100', { scheduler_hints: {} }),
  };
}
