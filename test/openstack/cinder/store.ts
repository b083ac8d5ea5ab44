import type { Site } from '../site.ts';
import { overLimit } from './refusals.ts';

export interface Attachment {
  readonly id: string;
  readonly serverId: string;
  readonly device: string;
  readonly at: number;
}

interface Common {
  readonly id: string;
  readonly projectId: string;
  readonly userId: string;
  name: string | null;
  description: string | null;
  status: string;
  metadata: Readonly<Record<string, string>>;
  readonly created: number;
  updated: number | null;
  readonly steps: (() => void)[];
  due: number;
  /** `volume:creating`, for steps. */
  readonly stateName: string;
}

export interface Volume extends Common {
  sizeGib: number;
  readonly zone: string;
  readonly snapshotId: string | null;
  readonly sourceId: string | null;
  readonly imageId: string | null;
  isBootable: boolean;
  attachments: readonly Attachment[];
  /** What Nova has asked for and not connected yet. */
  reservation: { readonly id: string; readonly serverId: string } | undefined;
}

export interface Snapshot extends Common {
  readonly volume: Volume;
  readonly sizeGib: number;
}

export interface Backup extends Common {
  readonly volumeId: string;
  readonly sizeGib: number;
  failReason: string | null;
}

export const QUOTAS = {
  volumes: 10,
  per_volume_gigabytes: -1,
  snapshots: 10,
  gigabytes: 1000,
  backups: 10,
  backup_gigabytes: 1000,
  volumes___DEFAULT__: -1,
  gigabytes___DEFAULT__: -1,
  snapshots___DEFAULT__: -1,
  groups: 10,
} as const;

export type QuotaName = keyof typeof QUOTAS;

type Quotas = Readonly<Record<QuotaName, number>>;

const ZERO: Quotas = Object.fromEntries(Object.keys(QUOTAS).map((name) => [name, 0])) as Quotas;

const sum = (some: readonly { readonly sizeGib: number }[]): number =>
  some.reduce((total, { sizeGib }) => total + sizeGib, 0);

/** Everything that Cinder knows. */
export class Store {
  readonly volumes = new Map<string, Volume>();
  readonly snapshots = new Map<string, Snapshot>();
  readonly backups = new Map<string, Backup>();
  private readonly quotas = new Map<string, Quotas>();

  constructor(readonly site: Site) {}

  /** What all kinds begin with. */
  common(kind: string, owner: Pick<Common, 'projectId' | 'userId'>): Common {
    return {
      id: this.site.ids.uuid(),
      ...owner,
      name: null,
      description: null,
      status: 'creating',
      metadata: {},
      created: this.site.now(),
      updated: null,
      steps: [],
      due: 0,
      get stateName() {
        return `${kind}:${this.status}`;
      },
    };
  }

  /** Makes something walk to a status; `then` is what happens with it. */
  walk(one: Common, steps: readonly (() => string | undefined)[]): void {
    const taken = steps.map((step) => () => {
      one.status = step() ?? one.status;
      one.updated = this.site.now();
    });
    this.site.steps.start(one, taken);
  }

  quotaOf(projectId: string): Quotas {
    return this.quotas.get(projectId) ?? QUOTAS;
  }

  setQuota(projectId: string, wanted: Partial<Quotas>): void {
    this.quotas.set(projectId, { ...this.quotaOf(projectId), ...wanted });
  }

  used(projectId: string): Quotas {
    const own = <T extends Common>(all: ReadonlyMap<string, T>): T[] =>
      [...all.values()].filter((one) => one.projectId === projectId);
    const [volumes, snapshots, backups] = [own(this.volumes), own(this.snapshots), own(this.backups)];
    const gigabytes = sum(volumes) + sum(snapshots);
    return {
      ...ZERO,
      volumes: volumes.length,
      snapshots: snapshots.length,
      gigabytes,
      backups: backups.length,
      backup_gigabytes: sum(backups),
      volumes___DEFAULT__: volumes.length,
      gigabytes___DEFAULT__: gigabytes,
      snapshots___DEFAULT__: snapshots.length,
    };
  }

  /** Throws `Refused` when a project would have more than its quota. */
  hold(projectId: string, what: 'volumes' | 'snapshots' | 'backups' | undefined, sizeGib: number): void {
    if (!this.site.hasQuotas) return;
    const [limits, used] = [this.quotaOf(projectId), this.used(projectId)];
    if (what !== 'backups' && limits.gigabytes >= 0 && used.gigabytes + sizeGib > limits.gigabytes)
      throw overLimit(
        `VolumeSizeExceedsAvailableQuota: Requested volume or snapshot exceeds allowed gigabytes quota. Requested ${sizeGib}G, quota is ${limits.gigabytes}G and ${used.gigabytes}G has been consumed.`,
      );
    if (what === undefined || limits[what] < 0 || used[what] < limits[what]) return;
    const one = { volumes: 'Volume', snapshots: 'Snapshot', backups: 'Backup' }[what];
    const end = what === 'volumes' ? " for quota 'volumes'." : '';
    throw overLimit(`${one}LimitExceeded: Maximum number of ${what} allowed (${limits[what]}) exceeded${end}`);
  }
}
