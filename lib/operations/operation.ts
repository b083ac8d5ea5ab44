/**
 * What an operation is: from an understood request and the backend of its caller to an answer, free of HTTP and of any
 * cloud.
 */
import type { Backend, Filter, Target } from '../entities/backend.ts';
import type { NativeMethod } from '../entities/native-entity.ts';
import type { Preconditions } from '../http/preconditions.ts';
import type { Answer, Parsed } from '../renderings/rendering.ts';
import type { Reads } from './reads.ts';

export interface OcciRequest<T extends Target = Target> {
  readonly target: T;
  readonly parsed: Parsed;
  readonly filter: Filter;
  readonly paging: { readonly page: number; readonly number: number } | undefined;
  /** What the answer's rendering shows of entities in collections. */
  readonly wants: 'locations' | 'entities';
  /** The term in `?action=`. */
  readonly action: string | undefined;
  /** `?all=true`: every member is meant. */
  readonly all: boolean;
  /** Nothing was sent that selects or names members, not even an empty header field. */
  readonly bare: boolean;
  /** A field for locations was sent without any: it names no member, though it may have been meant to. */
  readonly emptyLocations: boolean;
  /** Conditions that the entity at the target must meet; those of other targets are held before the operation. */
  readonly conditions: Preconditions | undefined;
  /** What native creates carry. With `again`, an earlier attempt may have made something under it. */
  readonly token: string;
  readonly again: boolean;
}

export interface Operation<T extends Target = Target> {
  /** The shape of its answer, known before it runs: a rendering that cannot show it is refused first. */
  readonly answers: Answer['is'];
  /**
   * The method without which the adapter of a kind offers none of it. Absent for what the endpoint can always do, and for
   * changes of an entity: the store keeps tags, and the attributes that the cloud cannot hold.
   */
  readonly needs?: NativeMethod;
  /** All that it uses of a request; what it does not use is refused before it runs. */
  readonly reads: Reads;
  run(request: OcciRequest<T>, backend: Backend): Promise<Answer>;
  /** Whether an earlier attempt under the same token has made something, or may have; for what reads a key. */
  hasMade?(request: OcciRequest<T>, backend: Backend): Promise<boolean>;
}
