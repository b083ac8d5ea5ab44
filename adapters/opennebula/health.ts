/** Checks whether oned answers. */
import type { AdapterEnvironment } from '../../lib/adapter/module.ts';
import { readAnswer } from './api/answer.ts';
import { transport } from './api/transport.ts';
import { encodeCall } from './api/xml-rpc.ts';
import type { OpenNebulaSettings } from './config.ts';

/** `system.methodSignature` needs no session, and leaves no failed log-in in oned's log. */
const BODY = encodeCall('system.methodSignature', ['one.vmpool.info']);

/** Asks oned for a sign of life. Rejects when no XML-RPC comes back: no oned, or none behind a proxy. */
export function probe({ settings }: AdapterEnvironment<OpenNebulaSettings>): (deadline: number) => Promise<void> {
  const post = transport(settings);
  return async (deadline) => {
    await post(BODY, deadline, readAnswer);
  };
}
