import type { Site } from '../site.ts';
import type { FloatingIp, Group, Network, Port, Router, Row, Rule, Subnet } from './rows.ts';

/** Default quotas of the recorded site. */
export const QUOTAS: Readonly<Record<string, number>> = {
  network: 100,
  subnet: 100,
  subnetpool: -1,
  port: 500,
  router_route: 30,
  router: 10,
  floatingip: 50,
  rbac_policy: 10,
  security_group: 10,
  security_group_rule: 100,
};

/** Everything that Neutron knows. */
export class State {
  readonly networks = new Map<string, Network>();
  readonly subnets = new Map<string, Subnet>();
  readonly ports = new Map<string, Port>();
  readonly routers = new Map<string, Router>();
  readonly floatingIps = new Map<string, FloatingIp>();
  readonly groups = new Map<string, Group>();
  readonly rules = new Map<string, Rule>();
  /** By project. */
  readonly defaultGroups = new Map<string, Group>();
  /** By port. */
  readonly floatingOf = new Map<string, Set<FloatingIp>>();
  /** By project: what differs from the default. */
  readonly quotas = new Map<string, Record<string, number>>();
  private readonly byDevice = new Map<string, Set<Port>>();
  private readonly macs = new Set<string>();
  private bindings = 0;
  private numbers = 0;

  constructor(readonly site: Site) {}

  /** What every row begins with. */
  row(projectId: string, { name = '', description = '', tags = [] }: Partial<Row> = {}): Row {
    const now = this.site.now();
    return { id: this.site.ids.uuid(), projectId, name, description, tags, created: now, updated: now, revision: 1 };
  }

  touch(row: Row): void {
    row.updated = this.site.now();
    row.revision += 1;
  }

  quota(projectId: string, resource: string): number {
    if (!this.site.hasQuotas) return -1;
    return this.quotas.get(projectId)?.[resource] ?? QUOTAS[resource] ?? -1;
  }

  /** Ports of a device in the order of their binding. */
  portsOf(deviceId: string): readonly Port[] {
    const ports = this.byDevice.get(deviceId);
    return ports ? [...ports].sort((one, other) => one.boundAt - other.boundAt) : [];
  }

  setDevice(port: Port, deviceId: string, owner: string): void {
    this.byDevice.get(port.deviceId)?.delete(port);
    if (this.byDevice.get(port.deviceId)?.size === 0) this.byDevice.delete(port.deviceId);
    Object.assign(port, { deviceId, deviceOwner: owner, boundAt: ++this.bindings });
    if (deviceId === '') return;
    const ports = this.byDevice.get(deviceId) ?? new Set();
    this.byDevice.set(deviceId, ports.add(port));
  }

  /** False for a MAC that the network has already. */
  takeMac(network: Network, mac: string): boolean {
    const key = `${network.id} ${mac}`;
    if (this.macs.has(key)) return false;
    this.macs.add(key);
    return true;
  }

  freeMac(network: Network, mac: string): void {
    this.macs.delete(`${network.id} ${mac}`);
  }

  /** `standard_attr_id`, which the rules of groups show. */
  nextNumber(): number {
    this.numbers += 1;
    return this.numbers;
  }
}
