// config.ts — its settings; the client's credentials never come from here
import * as z from 'zod';
import type { Adapter, AdapterContext, KindAdapter, Native, NativeId } from '../../lib/adapter/contract.ts';
import type { AdapterEnvironment } from '../../lib/adapter/module.ts';
import { type Failure, OcciError } from '../../lib/errors.ts';
import type { KindOf } from '../../lib/occi/kinds/index.ts';
import type { StateOf } from '../../lib/occi/types.ts';

export const settings = z.strictObject({ endpoint: z.url() });
type Settings = z.infer<typeof settings>;

// native.ts — what the cloud answers: only the fields that are read
const vm = z.object({ id: z.int(), name: z.string(), status: z.string(), cpus: z.int(), megabytes: z.int() });
type Vm = z.infer<typeof vm>;

// states.ts — total: a state that is forgotten does not compile, one that is unknown is shown as waiting
const STATES = {
  RUNNING: 'active',
  STARTING: 'waiting',
  HALTED: 'inactive',
  BROKEN: 'error',
} as const satisfies Record<string, StateOf<KindOf<'compute'>>>;

// errors.ts — the cloud's failures as ours; anything else is told as internal
const FAILURES = {
  401: 'unauthenticated',
  404: 'notFound',
  409: 'conflict',
  503: 'unavailable',
} as const satisfies Record<number, Failure>;

// client.ts — the only file that opens a connection
const call = async <T>(
  { endpoint }: Settings,
  context: AdapterContext,
  path: string,
  shape: z.ZodType<T>,
): Promise<T> => {
  const signal = AbortSignal.timeout(Math.max(1, context.deadline - Date.now()));
  const headers = { authorization: `Bearer ${context.caller.credentials}` };
  const answer = await fetch(new URL(path, endpoint), { signal, headers }).catch((cause) => {
    throw new OcciError('unavailable', 'The cloud does not answer.', { cause });
  });
  if (answer.ok) return shape.parse(await answer.json());
  const failure: Failure = FAILURES[answer.status as keyof typeof FAILURES] ?? 'internal';
  throw new OcciError(failure, `The cloud refused ${path}.`, { cause: await answer.text() });
};

// compute.ts — toOcci, then the methods; create, update, remove and act follow, and are 501 until they are there
function toOcci({ id, name, status, cpus, megabytes }: Vm): Native<'compute'> {
  const state = Object.hasOwn(STATES, status) ? STATES[status as keyof typeof STATES] : 'waiting';
  return {
    kind: 'compute',
    id: String(id),
    attributes: {
      'occi.core.title': name,
      'occi.compute.cores': cpus,
      'occi.compute.memory': megabytes / 1024,
      'occi.compute.state': state,
      ...(!Object.hasOwn(STATES, status) && { 'occi.compute.state.message': `The cloud calls this state ${status}.` }),
    },
    mixins: [],
    links: [],
  };
}

const compute = (configured: Settings, context: AdapterContext): KindAdapter<'compute'> => {
  const list = async () => ({ items: (await call(configured, context, '/vms', z.array(vm))).map(toOcci) });
  return {
    list,
    ids: async () => ({ items: (await list()).items.map(({ id }) => id) }),
    get: async (id: NativeId) => toOcci(await call(configured, context, `/vms/${encodeURIComponent(id)}`, vm)),
    cannotHold: ['occi.core.summary', 'occi.compute.share', 'occi.compute.speed'],
  };
};

// index.ts — joins the files for one container; what comes back makes the adapter of one request
export const connect =
  ({ settings: configured, site }: AdapterEnvironment<Settings>) =>
  (context: AdapterContext): Adapter => ({
    name: 'example',
    site,
    kinds: { compute: compute(configured, context) },
    mixins: ['os_tpl'],
    identify: async () => (await call(configured, context, '/me', z.object({ account: z.string() }))).account,
    catalogue: async () => ({ mixins: [] }),
  });
