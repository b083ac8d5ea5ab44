/**
 * Makes a server with its links. Its token is a tag that Nova gets with the create and finds while the server is still
 * being built; below 2.52, where a create has no tags, it is metadata, which only a listing finds.
 */
import * as z from 'zod';
import type { Draft, Native, NativeId, Page } from '../../../lib/adapter/contract.ts';
import { inOrder } from '../../../lib/adapter/link-order.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import { toOcciError, translateErrors } from '../api/errors.ts';
import { path } from '../api/path.ts';
import type { Cloud } from '../cloud.ts';
import { KEY, portsMetadata } from '../machine/labels.ts';
import { type Machine, readMachine, readServer, SERVER_MICROVERSION } from '../machine/machine.ts';
import { deletePorts, makePorts, portsOfToken, sweepPorts } from '../machine/own-ports.ts';
import { readServers, readTagged } from '../machine/server-pages.ts';
import { markOf } from '../mark.ts';
import type { Attachment } from '../native/attachment.ts';
import { type FloatingIp, floatingIp, type Port } from '../native/port.ts';
import type { Server } from '../native/server.ts';
import { known, toCompute } from './entity.ts';
import { dropKey, importAgain, importKey, isKeyMissing } from './keys.ts';
import { type Plan, planOf } from './plan.ts';

const TITLE = 'occi.core.title';
const SUMMARY = 'occi.core.summary';

const floatingAnswer = z.object({ floatingip: floatingIp });
/** Cinder's short listing of attachments, from 3.27 on: one is there as soon as Nova has accepted a create. */
const attachmentsAnswer = z.object({
  attachments: z.array(z.object({ id: z.string(), volume_id: z.string(), instance: z.string().nullish() })),
});
/** `adminPass` is not read. */
const createdAnswer = z.object({ server: z.object({ id: z.string() }) });

/** What this cloud's Nova knows of a create. */
interface Abilities {
  readonly tags: boolean;
  readonly descriptions: boolean;
  /** Must be told that a server is to have no network. */
  readonly noNetwork: boolean;
}

async function abilitiesOf({ client }: Cloud): Promise<Abilities> {
  const [tags, descriptions, noNetwork] = await Promise.all(
    ['2.52', '2.19', '2.37'].map((version) => client.knows('compute', version)),
  );
  return { tags: tags!, descriptions: descriptions!, noNetwork: noNetwork! };
}

/** The disks where there are volumes: that of the image comes first, then they in their order. */
const disksOf = ({ image, volumes }: Plan) => [
  { boot_index: 0, uuid: image, source_type: 'image', destination_type: 'local', delete_on_termination: true },
  ...volumes.map(({ id, device }) => ({
    boot_index: -1,
    uuid: id,
    ...(device !== undefined && { device_name: device }),
    source_type: 'volume',
    destination_type: 'volume',
    delete_on_termination: false,
  })),
];

function bodyOf({ attributes }: Draft<'compute'>, token: string, plan: Plan, ports: readonly Port[], can: Abilities) {
  const mark = markOf(token);
  const summary = attributes[SUMMARY];
  const networks = ports.map(({ id }) => ({ port: id }));
  return {
    name: attributes[TITLE] ?? mark,
    imageRef: plan.image,
    flavorRef: plan.flavor.id,
    networks: networks.length === 0 && can.noNetwork ? 'none' : networks,
    metadata: {
      ...plan.metadata,
      ...portsMetadata(ports.map(({ id }) => id)),
      ...(!can.tags && { [KEY.token]: mark }),
      ...(summary !== undefined && !can.descriptions && { [KEY.summary]: summary }),
    },
    ...(can.tags && { tags: [mark] }),
    ...(summary !== undefined && can.descriptions && { description: summary }),
    ...(plan.hostname !== undefined && { hostname: plan.hostname }),
    ...(plan.zone !== undefined && { availability_zone: plan.zone }),
    ...(plan.userData !== undefined && { user_data: plan.userData }),
    ...(plan.volumes.length > 0 && { block_device_mapping_v2: disksOf(plan) }),
  };
}

/** True if the server may exist after this failure. */
const mayExist = (error: unknown): boolean => toOcciError(error, 'compute').unknownOutcome;

/** Sends the create; once more if another request has deleted the key meanwhile. */
async function post(cloud: Cloud, plan: Plan, server: object): Promise<NativeId> {
  const { key } = plan;
  const name = key && (await importKey(cloud, key));
  const attempt = async () => {
    const { value } = await cloud.client.call('compute', 'POST', path`servers`, createdAnswer, {
      body: { server: { ...server, ...(name !== undefined && { key_name: name }) } },
      microversion: SERVER_MICROVERSION,
    });
    return value.server.id;
  };
  try {
    return await attempt().catch(async (error) => {
      if (!key?.key || name === undefined || !isKeyMissing(error)) throw error;
      await importAgain(cloud, key, name);
      return await attempt();
    });
  } catch (error) {
    if (!mayExist(error)) await dropKey(cloud, { id: '', key_name: name });
    throw error;
  }
}

