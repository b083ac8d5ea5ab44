/** The compute kind (INF-2 to INF-5): an EC2 instance, which one call describes completely. */

import * as z from 'zod';
import { KEY_NAME } from '../../../lib/adapter/contextualization.ts';
import type { KindAdapter, NativeId } from '../../../lib/adapter/contract.ts';
import { inOrder } from '../../../lib/adapter/link-order.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import { cannotAct } from '../actions.ts';
import { translateErrors } from '../api/errors.ts';
import { readMade } from '../api/visibility.ts';
import { type Cloud, cannotTitle, memoryOf } from '../cloud.ts';
import { endingOf, keepDeleted } from '../machine/endings.ts';
import { type Elastic, findInstance, readAllInstances, readInstance } from '../machine/reads.ts';
import type { Instance } from '../native/index.ts';
import { sweepRecent } from '../network/interface-cleanup.ts';
import { actOn, asAccepted, settled } from './actions.ts';
import { updateCompute } from './changes.ts';
import { shownCompute, toComputes } from './entity.ts';
import { dropKey, dropKeyOfEnded } from './keys.ts';
import { launch } from './launch.ts';
import { sizeOfLaunch } from './launch-plan.ts';

const NONE: Elastic = new Map();

/** The compute exists but cannot be read now; a repeated create finds it by its token. */
const notVisibleYet = (cause: unknown): OcciError =>
  new OcciError('unavailable', 'The compute was created but cannot be shown at the moment; try again.', {
    cause,
    unknownOutcome: true,
    headers: { 'Retry-After': '5' },
  });

/**
 * An instance that this process created under the same token. If EC2 does not show it yet, or no longer, the next
 * attempt looks for it again.
 */
async function readCreated(cloud: Cloud, id: NativeId): Promise<Instance> {
  try {
    return await readMade(cloud, 'compute', () => readInstance(cloud, id));
  } catch (error) {
    cloud.tokens.forget(id);
    throw isFailure(error, 'notFound') ? notVisibleYet(error) : error;
  }
}

export const compute = (cloud: Cloud): KindAdapter<'compute'> => ({
  // A terminated instance is shown for about an hour, and a new one may not be for minutes (EC2 API, Eventual
  // consistency).
  lingers: 3600,
  appearsWithin: 300,
  cannotHold: ['occi.core.summary', 'occi.compute.share', 'occi.compute.speed', 'occi.compute.hostname', KEY_NAME],
  cannotHoldValue: cannotTitle,
  cannotAct: cannotAct(cloud.settings),

  /** 1 call per page of EC2; one page here. */
  async ids() {
    return { items: (await readAllInstances(cloud)).map(({ InstanceId }) => InstanceId) };
  },

  /** As `ids`, 1 more for elastic addresses if there are any, 1 more for types that are not cached. */
  async list() {
    const all = await readAllInstances(cloud);
    return {
      items: await toComputes(
        cloud,
        all.map((instance) => asAccepted(cloud, instance)),
      ),
    };
  },

  /**
   * 1 call, 1 more with an elastic address. The first read after a start makes further calls to attach pending links,
   * the first of one that has ended 2 to delete its key.
   */
  async get(id) {
    const [read] = await Promise.all([readInstance(cloud, id), sweepRecent(cloud)]);
    if (endingOf(read) !== undefined) await dropKeyOfEnded(cloud, read);
    const instance = asAccepted(cloud, read);
    return shownCompute(cloud, asAccepted(cloud, await settled(cloud, instance)));
  },

  /** The calls of `launch`, or those of `get` if this process has already created it under the token. */
  async create(draft, token) {
    let made: Instance | undefined;
    const id = await cloud.tokens.createOnce(memoryOf(cloud, 'compute'), token, async () => {
      made = await launch(cloud, draft, token);
      return made.InstanceId;
    });
    const instance = made ?? (await readCreated(cloud, id));
    // A pending instance cannot have an elastic address, so do not ask.
    const elastic = instance.State.Name === 'pending' ? NONE : undefined;
    const native = await shownCompute(cloud, instance, elastic).catch((error) => {
      throw made ? notVisibleYet(error) : error;
    });
    // Interfaces that EC2 adds itself come last.
    return inOrder(native, draft.links, 'start');
  },

  /** The size of its type: no call, or 1 each for an image and for types that are not cached. */
  sizeOfNew: (draft) => sizeOfLaunch(cloud, draft),

  /** 1 call. Ignores an instance that is being deleted. */
  async findByToken(token) {
    const instance = await findInstance(cloud, token);
    const isDeleted = instance?.State.Name === 'shutting-down' && endingOf(instance) === undefined;
    return instance && !isDeleted ? shownCompute(cloud, instance) : undefined;
  },

  update: (id, change) => updateCompute(cloud, id, change),

  /**
   * 2 calls, and 2 more to delete its imported key first (`keys.ts`), or 3 more if other instances use that key. Its
   * links are deleted with it; volumes and elastic addresses stay. One that has ended is terminated again, which EC2
   * accepts, and is not shown any more.
   */
  async remove(id) {
    const [instance] = await Promise.all([readInstance(cloud, id), sweepRecent(cloud)]);
    const { KeyName } = instance;
    const isDropped = await dropKey(cloud, KeyName, id);
    await translateErrors('compute', () => cloud.ec2.call('TerminateInstances', { InstanceIds: [id] }, z.unknown()));
    cloud.tokens.forget(id);
    if (endingOf(instance) !== undefined) keepDeleted(cloud, id);
    // The other users of the key may be terminating at the same time.
    if (!isDropped) await dropKey(cloud, KeyName, id);
  },

  act: (id, action, attributes) => actOn(cloud, id, action, attributes),
});
