/** Native states as those of OCCI. */
import type { KindOf } from '../../lib/occi/kinds/index.ts';
import type { AttributesOf, StateOf } from '../../lib/occi/types.ts';

const STATES = {
  RUNNING: 'active',
  STARTING: 'waiting',
  HALTED: 'inactive',
  BROKEN: 'error',
} as const satisfies Record<string, StateOf<KindOf<'compute'>>>;

/** A state that the table does not have is shown as `waiting`, with a message that names it. */
export const stateOf = (status: string): AttributesOf<KindOf<'compute'>> =>
  Object.hasOwn(STATES, status)
    ? { 'occi.compute.state': STATES[status as keyof typeof STATES] }
    : {
        'occi.compute.state': 'waiting',
        'occi.compute.state.message': `The cloud calls this state ${status}.`,
      };
