/** Actions on a compute: its state is checked first, then one call. Returns once Nova has accepted it. */
import * as z from 'zod';
import { requireApplicable } from '../../../lib/adapter/applicable.ts';
import type { ActResult, NativeId } from '../../../lib/adapter/contract.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import type { KindOf } from '../../../lib/occi/kinds/index.ts';
import type { ActionTermOf, Attributes } from '../../../lib/occi/types.ts';
import { nativeAction } from '../actions.ts';
import { translateErrors } from '../api/errors.ts';
import { path } from '../api/path.ts';
import type { Cloud } from '../cloud.ts';
import { readServer } from '../machine/machine.ts';
import { computeState } from '../states.ts';
import { confirmResize } from './resize.ts';
import { saveServer } from './save.ts';

type Action = ActionTermOf<KindOf<'compute'>>;

/** Seconds until a state that passes may have passed. */
const RETRY_AFTER = { 'Retry-After': '5' };

function requireAllowed(state: ReturnType<typeof computeState>['state'], action: Action): void {
  try {
    requireApplicable('compute', state, action);
  } catch (error) {
    if (state !== 'waiting' || !(error instanceof OcciError)) throw error;
    throw new OcciError('conflict', error.message, { headers: RETRY_AFTER });
  }
}

/** Nova takes actions only on servers that are past the search for a host, though it shows them before. */
const notYet = (action: Action, cause: unknown): OcciError =>
  new OcciError('conflict', `The compute is not ready for the action ${action} yet; try again.`, {
    cause,
    headers: RETRY_AFTER,
  });

/** Runs an action: 2 calls. Throws `notFound`, and `conflict` naming the action and the state where it does not apply. */
export async function actOn(cloud: Cloud, id: NativeId, action: Action, attributes: Attributes): Promise<ActResult> {
  const server = await readServer(cloud, id);
  await confirmResize(cloud, server);
  requireAllowed(computeState(server).state, action);
  try {
    if (action === 'save') return { mixin: await saveServer(cloud, server, attributes) };
    const body = nativeAction(cloud.settings, server, action, attributes.method);
    await translateErrors('compute', () =>
      cloud.client.call('compute', 'POST', path`servers/${id}/action`, z.unknown(), { body }),
    );
    return {};
  } catch (error) {
    if (isFailure(error, 'notFound')) {
      // Throws `notFound` if it is really gone.
      await readServer(cloud, id);
      throw notYet(action, error);
    }
    if (!isFailure(error, 'conflict') || error.message.includes(action)) throw error;
    const { message, headers, cause } = error;
    throw new OcciError('conflict', `The action ${action} is not possible. ${message}`, { cause, headers });
  }
}
