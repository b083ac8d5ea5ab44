/** Native calls: what is sent, how often, how long it may take, and what an answer must look like. */
import { ANSWER_MARGIN_MS, attempts } from '../../../lib/adapter/attempts.ts';
import { ConnectionFailure } from '../../../lib/adapter/connection-failure.ts';
import type { OpenNebulaSettings } from '../config.ts';
import { readAnswer } from './answer.ts';
import { type Gate, gate } from './call-limit.ts';
import { readDocument } from './document.ts';
import { clientFailure, isFault, mayRepeat, outcomeOf } from './failures.ts';
import type { Shape } from './shape.ts';
import { type Post, transport } from './transport.ts';
import {
  encodeCall,
  encodeMulticall,
  multicallResults,
  OneRefusal,
  type Param,
  tupleResult,
  type Value,
  withoutSecret,
} from './xml-rpc.ts';

export { OneRefusal, type Param };

export interface CallOptions {
  /** Safe to send twice: tried again when its connection failed. */
  readonly repeatable?: boolean;
}

/** One call of a multicall. */
export interface Call<T> {
  readonly method: string;
  readonly params: readonly Param[];
  readonly shape: Shape<T>;
}

type Results<C extends readonly Call<unknown>[]> = {
  -readonly [I in keyof C]: (C[I] extends Call<infer T> ? T : never) | OneRefusal;
};

/**
 * oned as one request sees it. Both throw `OcciError` `unavailable` or `timedOut` when oned cannot be reached or
 * answers nonsense, with `unknownOutcome` where a call that changes something may have been carried out.
 */
export interface OneClient {
  /**
   * Value of a successful answer, checked by `shape`; XML comes to it as a plain object (`document.ts`).
   * The session is put before `params`. Throws `OneRefusal` when oned refuses.
   */
  call<T>(method: string, params: readonly Param[], shape: Shape<T>, options?: CallOptions): Promise<T>;
  /** Several small calls in one connection; for each its value or its refusal, in place. */
  multicall<const C extends readonly Call<unknown>[]>(calls: C, options?: CallOptions): Promise<Results<C>>;
}

/** What is logged of each attempt: no parameters, nothing from the answer. */
export interface CallReport {
  readonly call: string;
  readonly milliseconds: number;
  /** `ok`, `refused <code>`, or the failure. */
  readonly outcome: string;
  readonly failed?: 'broken' | undefined;
}

/** What the calls of a process share: made once. */
interface Site {
  readonly settings: OpenNebulaSettings;
  readonly post: Post;
  readonly gate: Gate;
}

export const connectSite = (settings: OpenNebulaSettings): Site => ({
  settings,
  post: transport(settings),
  gate: gate(settings.inFlight.process),
});

interface ClientContext {
  readonly session: string;
  /** When the request must be answered, in milliseconds since the epoch. */
  readonly deadline: number;
  readonly onCall?: (report: CallReport) => void;
}

/** What may stand before a document: oned writes nothing there, a proxy or another release may. */
const DOCUMENT = /^\s{0,100}(?:<\?xml [^<>]{0,200}\?>\s{0,100})?(?=<)/;

function checked<T>(value: Value, shape: Shape<T>): T {
  if (Buffer.isBuffer(value)) return shape.read ? shape.read(value) : shape.parse(readDocument(value));
  const document = typeof value === 'string' ? DOCUMENT.exec(value) : null;
  return shape.parse(document ? readDocument(document.input.slice(document[0].length).trimEnd()) : value);
}

/** oned for one request. */
export function oneClient(site: Site, { session, deadline, onCall }: ClientContext): OneClient {
  const own = gate(site.settings.inFlight.request);
  const last = deadline - ANSWER_MARGIN_MS;

  /** Runs `send` while there is room for it in the request and in the process. */
  const inTurn = async <T>(send: () => Promise<T>): Promise<T> => {
    const leaveOwn = await own.enter(last);
    try {
      const leave = await site.gate.enter(last);
      try {
        return await send();
      } finally {
        leave();
      }
    } finally {
      leaveOwn();
    }
  };

  const attempt = async <T>(call: string, body: string, end: number, read: (answer: Value) => T): Promise<T> => {
    if (Date.now() >= end) throw new ConnectionFailure('timedOut', 'no time was left for the call', false);
    const started = performance.now();
    let outcome = 'ok';
    let failed: CallReport['failed'];
    try {
      return await site.post(body, end, (bytes) => read(readAnswer(bytes)));
    } catch (error) {
      outcome = outcomeOf(error);
      if (isFault(error)) failed = 'broken';
      throw error;
    } finally {
      onCall?.({ call, milliseconds: Math.round(performance.now() - started), outcome, failed });
    }
  };

  const perform = async <T>(
    call: string,
    body: string,
    read: (answer: Value) => T,
    { repeatable = false }: CallOptions = {},
  ): Promise<T> => {
    /** Set when the first attempt gets its turn: waiting for it takes none of the call's time. */
    let end: number | undefined;
    const send = () => {
      end ??= Math.min(last, Date.now() + site.settings.timeout * 1000);
      return attempt(call, body, end, read);
    };
    try {
      return await attempts(() => inTurn(send), {
        mayRepeat: (error) => mayRepeat(error, repeatable),
        end: () => end ?? last,
      });
    } catch (error) {
      throw clientFailure(error, repeatable);
    }
  };

  const resultOf = (answer: Value): Value => {
    const result = tupleResult(answer);
    if (result instanceof OneRefusal) throw withoutSecret(result, session);
    return result;
  };

  return {
    call: (method, params, shape, options) =>
      perform(method, encodeCall(method, [session, ...params]), (answer) => checked(resultOf(answer), shape), options),
    async multicall<const C extends readonly Call<unknown>[]>(calls: C, options?: CallOptions) {
      if (calls.length === 0) return [] as Results<C>;
      const body = encodeMulticall(calls.map(({ method, params }) => ({ method, params: [session, ...params] })));
      const read = (answer: Value) =>
        multicallResults(answer, calls.length).map((result, place) =>
          result instanceof OneRefusal ? withoutSecret(result, session) : checked(result, calls[place]!.shape),
        );
      return (await perform('system.multicall', body, read, options)) as Results<C>;
    },
  };
}
