import { Image } from './image.ts';
import { Cluster, Datastore, Host } from './infrastructure.ts';
import { Network } from './network.ts';
import { Pool } from './pool.ts';
import type { PoolObject } from './pool-object.ts';
import { Schedule } from './schedule.ts';
import { SecurityGroup } from './security-group.ts';
import { Steps } from './steps.ts';
import { Group, User } from './users.ts';
import { Vm } from './vm.ts';
import { VmTemplate } from './vm-template.ts';

/** The actions of drivers; `failNext` makes the next one of a kind fail. */
export type DriverAction =
  | 'prolog'
  | 'deploy'
  | 'shutdown'
  | 'save'
  | 'restore'
  | 'epilog'
  | 'attachDisk'
  | 'attachNic'
  | 'detachDisk'
  | 'detachNic'
  | 'saveAs'
  | 'registerImage'
  | 'createNetwork'
  | 'resize';

/** What MySQL compares of a text: neither case nor accents, nor characters that are not seen, nor blanks at its end. */
const collated = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .toUpperCase()
    .replace(/ +$/, '');

/** The state of one oned: its pools, what is under way in it, and which driver fails next. */
export class Site {
  version = '6.10.0.1';
  readonly steps = new Steps();
  readonly schedule = new Schedule();
  /** Methods that this release does not have. */
  readonly without = new Set<string>();
  readonly users = new Pool<User>('user');
  readonly groups = new Pool<Group>('group');
  readonly vms = new Pool<Vm>('vm');
  readonly templates = new Pool<VmTemplate>('template');
  readonly images = new Pool<Image>('image');
  readonly networks = new Pool<Network>('network');
  readonly securityGroups = new Pool<SecurityGroup>('securityGroup');
  readonly datastores = new Pool<Datastore>('datastore');
  readonly hosts = new Pool<Host>('host');
  readonly clusters = new Pool<Cluster>('cluster');
  /** As with the rules `* NET/* CREATE *` and `* CLUSTER/* ADMIN *`, which a fresh site has not got. */
  anyoneMakesNetworks = false;
  /** Groups whose members may create VMs, templates, images and security groups. */
  readonly creators = new Set([0, 1]);
  /** How the database behind finds a user by name: SQLite byte for byte, MySQL by its default collation. */
  database: 'sqlite' | 'mysql' = 'sqlite';
  /** Counts changes: what is computed over many objects is kept until the next. */
  changes = 0;
  private readonly failures = new Map<DriverAction, string[]>();

  /** Epoch seconds. */
  now(): number {
    return Math.floor(Date.now() / 1000);
  }

  make<T extends PoolObject>(
    pool: Pool<T>,
    type: new (site: Site, id: number, name: string) => T,
    name: string,
    id = pool.next,
  ): T {
    this.changes += 1;
    return pool.put(new type(this, id, name));
  }

  userNamed(name: string): User | undefined {
    const compared = this.database === 'mysql' ? collated : (text: string) => text;
    return this.users.ascending().find((user) => compared(user.name) === compared(name));
  }

  /** The next action of this kind fails with the driver's text. */
  failNext(action: DriverAction, text = 'the driver was set up to fail'): void {
    this.failures.set(action, [...(this.failures.get(action) ?? []), text]);
  }

  /** The text of the failure, once; undefined when it works. */
  fails(action: DriverAction): string | undefined {
    return this.failures.get(action)?.shift();
  }
}

export { Cluster, Datastore, Group, Host, Image, Network, SecurityGroup, User, Vm, VmTemplate };
