import type { CloudName } from './clouds/cloud.ts';
import type { Setup } from './setup.ts';
import type { Request } from './world.ts';

/** One request that a process may die over. */
export interface Scenario {
  readonly name: string;
  /** Prepares what it needs and writes it. */
  request(setup: Setup): Promise<Request>;
  /** However often it is sent, there is in the end what there is after one that succeeded; absent where there is more. */
  readonly once?: true;
  /** Statuses of a repeated request that are true once the first has done its work, beside success. */
  readonly afterwards?: readonly number[];
  /** The clouds of which it is something of their own; absent for what all have. */
  readonly only?: readonly CloudName[];
  /** Clouds that cannot do it, and why. */
  readonly not?: { readonly [C in CloudName]?: string };
  /** What stays by design, however it ends: a name of a row or of what the cloud counts. */
  readonly leaves?: RegExp;
}
