/** A service has refused a call. The table of the service in `refusals/` says what the client learns. */
import type { ClientError } from '../../../lib/adapter/refusals.ts';
import { clientText } from './client-text.ts';
import type { ServiceName } from './services.ts';

const MAX_LOGGED_CHARS = 200;

/** What Neutron and WebOb say of a path that they do not know. */
const NO_SUCH_PATH: readonly string[] = ['HTTPNotFound', 'Not Found'];

/** What the client learns of a refusal, if the call was about `kind`. */
export type Meaning = (refusal: Refusal, kind: string) => ClientError;

export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly service: ServiceName;
  readonly status: number;
  /** Neutron's `type`, the key of Nova's and Cinder's errors such as `conflictingRequest`; empty where there is none. */
  readonly type: string;
  /** Seconds that the service asks to wait. */
  readonly retryAfterSeconds: number | undefined;
  /** True where a call that changes something has failed by the cloud's own fault, and may have been carried out. */
  readonly mayHaveActed: boolean;
  /** By which the provider finds the call in the logs of the service. */
  readonly requestId: string | undefined;
  /** Name of the path that was called, such as `networks/{}`. */
  readonly path: string | undefined;
  readonly #isRead: boolean;
  readonly #sentence: string;
  readonly #meaning: Meaning;

  constructor(
    service: ServiceName,
    status: number,
    meaning: Meaning,
    details: Partial<
      Pick<Refusal, 'type' | 'sentence' | 'retryAfterSeconds' | 'mayHaveActed' | 'requestId' | 'path'> & {
        readonly isRead: boolean;
      }
    >,
  ) {
    const {
      type = '',
      sentence = '',
      retryAfterSeconds,
      mayHaveActed = false,
      requestId,
      path,
      isRead = false,
    } = details;
    // A 403 names the policy that forbids something, which the provider must know; other sentences may repeat what was sent.
    super(`${service}: ${status} ${status === 403 ? clientText(sentence).slice(0, MAX_LOGGED_CHARS) : type}`);
    this.service = service;
    this.status = status;
    this.type = type;
    this.retryAfterSeconds = retryAfterSeconds;
    this.mayHaveActed = mayHaveActed;
    this.requestId = requestId;
    this.path = path;
    this.#isRead = isRead;
    this.#sentence = sentence;
    this.#meaning = meaning;
  }

  /**
   * What the service says, for the rules. It may hold ids, schemas and what was sent, so it reaches neither a client nor
   * the log, which writes the fields of an error.
   */
  get sentence(): string {
    return this.#sentence;
  }

  /** True where the service does not have what was called: a collection has no id that could be another's. */
  get lacksPath(): boolean {
    const isCollection = this.path !== undefined && !this.path.includes('{}');
    return this.status === 404 && isCollection && (this.#isRead || NO_SUCH_PATH.includes(this.type));
  }

  /** What the client learns, if the call was about `kind`. */
  clientError(kind: string): ClientError {
    return this.#meaning(this, kind);
  }
}
