/** What a client asks of an operation, understood and checked. */

import type { Preconditions } from '../http/preconditions.ts';
import type { Paging } from '../occi/page.ts';
import type { Parsed } from '../renderings/rendering.ts';
import type { Filter, Target } from './backend.ts';

export interface OcciRequest<T extends Target = Target> {
  readonly target: T;
  readonly parsed: Parsed;
  readonly filter: Filter;
  readonly paging: Paging | undefined;
  /** Whether the rendering of the answer shows locations or whole entities in collections. */
  readonly wants: 'locations' | 'entities';
  /** The answer may have the entities of a long collection as pages. */
  readonly inPages?: boolean;
  /** The term in `?action=`. */
  readonly action: string | undefined;
  /** `?all=true`: the request applies to every member. */
  readonly all: boolean;
  /** The request has nothing that could select members, not even an empty header field. */
  readonly bare: boolean;
  /** A location field was sent empty: it names no member, perhaps by mistake. */
  readonly emptyLocations: boolean;
  /** Preconditions for the entity at the target; those of other targets are checked before the operation runs. */
  readonly conditions: Preconditions | undefined;
  /** The token of native creates. With `again`, an earlier attempt may have created something with it. */
  readonly token: string;
  readonly again: boolean;
}
