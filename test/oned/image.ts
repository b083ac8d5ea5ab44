import { PoolObject } from './pool-object.ts';
import { cdata, ids, plain } from './xml.ts';

export const IMAGE = {
  ready: 1,
  used: 2,
  disabled: 3,
  locked: 4,
  error: 5,
  clone: 6,
  deleting: 7,
  usedPersistent: 8,
  lockedUsed: 9,
  lockedUsedPersistent: 10,
} as const;

export const IMAGE_STATE = [
  ...['INIT', 'READY', 'USED', 'DISABLED', 'LOCKED', 'ERROR', 'CLONE', 'DELETE', 'USED_PERS', 'LOCKED_USED'],
  'LOCKED_USED_PERS',
] as const;

/** TYPE by number. */
export const IMAGE_TYPE = ['OS', 'CDROM', 'DATABLOCK', 'KERNEL', 'RAMDISK', 'CONTEXT', 'BACKUP'] as const;

export class Image extends PoolObject {
  readonly kind = 'image';
  /** Index into `IMAGE_TYPE`. */
  type = 0;
  persistent = false;
  source = '';
  path = '';
  format = '';
  fs = '';
  /** MiB. */
  size = 0;
  state: number = IMAGE.locked;
  private previous = 0;
  datastore = 1;
  readonly vms = new Set<number>();
  readonly clones = new Set<number>();
  cloneOf = -1;
  registered = 0;
  /** Of a backup: the disks that are in it. */
  backupDisks: number[] = [];

  goTo(state: number): void {
    this.state = state;
    this.previous = state;
    this.touch();
  }

  /** What it is when nothing goes on: by whether a VM or a clone uses it. */
  rest(): void {
    this.touch();
    const stays: readonly number[] = [IMAGE.disabled, IMAGE.deleting, IMAGE.error];
    if (stays.includes(this.state)) return;
    const used = this.persistent ? IMAGE.usedPersistent : IMAGE.used;
    if (this.persistent && this.vms.size === 0 && this.clones.size > 0) this.goTo(IMAGE.clone);
    else this.goTo(this.vms.size + this.clones.size > 0 ? used : IMAGE.ready);
  }

  render(): string {
    const where = [
      plain('DATASTORE_ID', this.datastore),
      plain('DATASTORE', this.site.datastores.get(this.datastore)?.name ?? ''),
    ];
    const head = [plain('TYPE', this.type), plain('DISK_TYPE', 0), plain('PERSISTENT', this.persistent ? 1 : 0)];
    const snapshots = cdata('ALLOW_ORPHANS', 'NO') + cdata('CURRENT_BASE', -1) + cdata('NEXT_SNAPSHOT', 0);
    return plain(
      'IMAGE',
      [
        ...[this.head(), this.permissionsXml(), this.lockXml(), ...head, plain('REGTIME', this.registered)],
        ...[cdata('SOURCE', this.source), cdata('PATH', this.path), cdata('FORMAT', this.format), cdata('FS', this.fs)],
        ...[plain('SIZE', this.size), plain('STATE', this.state), plain('PREV_STATE', this.previous)],
        ...[
          plain('RUNNING_VMS', this.vms.size),
          plain('CLONING_OPS', this.clones.size),
          plain('CLONING_ID', this.cloneOf),
        ],
        ...[
          plain('TARGET_SNAPSHOT', -1),
          ...where,
          ids('VMS', this.vms),
          ids('CLONES', this.clones),
          ids('APP_CLONES', []),
        ],
        ...[
          this.template.xml('TEMPLATE'),
          plain('SNAPSHOTS', snapshots),
          plain('BACKUP_INCREMENTS', ''),
          ids('BACKUP_DISK_IDS', this.backupDisks),
        ],
      ].join(''),
    );
  }
}
