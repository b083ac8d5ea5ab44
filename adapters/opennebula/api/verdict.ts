/** The owner of a session, according to oned. `gid` is the primary group, or the one that a token is scoped to. */
export interface Verdict {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  readonly name: string;
}