/** Gives floating addresses to a port: 1 call each. They are free again when the port is deleted. */
const associate = ({ client }: Cloud, port: Port | undefined, addresses: readonly NativeId[]): Promise<FloatingIp[]> =>
  Promise.all(
    addresses.map((id) =>
      translateErrors('ipreservation', async () => {
        const body = { floatingip: { port_id: port!.id } };
        const { value } = await client.call('network', 'PUT', path`floatingips/${id}`, floatingAnswer, { body });
        return value.floatingip;
      }).catch((error) => {
        throw isFailure(error, 'notFound') ? new OcciError('invalid', error.message, { cause: error }) : error;
      }),
    ),
  );

/**
 * Attachments of a server that Nova has only just accepted: 1 call if there are volumes. Without an answer, and below 3.27,
 * their links have no ids of their own yet; the server exists all the same.
 */
async function attachmentsOf({ client }: Cloud, id: NativeId, volumes: readonly NativeId[]): Promise<Attachment[]> {
  if (volumes.length === 0) return [];
  const { attachments } = await client
    .read('volume', path`attachments`, attachmentsAnswer, { microversion: '3.27' })
    .catch(() => ({ attachments: [] }));
  return volumes.map((volume) => ({
    volumeId: volume,
    serverId: id,
    attachment_id: attachments.find((one) => one.volume_id === volume && one.instance === id)?.id,
  }));
}

/** The server that an earlier create with this token made: 1 call, or below 2.52 1 for each page of all servers. */
export async function findServer(cloud: Cloud, token: string): Promise<Server | undefined> {
  const mark = markOf(token);
  if (await cloud.client.knows('compute', '2.52')) {
    return (await readTagged(cloud, mark)).find(({ tags = [] }) => tags.includes(mark));
  }
  let cursor: string | undefined;
  do {
    const page: Page<Server> = await readServers(cloud, cursor === undefined ? {} : { cursor });
    const found = page.items.find(({ metadata }) => metadata[KEY.token] === mark);
    if (found) return found;
    cursor = page.next;
  } while (cursor !== undefined);
  return undefined;
}

/** What a create has made itself, so that its answer need not read it. */
interface Parts {
  readonly ports: readonly Port[];
  readonly floatingIps: readonly FloatingIp[];
}

/** Makes the server; what was made for it goes again if Nova refuses it. Returns its id. */
async function make(
  cloud: Cloud,
  draft: Draft<'compute'>,
  token: string,
  made: (parts: Parts) => void,
): Promise<NativeId> {
  const [plan, can, found, earlier] = await Promise.all([
    planOf(cloud, draft),
    abilitiesOf(cloud),
    findServer(cloud, token),
    draft.links.length > 0 ? portsOfToken(cloud, token) : [],
    sweepPorts(cloud),
  ]);
  if (found) return found.id;
  const ports = await makePorts(cloud, plan.ports, token, earlier);
  try {
    const floatingIps = await associate(cloud, ports[0], plan.addresses);
    const id = await post(cloud, plan, bodyOf(draft, token, plan, ports, can));
    made({ ports, floatingIps });
    return id;
  } catch (error) {
    if (!mayExist(error)) {
      await deletePorts(
        cloud,
        ports.map(({ id }) => id),
      );
    }
    throw toOcciError(error, 'compute');
  }
}

/** The server exists but cannot be read now; a repeated create finds it by its token. */
const notReadYet = (cause: unknown): OcciError =>
  new OcciError('unavailable', 'The compute was made but cannot be shown at the moment; try again.', {
    cause,
    unknownOutcome: true,
    headers: { 'Retry-After': '5' },
  });

/**
 * Makes a compute, once per token. Calls: 1 that looks for an earlier attempt, 1 that makes the server and 1 that reads it;
 * with networks 1 that looks for ports and 1 that makes them; with volumes 1 for their attachments; 1 for each floating
 * address, and 1 for a key that this process has not imported.
 */
export async function createCompute(cloud: Cloud, draft: Draft<'compute'>, token: string): Promise<Native<'compute'>> {
  const { projectId } = await cloud.session();
  let parts: Parts | undefined;
  const id = await cloud.tokens.createOnce(`compute ${projectId}`, token, () =>
    make(cloud, draft, token, (made) => {
      parts = made;
    }),
  );
  try {
    const [server, facts] = await Promise.all([readServer(cloud, id), known(cloud)]);
    const machine: Machine = parts
      ? { server, ...parts, attachments: await attachmentsOf(cloud, id, draft.links.flatMap(volumeOf)) }
      : await readMachine(cloud, id);
    return inOrder(toCompute(cloud, facts, machine), draft.links, 'start');
  } catch (error) {
    cloud.tokens.forget(id);
    throw parts || isFailure(error, 'notFound') ? notReadYet(error) : error;
  }
}

const volumeOf = ({ target }: Draft<'compute'>['links'][number]): NativeId[] =>
  target.kind === 'storage' ? [target.id] : [];
