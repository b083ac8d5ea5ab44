/** Checks whether Keystone answers. */
import * as z from 'zod';
import { exchanges } from '../../lib/adapter/http-exchange.ts';
import type { AdapterEnvironment } from '../../lib/adapter/module.ts';
import { callsOf } from './api/calls.ts';
import { path } from './api/path.ts';
import type { OpenStackSettings } from './config.ts';
import { requireFit } from './identity/misfits.ts';

const versionAnswer = z.object({ version: z.object({ id: z.string() }) });

/**
 * Asks Keystone for its version, which needs no credentials. Rejects when something else answers, and while logins fail
 * because the settings do not fit the catalogue, which only a login shows.
 */
export function probe({ settings }: AdapterEnvironment<OpenStackSettings>): (deadline: number) => Promise<void> {
  const exchange = exchanges(settings);
  return async (deadline) => {
    const calls = callsOf(exchange, { deadline, timeoutSeconds: settings.timeout });
    await calls({ service: 'identity', method: 'GET', base: settings.endpoint, path: path``, shape: versionAnswer });
    requireFit(settings);
  };
}
