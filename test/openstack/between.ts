/**
 * What the services ask of each other, in the stand-in by calls in the process: Nova reads Neutron's ports, Cinder's
 * volumes and Glance's images. Each service sets its own part in `Site.between`. None of these checks rights beyond the
 * project that is given: what it may not see is undefined.
 */

export interface SubnetView {
  readonly id: string;
  /** `10.20.0.0/24` */
  readonly cidr: string;
  readonly version: 4 | 6;
}

export interface NetworkView {
  readonly id: string;
  readonly name: string;
  readonly projectId: string;
  readonly isExternal: boolean;
  readonly isShared: boolean;
  readonly subnets: readonly SubnetView[];
}

export interface GroupView {
  readonly id: string;
  readonly name: string;
}

export interface PortView {
  readonly id: string;
  readonly networkId: string;
  readonly networkName: string;
  readonly mac: string;
  /** ACTIVE, DOWN, BUILD */
  readonly status: string;
  /** The server that it is bound to; empty for none. */
  readonly deviceId: string;
  readonly fixedIps: readonly { readonly subnetId: string; readonly address: string; readonly version: 4 | 6 }[];
  /** Floating addresses, each with the fixed one that it leads to. */
  readonly floating: readonly { readonly address: string; readonly fixed: string }[];
  readonly groups: readonly GroupView[];
}

export interface PortWish {
  readonly networkId: string;
  /** An address that the port must have; a free one of each subnet otherwise. */
  readonly address?: string | undefined;
  readonly groupIds?: readonly string[] | undefined;
}

/** Neutron, as Nova sees it. */
export interface Ports {
  network(projectId: string, id: string): NetworkView | undefined;
  /** The project's own networks and the shared ones, without external ones: what Nova takes when none is named. */
  networksOf(projectId: string): readonly NetworkView[];
  port(projectId: string, id: string): PortView | undefined;
  /** Makes a port; `addressInUse`, `addressOutside`, `noAddress` or `quota` where it cannot. */
  create(projectId: string, wish: PortWish): PortView | 'addressInUse' | 'addressOutside' | 'noAddress' | 'quota';
  /** Sets device id and owner (`compute:<zone>`), and the status to ACTIVE. */
  bind(portId: string, serverId: string, zone: string): void;
  /** Clears device id and owner; the port stays, DOWN. Nothing for a port that is not there. */
  unbind(portId: string): void;
  /** Deletes the port; its floating addresses are freed. Nothing for a port that is not there. */
  remove(portId: string): void;
  /** The ports of a server, in the order of their binding. Called for each server of a listing: must not scan. */
  ofServer(serverId: string): readonly PortView[];
  /** Groups of the project with this id or name; the project's `default` exists from the first look on. */
  groups(projectId: string, idOrName: string): readonly GroupView[];
  /** Replaces the groups of a port. */
  setGroups(portId: string, groupIds: readonly string[]): void;
}

export interface VolumeView {
  readonly id: string;
  readonly name: string;
  readonly sizeGib: number;
  /** available, reserved, attaching, in-use, … */
  readonly status: string;
  readonly isBootable: boolean;
  readonly attachedTo: readonly string[];
}

export interface VolumeWish {
  readonly name: string;
  readonly sizeGib: number;
  readonly imageId?: string | undefined;
  readonly snapshotId?: string | undefined;
  readonly zone?: string | undefined;
}

/** Cinder, as Nova sees it. */
export interface Volumes {
  volume(projectId: string, id: string): VolumeView | undefined;
  /** Makes a volume that is available at once, for a server that boots from it; undefined beyond the quota. */
  create(projectId: string, userId: string, wish: VolumeWish): VolumeView | undefined;
  /** available → reserved, so that nobody else takes it; from now on Cinder lists the attachment. */
  reserve(id: string, by: { readonly serverId: string; readonly attachmentId: string }): void;
  /** reserved → in-use. */
  attach(id: string, to: { readonly serverId: string; readonly attachmentId: string; readonly device: string }): void;
  /** in-use → available, or in-use when another server has it too; also ends a reservation. */
  detach(id: string, serverId: string): void;
  /** Deletes the volume of a server that had `delete_on_termination`. */
  remove(id: string): void;
}

export interface ImageView {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly minRamMib: number;
  readonly minDiskGib: number;
  /** Properties beyond the fields of Glance's schema: `os_distro`. */
  readonly properties: Readonly<Record<string, string>>;
}

export interface SnapshotWish {
  readonly name: string;
  readonly serverId: string;
  readonly baseImageId: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Glance, as Nova and Cinder see it. */
export interface Images {
  /** An image that the project may see. */
  image(projectId: string, id: string): ImageView | undefined;
  /** All that it may see, for the listing of old versions of Nova. */
  all(projectId: string): readonly ImageView[];
  /** Makes the image of a server's disk, `queued`. */
  snapshot(projectId: string, userId: string, wish: SnapshotWish): ImageView;
}

/** Nova, as Neutron and Cinder see it. */
export interface Servers {
  /** True for a server of the project that is not deleted. */
  exists(projectId: string, id: string): boolean;
}

export interface Between {
  readonly ports: Ports;
  readonly volumes: Volumes;
  readonly images: Images;
  readonly servers: Servers;
}
