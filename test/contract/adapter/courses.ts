/** The actions of the contract: the state in which each is tried, and the state that it leads to. */
import type { KindOf, KindTerm } from '../../../lib/occi/kinds/index.ts';
import type { ActionTermOf } from '../../../lib/occi/types.ts';

/** The start and end state of an action; `by` is the action that brings a new entity to the start state. */
export interface Course<Action extends string> {
  readonly by?: Action;
  readonly to: string;
  readonly attributes?: Readonly<Record<string, string | number>>;
}

type Courses<K extends KindTerm> = Readonly<Record<ActionTermOf<KindOf<K>>, Course<ActionTermOf<KindOf<K>>>>>;

export const COURSES = {
  compute: {
    stop: { to: 'inactive' },
    start: { by: 'stop', to: 'active' },
    restart: { to: 'active' },
    suspend: { to: 'suspended' },
    save: { to: 'active', attributes: { name: 'a copy' } },
  },
  storage: {
    offline: { to: 'offline' },
    online: { by: 'offline', to: 'online' },
    backup: { to: 'online' },
    snapshot: { to: 'online' },
    resize: { to: 'online', attributes: { size: 2 } },
  },
  network: { down: { to: 'inactive' }, up: { by: 'down', to: 'active' } },
} as const satisfies { readonly [K in 'compute' | 'storage' | 'network']: Courses<K> };

/** An action that does not apply to a new entity of the kind. */
export const WRONG = { compute: 'start', storage: 'online', network: 'up' } as const;
