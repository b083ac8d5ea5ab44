/** The only file that opens a connection. */
import type * as z from 'zod';
import type { AdapterContext } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { Settings } from '../config.ts';
import { failureOf } from './errors.ts';

/** GET, as a shape of `native/`. The deadline of the request is that of the call. */
export type Get = <T>(path: string, shape: z.ZodType<T>) => Promise<T>;

export const clientFor =
  ({ endpoint }: Settings, { caller, deadline, onNativeCall }: AdapterContext): Get =>
  async (path, shape) => {
    if (caller.credentials === undefined)
      throw new OcciError('unauthenticated', 'This cloud needs a user name and a password: send them by HTTP Basic.');
    const started = Date.now();
    const signal = AbortSignal.timeout(Math.max(1, deadline - started));
    const headers = { authorization: `Basic ${Buffer.from(caller.credentials).toString('base64')}` };
    const report = (outcome: string, failed?: 'broken') =>
      onNativeCall?.({ call: `GET /${path.split('/')[0]}`, milliseconds: Date.now() - started, outcome, failed });
    const answer = await fetch(new URL(path, endpoint), { signal, headers }).catch((cause) => {
      report('no answer', 'broken');
      throw new OcciError('unavailable', 'The cloud does not answer.', { cause });
    });
    report(answer.ok ? 'ok' : `refused ${answer.status}`, answer.status >= 500 ? 'broken' : undefined);
    if (!answer.ok) throw failureOf(answer.status, await answer.text());
    return shape.parse(await answer.json());
  };
