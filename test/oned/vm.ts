import { ACTION, type HistoryAction, type HistoryRecord } from './history.ts';
import { PoolObject } from './pool-object.ts';
import { scheduledXml } from './schedule.ts';
import type { Caller } from './session.ts';
import { Template, type Vector } from './template.ts';
import { stateName } from './vm-states.ts';
import { extendedXml, shortXml } from './vm-xml.ts';
import { escaped } from './xml.ts';

/** Snapshots of one disk. */
export interface DiskSnapshots {
  next: number;
  readonly snapshots: Vector[];
}

export class Vm extends PoolObject {
  readonly kind = 'vm';
  state = 1;
  lcm = 0;
  /** Epoch seconds. */
  readonly submitted: number;
  ended = 0;
  deployId = '';
  rescheduled = 0;
  userTemplate = new Template();
  readonly history: HistoryRecord[] = [];
  readonly diskSnapshots = new Map<number, DiskSnapshots>();
  /** What the last look of the monitor found; absent until it has looked. */
  monitoring: Vector | undefined;
  /** Stopped, undeployed: deployed again by the scheduler, with what was saved. */
  resumesFrom: 'STOPPED' | 'UNDEPLOYED' | undefined;
  /** Images of type BACKUP, and how the last was made. */
  backups: { readonly ids: readonly number[]; readonly config: Vector } | undefined;
  nextSnapshot = 0;
  private short: string | undefined;

  constructor(...parameters: ConstructorParameters<typeof PoolObject>) {
    super(...parameters);
    this.submitted = this.site.now();
  }

  override touch(): void {
    super.touch();
    this.short = undefined;
  }

  get stateName(): string {
    return stateName(this.state, this.lcm);
  }

  goTo([state, lcm]: readonly [number, number]): void {
    this.state = state;
    this.lcm = lcm;
    this.touch();
  }

  disks(): Vector[] {
    return this.template.vectors('DISK');
  }

  disk(id: number): Vector | undefined {
    return this.disks().find((disk) => Number(disk.get('DISK_ID')) === id);
  }

  /** One more than the highest that is there: an id is given again when the last has gone. CONTEXT has one too. */
  get nextDisk(): number {
    return (
      1 +
      Math.max(-1, ...[...this.disks(), ...this.template.vectors('CONTEXT')].map((disk) => Number(disk.get('DISK_ID'))))
    );
  }

  get nextNic(): number {
    return 1 + Math.max(-1, ...this.allNics().map((nic) => Number(nic.get('NIC_ID'))));
  }

  nics(): Vector[] {
    return this.template.vectors('NIC');
  }

  /** NICs and their aliases, which share one numbering. */
  allNics(): Vector[] {
    return [...this.nics(), ...this.template.vectors('NIC_ALIAS')];
  }

  nic(id: number): Vector | undefined {
    return this.allNics().find((nic) => Number(nic.get('NIC_ID')) === id);
  }

  arriveOn(host: HistoryRecord['host'], prolog: boolean): void {
    const now = this.site.now();
    const sequence = this.history.length;
    const record = { sequence, host, started: now, ended: 0, epilog: [0, 0], action: 0, by: undefined } as const;
    this.history.push({ ...record, prolog: prolog ? [now, 0] : [0, 0], running: [prolog ? 0 : now, 0] });
    this.touch();
  }

  /**
   * Ends the stay that is under way; what goes on is a new one, which keeps the action that the VM came by to where it
   * is.
   */
  leave(action: HistoryAction, who: Caller, stays: boolean): void {
    const record = this.history.at(-1);
    if (!record) return;
    const [now, before] = [this.site.now(), record.action];
    Object.assign(record, {
      ended: now,
      running: [record.running[0], now],
      action: ACTION[action],
      by: [who.uid, who.gid],
    });
    if (stays) {
      this.arriveOn(record.host, false);
      this.history.at(-1)!.action = before;
    }
    this.touch();
  }

  shortForm(): string {
    this.short ??= escaped(shortXml(this));
    return this.short;
  }

  render(): string {
    return extendedXml(this, this.head(), this.permissionsXml(), this.lockXml());
  }

  /** As one.vm.info has it. */
  wholeXml(): string {
    const scheduled = scheduledXml(this.site, this.id);
    return extendedXml(this, this.head(), this.permissionsXml(), this.lockXml(), scheduled);
  }

  headXml(): string {
    return this.head();
  }
}
