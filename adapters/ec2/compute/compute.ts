/** Computes (INF-2 to INF-5): EC2's instances, whole with one call. */

import * as z from 'zod';
import { KEY_NAME } from '../../../lib/adapter/contextualization.ts';
import type { KindAdapter, NativeId } from '../../../lib/adapter/contract.ts';
import { inOrder } from '../../../lib/adapter/link-order.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import { translateErrors } from '../api/errors.ts';
import { type Cloud, cannotTitle, memoryOf } from '../cloud.ts';
import { type Elastic, findInstance, readInstance, readInstances } from '../machine/reads.ts';
import type { Instance } from '../native/index.ts';
import { sweepRecent } from '../network/interface-cleanup.ts';
import { actOn, asAccepted, settled } from './actions.ts';
import { updateCompute } from './changes.ts';
import { shownCompute, toComputes } from './entity.ts';
import { dropKey } from './keys.ts';
import { launch } from './launch.ts';

const NONE: Elastic = new Map();

/** What was made is made: when it cannot be shown, its token finds it. */
const unseen = (cause: unknown): OcciError =>
  new OcciError('unavailable', 'The compute was made, and cannot be shown at the moment.', {
    cause,
    unknownOutcome: true,
    headers: { 'Retry-After': '5' },
  });

/**
 * A machine that this process made before; one that EC2 does not show yet, or not any more, is for the next attempt to
 * find.
 */
async function readMade(cloud: Cloud, id: NativeId): Promise<Instance> {
  try {
    return await readInstance(cloud, id);
  } catch (error) {
    if (!isFailure(error, 'notFound')) throw error;
    cloud.tokens.forget(id);
    throw unseen(error);
  }
}

export const compute = (cloud: Cloud): KindAdapter<'compute'> => ({
  // A terminated instance is shown for about an hour, and a new one may not be for minutes (EC2 API, Eventual
  // consistency).
  lingers: 3600,
  appearsWithin: 300,
  cannotHold: ['occi.core.summary', 'occi.compute.share', 'occi.compute.speed', 'occi.compute.hostname', KEY_NAME],
  cannotHoldValue: cannotTitle,

  /** 1 call per page of EC2's; one page here. */
  async ids() {
    return { items: (await readInstances(cloud)).map(({ InstanceId }) => InstanceId) };
  },

  /** The same, 1 more for elastic addresses if there are any, 1 more for types that this process does not know. */
  async list() {
    const all = await readInstances(cloud);
    return {
      items: await toComputes(
        cloud,
        all.map((instance) => asAccepted(cloud, instance)),
      ),
    };
  },

  /**
   * 1 call, 1 more with an elastic address; more only for whoever looks first when the machine runs, and links what
   * waits for it.
   */
  async get(id) {
    const [read] = await Promise.all([readInstance(cloud, id), sweepRecent(cloud)]);
    const instance = asAccepted(cloud, read);
    return shownCompute(cloud, asAccepted(cloud, await settled(cloud, instance)));
  },

  /** The calls of `launch`; that of `get` when this process has made it under the token before. */
  async create(draft, token) {
    let made: Instance | undefined;
    const id = await cloud.tokens.createOnce(memoryOf(cloud, 'compute'), token, async () => {
      made = await launch(cloud, draft, token);
      return made.InstanceId;
    });
    const instance = made ?? (await readMade(cloud, id));
    // No machine has an elastic address from the beginning.
    const elastic = instance.State.Name === 'pending' ? NONE : undefined;
    const native = await shownCompute(cloud, instance, elastic).catch((error) => {
      throw made ? unseen(error) : error;
    });
    // Interfaces that EC2 adds by itself come last.
    return inOrder(native, draft.links, 'start');
  },

  /** 1 call. A machine that is on its way out is none. */
  async findByToken(token) {
    const instance = await findInstance(cloud, token);
    return instance && instance.State.Name !== 'shutting-down' ? shownCompute(cloud, instance) : undefined;
  },

  update: (id, change) => updateCompute(cloud, id, change),

  /**
   * 2 calls, and 2 more for a key that was imported for it, which goes first (`keys.ts`); 3 more where others have that
   * key. Its links go with it; a volume and an elastic address stay.
   */
  async remove(id) {
    const [{ KeyName }] = await Promise.all([readInstance(cloud, id), sweepRecent(cloud)]);
    const isDropped = await dropKey(cloud, KeyName, id);
    await translateErrors('compute', () => cloud.ec2.call('TerminateInstances', { InstanceIds: [id] }, z.unknown()));
    cloud.tokens.forget(id);
    // The others may be going in the same moment.
    if (!isDropped) await dropKey(cloud, KeyName, id);
  },

  act: (id, action, attributes) => actOn(cloud, id, action, attributes),
});
