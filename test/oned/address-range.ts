import { randomInt } from 'node:crypto';
import { ipv4, ipv4Text, ipv6Of, ipv6Plus, mac, macOfIp, macText } from './addresses.ts';
import { type Vector, vector, vectorXml } from './template.ts';
import { cdata, plain } from './xml.ts';

/** The user of an address: a VM, a reservation, or neither if an administrator holds the address. */
export interface Holder {
  readonly type: 'VM' | 'VNET';
  readonly id: number;
}

const TYPES = ['IP4', 'IP6', 'IP4_6', 'ETHER', 'IP6_STATIC', 'IP4_6_STATIC'];
const HELD: Holder = { type: 'VM', id: -1 };
/** As the pool writes them: type and id in one number. */
const code = ({ type, id }: Holder): number => (type === 'VM' ? 2 ** 36 + (id < 0 ? 2 ** 32 - 1 : id) : 2 ** 38 + id);

export class AddressRange {
  readonly leases = new Map<number, Holder>();
  readonly size: number;
  private readonly ip: number | undefined;
  private readonly mac: number;
  /** The first of a static range. */
  private readonly ip6: string | undefined;

  constructor(
    readonly id: number,
    readonly attributes: Vector,
  ) {
    const type = attributes.get('TYPE') ?? 'IP4';
    this.size = Number(attributes.get('SIZE'));
    this.ip = type.includes('IP4') ? ipv4(attributes.get('IP') ?? '') : undefined;
    this.ip6 = type.endsWith('STATIC') ? attributes.get('IP6') : undefined;
    const given = attributes.get('MAC');
    this.mac = given ? mac(given) : this.ip === undefined ? 0x0200 * 2 ** 32 + randomInt(2 ** 32) : macOfIp(this.ip);
    attributes.set('MAC', macText(this.mac));
    attributes.set('AR_ID', String(id));
    attributes.set('TYPE', type);
  }

  /** Why a network with this range ends in ERROR; the call that made it succeeded. */
  get fault(): string | undefined {
    if (!TYPES.includes(this.attributes.get('TYPE')!)) return 'Unknown or missing address range TYPE';
    if (this.attributes.get('TYPE')!.includes('IP4') && this.ip === undefined) return 'Wrong or empty IP attribute';
    if (this.attributes.get('TYPE')!.endsWith('STATIC') && !this.attributes.has('PREFIX_LENGTH'))
      return 'Wrong or empty PREFIX_LENGTH';
    return this.size >= 0 ? undefined : 'Wrong SIZE for address range';
  }

  get free(): number {
    return this.size - this.leases.size;
  }

  firstFree(count = 1): number | undefined {
    for (let index = 0; index + count <= this.size; index += 1) {
      let run = 0;
      while (run < count && !this.leases.has(index + run)) run += 1;
      if (run === count) return index;
      index += run;
    }
    return undefined;
  }

  /** The offset of an address in the range, by IPv4 or MAC. */
  indexOf(wanted: { readonly ip?: string | undefined; readonly mac?: string | undefined }): number | undefined {
    const from = wanted.ip === undefined ? this.mac : this.ip;
    const to = wanted.ip === undefined ? mac(wanted.mac ?? '') : ipv4(wanted.ip);
    const index = from === undefined || to === undefined ? -1 : to - from;
    return index >= 0 && index < this.size ? index : undefined;
  }

  hold(index: number): void {
    this.leases.set(index, HELD);
  }

  /** The addresses at one offset of the range: IPv4, MAC and IPv6. */
  at(index: number): Vector {
    const hardware = this.mac + index;
    const { GLOBAL_PREFIX: global, ULA_PREFIX: ula } = Object.fromEntries(this.attributes);
    const six = /^IP(4_)?6$/.test(this.attributes.get('TYPE')!);
    return vector({
      IP: this.ip === undefined ? undefined : ipv4Text(this.ip + index),
      MAC: macText(hardware),
      IP6: this.ip6 === undefined ? undefined : ipv6Plus(this.ip6, index),
      IP6_LINK: six ? ipv6Of('fe80::', hardware) : undefined,
      IP6_GLOBAL: six && global ? ipv6Of(global, hardware) : undefined,
      IP6_ULA: six && ula ? ipv6Of(ula, hardware) : undefined,
    });
  }

  /** `one.vn.info`: ends, and the leases that the caller may see. */
  info(visible: (holder: Holder) => boolean): string {
    const [first, last] = [this.at(0), this.at(this.size - 1)];
    const ends = [cdata('MAC_END', last.get('MAC')!), this.ip === undefined ? '' : cdata('IP_END', last.get('IP')!)];
    for (const key of ['IP6', 'IP6_ULA', 'IP6_GLOBAL']) {
      if (!first.has(key)) continue;
      if (key !== 'IP6') ends.push(cdata(key, first.get(key)!));
      ends.push(cdata(`${key}_END`, last.get(key)!));
    }
    const leases = [...this.leases]
      .filter(([, holder]) => visible(holder))
      .sort(([one], [other]) => one - other)
      .map(([index, { type, id }]) => vectorXml('LEASE', this.at(index).set(type, String(id))));
    const list = leases.length === 0 ? '<LEASES/>' : plain('LEASES', leases.join(''));
    const range = vectorXml('AR', this.attributes).slice(0, -'</AR>'.length);
    return `${range}${ends.join('')}${plain('USED_LEASES', this.leases.size)}${list}</AR>`;
  }

  poolXml(): string {
    const allocated = [...this.leases]
      .sort(([one], [other]) => one - other)
      .map(([index, holder]) => ` ${index} ${code(holder)}`);
    return vectorXml(
      'AR',
      allocated.length === 0 ? this.attributes : new Map(this.attributes).set('ALLOCATED', allocated.join('')),
    );
  }
}
