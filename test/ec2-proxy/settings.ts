import type { IdPrefix } from './ids.ts';

/** A kind of thing that EC2 shows late: by the prefix of its ids, or a key pair. */
export type LateKind = IdPrefix | 'key';

/** A time of its own for each kind, 0 for the others; or one for all. In milliseconds. */
export type Late = number | Readonly<Partial<Record<LateKind, number>>>;

/** The time of one kind. */
export const lateFor = (late: Late, kind: LateKind): number => (typeof late === 'number' ? late : (late[kind] ?? 0));

/** What a test chooses; all times in milliseconds, and all of it may be changed while the proxy runs. */
export interface Settings {
  /** `pending` before an instance runs, at launch and at start. */
  pending: number;
  /** `stopping` before it has stopped. */
  stopping: number;
  /** `shutting-down` before it is terminated; what it holds stays held that long. */
  shuttingDown: number;
  /** How long a terminated instance is shown. Real ones are for less than an hour. */
  lingers: number;
  /** `creating` before a volume is available. */
  creating: number;
  /** `attaching` of a volume or an interface. */
  attaching: number;
  /** `detaching` of a volume or an interface, which is in use that long. */
  detaching: number;
  /** `modifying` of a volume that grows. */
  modifying: number;
  /** `pending` of a snapshot and of an image. */
  copying: number;
  /** How long a new resource stays invisible, by its id (a key pair: by its name) and in a listing. */
  unseen: Late;
  /** How long after its creation a new thing is shown without its tags, and found by none of them. */
  untagged: Late;
  /** Whether a volume may be modified only four times in 24 hours. */
  modificationRate: boolean;
}

export const SETTINGS: Readonly<Settings> = {
  pending: 0,
  stopping: 0,
  shuttingDown: 0,
  lingers: 3_600_000,
  creating: 0,
  attaching: 0,
  detaching: 0,
  modifying: 0,
  copying: 0,
  unseen: 0,
  untagged: 0,
  modificationRate: true,
};
