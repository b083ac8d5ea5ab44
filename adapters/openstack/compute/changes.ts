/**
 * Changes of a compute: its title and summary, its hostname, and its size. The size comes first, since Nova may refuse it
 * for the state of the server; so a refusal leaves nothing half changed.
 */
import * as z from 'zod';
import { KEY_NAME, namesOf, PUBLIC_KEY, USER_DATA } from '../../../lib/adapter/contextualization.ts';
import type { Change, Native, NativeId } from '../../../lib/adapter/contract.ts';
import { untilVisible } from '../../../lib/adapter/until-visible.ts';
import { OcciError } from '../../../lib/errors.ts';
import { type Attributes, typeId } from '../../../lib/occi/types.ts';
import { translateErrors } from '../api/errors.ts';
import { path } from '../api/path.ts';
import type { Cloud } from '../cloud.ts';
import { KEY } from '../machine/labels.ts';
import { readMachine, SERVER_MICROVERSION } from '../machine/machine.ts';
import { markOf } from '../mark.ts';
import { flavorAmong, isFlavorMixin } from '../mixins.ts';
import type { Flavor } from '../native/catalogue.ts';
import type { Server } from '../native/server.ts';
import { flavorOf, type Known, known, toCompute } from './entity.ts';
import { flavorFor } from './flavor-choice.ts';
import { hostnameOf } from './plan.ts';
import { changedProfile, isProfileSize, profileAmong } from './profile-size.ts';
import { confirmResize, resize } from './resize.ts';

const TITLE = 'occi.core.title';
const SUMMARY = 'occi.core.summary';
const HOSTNAME = 'occi.compute.hostname';
const CORES = 'occi.compute.cores';
const MEMORY = 'occi.compute.memory';

const immutable = (what: string): OcciError =>
  new OcciError(
    'notImplemented',
    `${what} of a compute cannot be changed in this cloud: make another compute instead.`,
  );

/** Attributes that only the first boot reads, or that the image decides. */
const FIXED: readonly string[] = ['occi.compute.architecture', KEY_NAME, ...namesOf(PUBLIC_KEY), ...namesOf(USER_DATA)];

/**
 * Nova builds a server from a copy of the request that it took at once. Until a host has the server it accepts a change,
 * shows it, and then loses it (nova/compute/api.py, `update_instance`).
 */
const losesChanges = ({ hostId, 'OS-EXT-STS:task_state': task }: Server): boolean =>
  hostId === '' && task === 'scheduling';

/** Seconds until a host may have the server. */
const RETRY_AFTER = { 'Retry-After': '2' };

/** Until a host has the server, which takes about a second. */
class WithoutHost extends OcciError {
  constructor() {
    super('conflict', 'The compute is being given a host, and cannot be changed before it has one; try again.', {
      headers: RETRY_AFTER,
    });
  }
}

/** Throws `notImplemented` for what can never change; setting a value to what it is counts as no change. */
function refuseFixed({ attributes, mixins }: Native<'compute'>, change: Change<'compute'>): void {
  const { set, unset, addMixins, removeMixins } = change;
  const before: Attributes = attributes;
  const name = FIXED.find(
    (one) =>
      ((set as Attributes)[one] !== undefined && (set as Attributes)[one] !== before[one]) || unset.includes(one),
  );
  if (name !== undefined) throw immutable(`The attribute ${name}`);
  if (unset.includes(HOSTNAME)) throw immutable(`The attribute ${HOSTNAME}`);
  const isSize = (id: string) => isFlavorMixin(id) || isProfileSize(id);
  const added = addMixins.map(typeId).find((id) => !isSize(id) && !mixins.includes(id));
  const isResized =
    addMixins.some((mixin) => isSize(typeId(mixin))) || set[CORES] !== undefined || set[MEMORY] !== undefined;
  const removed = removeMixins.find((id) => mixins.includes(id) && !(isSize(id) && isResized));
  if (added ?? removed) throw immutable(`The mixin ${added ?? removed}`);
}

