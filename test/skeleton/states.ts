/** Translates native states into OCCI states. */
import { stateIn } from '../../lib/adapter/states.ts';
import type { KindOf } from '../../lib/occi/kinds/index.ts';
import type { AttributesOf, StateOf } from '../../lib/occi/types.ts';

const STATES = {
  RUNNING: 'active',
  STARTING: 'waiting',
  HALTED: 'inactive',
  BROKEN: 'error',
} as const satisfies Record<string, StateOf<KindOf<'compute'>>>;

/** The reason of a state that does not explain itself. */
const REASONS: Readonly<Record<string, string>> = { STARTING: 'The machine is starting.' };

/** The attributes of a state. A state missing from the table becomes `waiting`, with a message that names it. */
export const stateOf = (status: string): AttributesOf<KindOf<'compute'>> => {
  const { state, message = REASONS[status] } = stateIn(STATES, status);
  return { 'occi.compute.state': state, ...(message !== undefined && { 'occi.compute.state.message': message }) };
};
