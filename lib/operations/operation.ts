/**
 * The contract of an operation: it turns a parsed request and the caller's backend into an answer, and knows neither
 * HTTP nor any cloud.
 */
import type { Backend, Target } from '../entities/backend.ts';
import type { NativeMethod } from '../entities/native-entity.ts';
import type { Reads } from '../entities/reads.ts';
import type { OcciRequest } from '../entities/request.ts';
import type { Answer } from '../renderings/rendering.ts';

export interface Operation<T extends Target = Target> {
  /** The shape of its answer, so that a rendering that cannot show it is refused before the operation runs. */
  readonly answers: Answer['is'];
  /**
   * The adapter method that the operation needs. Absent if it needs none, and for changes of an entity, because the
   * store keeps tags and the attributes that the cloud cannot hold.
   */
  readonly needs?: NativeMethod;
  /** The parts of a request that it uses; a request with others is refused before it runs. */
  readonly reads: Reads;
  run(request: OcciRequest<T>, backend: Backend): Promise<Answer>;
  /**
   * Whether an earlier attempt with the same token has or may have created something. For operations with an
   * Idempotency-Key.
   */
  hasMade?(request: OcciRequest<T>, backend: Backend): Promise<boolean>;
}
