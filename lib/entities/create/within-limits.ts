/** Creates within the limits of the tenant. */
import type { KindAdapter } from '../../adapter/contract.ts';
import type { Create, Created } from '../../quota/quota.ts';
import type { Backend } from '../backend.ts';
import type { Plan } from './plan.ts';

/** A plan with the token of its create. */
export interface Job {
  readonly plan: Plan;
  readonly token: string;
}

/** What a plan asks of the limits. The cloud may give an entity more than its plan says. */
async function createOf({ plan, token }: Job, { quota, adapter }: Backend): Promise<Create> {
  const { kind, attributes, mixins } = plan;
  const one = adapter.kinds[kind] as KindAdapter;
  const size = quota!.limitsKind(kind) ? await one.sizeOfNew?.({ attributes, mixins }) : undefined;
  return { kind, token, attributes: { ...attributes, ...size } };
}

/** Runs `make`, which carries out these jobs, all or none; `made` says what it has made. Throws as `Quota.creating`. */
export async function withinLimits<T>(
  jobs: readonly Job[],
  backend: Backend,
  make: () => Promise<T>,
  made: (value: T) => readonly Created[],
): Promise<T> {
  const { quota } = backend;
  if (!quota || jobs.length === 0) return await make();
  const creates: Create[] = [];
  for (const job of jobs) creates.push(await createOf(job, backend));
  return await quota.creating(creates, make, made);
}
