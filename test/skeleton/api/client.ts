/** The only file that opens a connection. */
import type * as z from 'zod';
import type { AdapterContext, NativeCallReport } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { Settings } from '../config.ts';
import { noAnswer, notUnderstood, Refused, toOcciError } from './errors.ts';

/** GET; returns a type of `native/`. The call has the same deadline as the request. */
export type Get = <T>(path: string, shape: z.ZodType<T>) => Promise<T>;

async function send(url: URL, init: RequestInit) {
  try {
    const answer = await fetch(url, init);
    return { ok: answer.ok, status: answer.status, text: await answer.text() };
  } catch (cause) {
    throw noAnswer(cause);
  }
}

/** The content of an answer. Throws `internal` if it is not JSON or does not have the expected shape. */
function understood<T>(text: string, shape: z.ZodType<T>): T {
  try {
    return shape.parse(JSON.parse(text));
  } catch (cause) {
    throw notUnderstood(cause);
  }
}

export const clientFor =
  ({ endpoint }: Settings, { caller, deadline, onNativeCall }: AdapterContext): Get =>
  async (path, shape) => {
    if (caller.credentials === undefined)
      throw new OcciError('unauthenticated', 'This cloud needs a user name and a password: send them by HTTP Basic.');
    const started = Date.now();
    // The name of a call has neither ids nor a query: it is logged and counted.
    const call = `GET /${path.split(/[/?]/)[0]}`;
    const report = (outcome: string, failed?: NativeCallReport['failed']) =>
      onNativeCall?.({ call, milliseconds: Date.now() - started, outcome, failed });
    const signal = AbortSignal.timeout(Math.max(1, deadline - started));
    const headers = { authorization: `Basic ${Buffer.from(caller.credentials).toString('base64')}` };
    const { ok, status, text } = await send(new URL(path, endpoint), { signal, headers }).catch((error) => {
      report('no answer', 'broken');
      throw error;
    });
    report(ok ? 'ok' : `refused ${status}`, status === 429 ? 'throttled' : status >= 500 ? 'broken' : undefined);
    if (!ok) throw toOcciError(new Refused(status, text), call);
    return understood(text, shape);
  };
