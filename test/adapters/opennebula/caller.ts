/** A caller of OpenNebula in the form that the kinds receive, without an endpoint. */
import { type CallReport, connectSite, oneClient } from '../../../adapters/opennebula/api/client.ts';
import { callerKey, keepSessions, proveSession } from '../../../adapters/opennebula/api/session.ts';
import type { Cloud } from '../../../adapters/opennebula/cloud.ts';
import { settings } from '../../../adapters/opennebula/config.ts';
import { VmTemplates } from '../../../adapters/opennebula/template/vm-templates.ts';
import { Tokens } from '../../../lib/adapter/tokens.ts';

export interface CallerOptions {
  readonly session?: string;
  readonly configured?: Readonly<Record<string, unknown>>;
  /** In milliseconds since the epoch. */
  readonly deadline?: number;
  readonly onCall?: (report: CallReport) => void;
  /** Shared by what is to be one process. */
  readonly tokens?: Tokens;
}

export function callerOf(
  endpoint: string,
  {
    session = 'alice:password',
    configured = {},
    deadline = Date.now() + 600_000,
    onCall,
    tokens = new Tokens(),
  }: CallerOptions = {},
): Cloud {
  const own = settings.parse({ endpoint, ...configured });
  const sessions = keepSessions();
  const client = oneClient(connectSite(own), {
    session,
    deadline,
    ...(onCall && { onCall }),
  });
  return {
    client,
    settings: own,
    caller: callerKey(sessions, session),
    verdict: () => proveSession(sessions, client, session),
    tokens,
    templates: new VmTemplates(),
  };
}
