import { AddressRange, type Holder } from './address-range.ts';
import { PoolObject } from './pool-object.ts';
import type { Vector } from './template.ts';
import { cdata, ids, plain } from './xml.ts';

/** Numbers of STATE. */
export const NETWORK = { ready: 1, creating: 2, deleting: 3, error: 5 } as const;

const shown = (name: string, value: string | undefined): string => (value ? cdata(name, value) : `<${name}/>`);

export class Network extends PoolObject {
  readonly kind = 'network';
  state: number = NETWORK.creating;
  private previous = 0;
  parent: number | undefined;
  ranges: AddressRange[] = [];
  private nextRange = 0;

  override get reserved(): boolean {
    return this.parent !== undefined;
  }

  goTo(state: number): void {
    this.state = state;
    this.previous = state;
    this.touch();
  }

  addRange(attributes: Vector): AddressRange {
    const range = new AddressRange(this.nextRange, attributes);
    this.nextRange += 1;
    this.ranges.push(range);
    this.touch();
    return range;
  }

  get used(): number {
    return this.ranges.reduce((sum, { leases }) => sum + leases.size, 0);
  }

  vms(): Set<number> {
    const holders = this.ranges.flatMap(({ leases }) => [...leases.values()]);
    return new Set(holders.filter(({ type, id }) => type === 'VM' && id >= 0).map(({ id }) => id));
  }

  /** Takes the wanted address, or the first free one. Undefined if none is free or the network is not ready. */
  lease(holder: Holder, wanted: { ip?: string | undefined; mac?: string | undefined }): Lease | undefined {
    if (this.state !== NETWORK.ready) return undefined;
    for (const range of this.ranges) {
      const named = wanted.ip !== undefined || wanted.mac !== undefined;
      const index = named ? range.indexOf(wanted) : range.firstFree();
      if (index === undefined || range.leases.has(index)) continue;
      range.leases.set(index, holder);
      this.touch();
      return { range, index, addresses: range.at(index) };
    }
    return undefined;
  }

  /** Gives back an address by its MAC. */
  release(address: string): void {
    for (const range of this.ranges) {
      const index = range.indexOf({ mac: address });
      if (index !== undefined) range.leases.delete(index);
    }
    this.touch();
  }

  info(visible: (holder: Holder) => boolean): string {
    return this.xml(this.ranges.map((range) => range.info(visible)).join(''));
  }

  render(): string {
    return this.xml(this.ranges.map((range) => range.poolXml()).join(''));
  }

  private xml(ranges: string): string {
    const text = (name: string): string => this.template.text(name) ?? '';
    const parent = this.parent === undefined ? '<PARENT_NETWORK_ID/>' : plain('PARENT_NETWORK_ID', this.parent);
    const vlan = ['PHYDEV', 'VLAN_ID', 'OUTER_VLAN_ID'].map((name) => shown(name, text(name))).join('');
    return plain(
      'VNET',
      [
        ...[this.head(), this.permissionsXml(), this.lockXml(), ids('CLUSTERS', this.clusters)],
        ...[cdata('BRIDGE', text('BRIDGE')), cdata('BRIDGE_TYPE', text('BRIDGE_TYPE'))],
        ...[
          cdata('STATE', this.state),
          cdata('PREV_STATE', this.previous),
          parent,
          cdata('VN_MAD', text('VN_MAD')),
          vlan,
        ],
        ...[plain('VLAN_ID_AUTOMATIC', 0), plain('OUTER_VLAN_ID_AUTOMATIC', 0), plain('USED_LEASES', this.used)],
        ...[plain('VROUTERS', ''), ids('UPDATED_VMS', this.vms()), ids('OUTDATED_VMS', []), ids('UPDATING_VMS', [])],
        ...[ids('ERROR_VMS', []), this.template.xml('TEMPLATE'), plain('AR_POOL', ranges)],
      ].join(''),
    );
  }
}

export interface Lease {
  readonly range: AddressRange;
  readonly index: number;
  readonly addresses: Vector;
}
