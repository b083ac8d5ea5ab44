/** Who a session belongs to, as oned says. `gid` is the primary group, or the one that a token is scoped to. */
export interface Verdict {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  readonly name: string;
}