/** The size that is asked for: a flavor that the server does not have yet, and what it is to remember of the profile. */
async function newSize(
  cloud: Cloud,
  server: Server,
  { flavors }: Known,
  { set, addMixins }: Change<'compute'>,
): Promise<{ readonly flavor?: Flavor; readonly labels: Readonly<Record<string, string>> }> {
  const present = flavorOf(server, flavors);
  const term = profileAmong(addMixins);
  const isNamed = flavorAmong(addMixins) !== undefined || term !== undefined;
  const { vcpus = present?.vcpus, ram = present?.ram } = server.flavor;
  const size: Attributes = {
    ...(vcpus !== undefined && { [CORES]: vcpus }),
    ...(ram !== undefined && { [MEMORY]: ram / 1024 }),
  };
  const isChanged = [CORES, MEMORY].some((name) => {
    const value = (set as Attributes)[name];
    return value !== undefined && value !== size[name];
  });
  if (!isNamed && !isChanged) return { labels: {} };
  // A request for more cores must not reduce the memory, so the present values are minimums.
  const flavor = await flavorFor(cloud, { attributes: { ...size, ...set }, mixins: addMixins });
  const labels = changedProfile(server, { present, next: flavor, term });
  return { labels, ...(flavor.id !== present?.id && { flavor }) };
}

/** What is to be otherwise in the server itself. */
async function newFields(cloud: Cloud, { id, name }: Server, { set, unset }: Change<'compute'>) {
  const title = set[TITLE] ?? (unset.includes(TITLE) ? markOf(id) : undefined);
  const summary = set[SUMMARY] ?? (unset.includes(SUMMARY) ? '' : undefined);
  const hostname = await hostnameOf(cloud, set[HOSTNAME]);
  const hasDescriptions = summary === undefined || (await cloud.client.knows('compute', '2.19'));
  return {
    server: {
      ...(title !== undefined && title !== name && { name: title }),
      ...(summary !== undefined && hasDescriptions && { description: summary === '' ? null : summary }),
      ...(hostname !== undefined && { hostname }),
    },
    metadata: summary !== undefined && !hasDescriptions ? { [KEY.summary]: summary } : {},
  };
}

/** One attempt of `updateCompute`. Throws `WithoutHost` before it has changed anything. */
async function update(cloud: Cloud, id: NativeId, change: Change<'compute'>): Promise<Native<'compute'>> {
  const { client } = cloud;
  const [facts, machine] = await Promise.all([known(cloud), readMachine(cloud, id)]);
  await confirmResize(cloud, machine.server);
  refuseFixed(toCompute(facts, machine), change);
  const [{ flavor, labels }, { server, metadata: fields }] = await Promise.all([
    newSize(cloud, machine.server, facts, change),
    newFields(cloud, machine.server, change),
  ]);
  const metadata = flavor ? fields : { ...labels, ...fields };
  const isField = Object.keys(server).length > 0;
  const isMetadata = Object.keys(metadata).length > 0;
  if ((isField || isMetadata) && losesChanges(machine.server)) throw new WithoutHost();
  if (flavor) await resize(cloud, machine.server, flavor, labels);
  await translateErrors('compute', async () => {
    if (isField) {
      await client.call('compute', 'PUT', path`servers/${id}`, z.unknown(), {
        body: { server },
        microversion: SERVER_MICROVERSION,
        repeatable: true,
      });
    }
    if (isMetadata) {
      await client.call('compute', 'POST', path`servers/${id}/metadata`, z.unknown(), { body: { metadata } });
    }
  });
  return toCompute(facts, await readMachine(cloud, id));
}

/**
 * Changes a compute and returns its new form: the calls of `readMachine` twice, 2 for a size and 1 for the rest. A server that
 * was made a moment ago is given the time to get its host, as what a cloud does not show yet is given the time to appear.
 * Throws `conflict` for a size in a state in which Nova refuses it, `notImplemented` for what can never change.
 */
export const updateCompute = (cloud: Cloud, id: NativeId, change: Change<'compute'>): Promise<Native<'compute'>> =>
  untilVisible(() => update(cloud, id, change), {
    isUnseen: (error) => error instanceof WithoutHost,
    deadline: cloud.deadline,
  });
