/** A service has refused a call, and changed nothing. The table of the service in `refusals/` says what the client learns. */
import type { ServiceName } from './services.ts';

export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly service: ServiceName;
  readonly status: number;
  /** Neutron's `type`, the key of Nova's and Cinder's errors such as `conflictingRequest`; empty where there is none. */
  readonly type: string;
  /** What the service says: for the rules and the log. It may hold ids, and must not reach a client as it is. */
  readonly sentence: string;
  /** Seconds that the service asks to wait. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    service: ServiceName,
    status: number,
    { type = '', sentence = '', retryAfterSeconds }: Partial<Pick<Refusal, 'type' | 'sentence' | 'retryAfterSeconds'>>,
  ) {
    super(`${service}: ${status} ${type}`);
    this.service = service;
    this.status = status;
    this.type = type;
    this.sentence = sentence;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
