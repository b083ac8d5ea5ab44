import type { Site } from './site.ts';
import type { Walking } from './steps.ts';
import { Template } from './template.ts';
import { escaped, plain } from './xml.ts';

export type Kind =
  | 'vm'
  | 'template'
  | 'image'
  | 'network'
  | 'securityGroup'
  | 'cluster'
  | 'datastore'
  | 'host'
  | 'user'
  | 'group';

/** How oned names a kind: in refusals for want of rights, where it does not exist, where its name is taken. */
export const NAMED: Readonly<Record<Kind, { readonly right: string; readonly title: string; readonly taken: string }>> =
  {
    vm: { right: 'VM', title: 'virtual machine', taken: 'VM' },
    template: { right: 'TEMPLATE', title: 'virtual machine template', taken: 'TEMPLATE' },
    image: { right: 'IMAGE', title: 'image', taken: 'IMAGE' },
    network: { right: 'NET', title: 'virtual network', taken: 'NET' },
    securityGroup: { right: 'SECGROUP', title: 'security group', taken: 'SecurityGroup' },
    cluster: { right: 'CLUSTER', title: 'cluster', taken: 'CLUSTER' },
    datastore: { right: 'DATASTORE', title: 'datastore', taken: 'DATASTORE' },
    host: { right: 'HOST', title: 'host', taken: 'HOST' },
    user: { right: 'USER', title: 'user', taken: 'USER' },
    group: { right: 'GROUP', title: 'group', taken: 'GROUP' },
  };

export interface Lock {
  /** From which right on it is refused: 1 use, 2 manage, 3 admin. */
  readonly level: number;
  readonly owner: number;
  readonly time: number;
}

/** Owner, group, other; use, manage, admin of each. */
export type Permissions = readonly number[];
const RIGHTS = ['OWNER', 'GROUP', 'OTHER'].flatMap((who) => ['U', 'M', 'A'].map((what) => `${who}_${what}`));
/** umask 177. */
export const PRIVATE: Permissions = [1, 1, 0, 0, 0, 0, 0, 0, 0];
/** What an administrator opens to everybody. */
export const PUBLISHED: Permissions = [1, 1, 0, 1, 0, 0, 1, 0, 0];

export abstract class PoolObject implements Walking {
  abstract readonly kind: Kind;
  uid = 0;
  gid = 0;
  permissions: Permissions = PRIVATE;
  lock: Lock | undefined;
  template = new Template();
  /** In which a network, a datastore, a host takes part; rights by VDC go by them. */
  clusters: number[] = [];

  /** Taken from another network: rights by VDC do not reach it. */
  get reserved(): boolean {
    return false;
  }

  readonly steps: (() => void)[] = [];
  due = 0;
  /** Shows what belongs to other objects, so that nothing of it can be kept. */
  protected readonly showsOthers: boolean = false;
  private written: string | undefined;

  constructor(
    readonly site: Site,
    readonly id: number,
    public name: string,
  ) {}

  /** To be called after every change: what was rendered is kept until then. */
  touch(): void {
    this.written = undefined;
    this.site.changes += 1;
  }

  /** The object as it stands in a pool, escaped for an answer. */
  poolXml(): string {
    if (this.showsOthers) return escaped(this.render());
    this.written ??= escaped(this.render());
    return this.written;
  }

  abstract render(): string;

  protected head(): string {
    const owner = this.site.users.get(this.uid)?.name ?? '';
    const group = this.site.groups.get(this.gid)?.name ?? '';
    const written = [plain('ID', this.id), plain('UID', this.uid), plain('GID', this.gid)];
    return [...written, plain('UNAME', owner), plain('GNAME', group), plain('NAME', this.name)].join('');
  }

  protected permissionsXml(): string {
    return plain('PERMISSIONS', RIGHTS.map((right, index) => plain(right, this.permissions[index]!)).join(''));
  }

  protected lockXml(): string {
    if (!this.lock) return '';
    const { level, owner, time } = this.lock;
    const written = [plain('LOCKED', level), plain('OWNER', owner), plain('TIME', time), plain('REQ_ID', 0)];
    return plain('LOCK', written.join(''));
  }
}
