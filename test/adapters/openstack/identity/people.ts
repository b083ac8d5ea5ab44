/** Callers of a stand-in's Keystone, with the sessions of one process and its clock. */

import { callsOf } from '../../../../adapters/openstack/api/calls.ts';
import { type OpenStackSettings, settings } from '../../../../adapters/openstack/config.ts';
import { type ProvedCaller, provedCaller } from '../../../../adapters/openstack/identity/caller.ts';
import { keystoneAt } from '../../../../adapters/openstack/identity/keystone.ts';
import { Sessions } from '../../../../adapters/openstack/identity/sessions.ts';
import type { OwnCredentials } from '../../../../lib/adapter/cloud-login.ts';
import type { NativeCallReport } from '../../../../lib/adapter/contract.ts';
import { exchanges } from '../../../../lib/adapter/http-exchange.ts';
import { type OpenStack, startOpenStack } from '../../../openstack/index.ts';

export interface People {
  readonly cloud: OpenStack;
  /** Moves the clock of the process on, in milliseconds. */
  wait(milliseconds: number): void;
  /** A request of somebody: `deadline` is in milliseconds from now. */
  caller(own: OwnCredentials, more?: { readonly settings?: object; readonly deadline?: number }): ProvedCaller;
  /** What was reported of native calls. */
  readonly reports: readonly NativeCallReport[];
}

export const basic = (text: string): OwnCredentials => ({ credentials: text });
export const xAuth = (text: string): OwnCredentials => ({ token: { sentAs: 'x-auth-token', text } });
export const bearer = (text: string): OwnCredentials => ({ token: { sentAs: 'bearer', text } });

export const FEDERATION = { federation: { identityProvider: 'egi' } };

export async function startPeople(): Promise<People> {
  const cloud = await startOpenStack({ seeded: false });
  let offset = 0;
  const sessions = new Sessions(() => Date.now() + offset);
  const reports: NativeCallReport[] = [];
  const exchange = exchanges({ answerBytes: 1_000_000 });
  return {
    cloud,
    reports,
    wait(milliseconds) {
      offset += milliseconds;
    },
    caller(own, { settings: more = {}, deadline = 20_000 } = {}) {
      const configured = settings.parse({ endpoint: cloud.endpoint, ...more }) as OpenStackSettings;
      const calls = callsOf(exchange, {
        deadline: Date.now() + 20_000,
        timeoutSeconds: 15,
        onNativeCall: (report) => reports.push(report),
      });
      return provedCaller(
        { name: 'unknown', ...own },
        {
          sessions,
          settings: configured,
          keystone: () => keystoneAt(calls, configured),
          deadline: Date.now() + deadline,
        },
      );
    },
  };
}
