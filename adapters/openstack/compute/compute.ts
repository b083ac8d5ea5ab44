/** Computes (INF-2 to INF-5): servers of Nova, with what Neutron and Cinder know of them. */
import type { KindAdapter } from '../../../lib/adapter/contract.ts';
import { isFailure } from '../../../lib/errors.ts';
import type { Cloud } from '../cloud.ts';
import { readMachines } from '../machine/listing.ts';
import { readMachine, readShownMachine } from '../machine/machine.ts';
import { sweepPorts } from '../machine/own-ports.ts';
import { readServerIds } from '../machine/server-pages.ts';
import { imageAmong } from '../mixins.ts';
import { known, toCompute } from './entity.ts';
import { findServer } from './find.ts';
import { flavorFor, sizeOf } from './flavor-choice.ts';
import { confirmListed, confirmResize } from './resize.ts';
import { cannotHoldText } from './texts.ts';

/** A delete takes seconds; one that fails leaves the server, which is to be seen again. */
const LINGERS_SECONDS = 60;

export const compute = (cloud: Cloud): KindAdapter<'compute'> => ({
  lingers: LINGERS_SECONDS,
  finding: { by: 'uuid' },
  cannotHold: ['occi.compute.share', 'occi.compute.speed'],
  cannotHoldValue: cannotHoldText,
  givesAnyway: ['occi.compute.hostname'],
  alwaysSized: true,

  ids: (query) => readServerIds(cloud, query),

  async list(query) {
    const [facts, { items, ...rest }] = await Promise.all([known(cloud), readMachines(cloud, query)]);
    await confirmListed(
      cloud,
      items.map(({ server }) => server),
    );
    return { ...rest, items: items.map((machine) => toCompute(facts, machine)) };
  },

  /** The calls of `readMachine`, and 1 more to confirm a new size that was asked for here. */
  async get(id) {
    try {
      const [facts, machine] = await Promise.all([known(cloud), readShownMachine(cloud, id)]);
      await confirmResize(cloud, machine.server);
      return toCompute(facts, machine);
    } catch (error) {
      if (isFailure(error, 'notFound')) await sweepPorts(cloud);
      throw error;
    }
  },

  /** Its code is loaded with the first create: most requests read. */
  create: async (draft, token) => await (await import('./create.ts')).createCompute(cloud, draft, token),

  /** The size of its flavor: no call within five minutes of the last. */
  async sizeOfNew({ attributes, mixins }) {
    const image = imageAmong(mixins) ?? cloud.settings.defaultOsTemplate;
    return sizeOf(await flavorFor(cloud, { attributes, mixins, image }));
  },

  async findByToken(token) {
    const [facts, server] = await Promise.all([known(cloud), findServer(cloud, token)]);
    return server && toCompute(facts, await readMachine(cloud, server.id));
  },

  update: async (id, change) => await (await import('./changes.ts')).updateCompute(cloud, id, change),
  remove: async (id) => await (await import('./remove.ts')).removeCompute(cloud, id),
  act: async (id, action, attributes) => await (await import('./act.ts')).actOn(cloud, id, action, attributes),
});
