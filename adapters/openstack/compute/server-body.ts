/** What Nova is sent to make a server: by the microversion that it has. */
import { createHash } from 'node:crypto';
import type { Draft } from '../../../lib/adapter/contract.ts';
import type { Cloud } from '../cloud.ts';
import { KEY, portsMetadata, volumesMetadata } from '../machine/labels.ts';
import { markOf } from '../mark.ts';
import type { Port } from '../native/port.ts';
import type { Plan } from './plan.ts';

const TITLE = 'occi.core.title';
const SUMMARY = 'occi.core.summary';

/** What this cloud's Nova knows of a create. */
export interface Abilities {
  readonly tags: boolean;
  readonly descriptions: boolean;
  readonly hostnames: boolean;
  /** Must be told that a server is to have no network. */
  readonly noNetwork: boolean;
}

/** Reads it: no call but the first time in a process. */
export async function abilitiesOf({ client }: Cloud): Promise<Abilities> {
  const [tags, descriptions, hostnames, noNetwork] = await Promise.all(
    ['2.52', '2.19', '2.90', '2.37'].map((version) => client.knows('compute', version)),
  );
  return { tags: tags!, descriptions: descriptions!, hostnames: hostnames!, noNetwork: noNetwork! };
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

/** Nova makes a hostname of the name, which without a title is our mark. The same create gets the same one. */
const hostnameWithoutTitle = (token: string): string =>
  `compute-${createHash('sha256').update(`hostname ${token}`).digest('hex').slice(0, 12)}`;

/**
 * The server of a draft, without its key. Its token is a tag that Nova finds while the server is still being built; below
 * 2.52, where a create has no tags, it is metadata, which only a listing finds.
 */
export function bodyOf(
  { attributes }: Draft<'compute'>,
  token: string,
  plan: Plan,
  ports: readonly Port[],
  can: Abilities,
) {
  const mark = markOf(token);
  const summary = attributes[SUMMARY];
  const isNamed = attributes[TITLE] !== undefined || !can.hostnames;
  const hostname = plan.hostname ?? (isNamed ? undefined : hostnameWithoutTitle(token));
  const networks = ports.map(({ id }) => ({ port: id }));
  return {
    name: attributes[TITLE] ?? mark,
    imageRef: plan.image,
    flavorRef: plan.flavor.id,
    networks: networks.length === 0 && can.noNetwork ? 'none' : networks,
    metadata: {
      ...plan.metadata,
      ...portsMetadata(ports.map(({ id }) => id)),
      ...volumesMetadata(plan.volumes.map(({ id }) => id)),
      ...(!can.tags && { [KEY.token]: mark }),
      ...(summary !== undefined && !can.descriptions && { [KEY.summary]: summary }),
    },
    ...(can.tags && { tags: [mark] }),
    ...(summary !== undefined && can.descriptions && { description: summary }),
    ...(hostname !== undefined && { hostname }),
    ...(plan.zone !== undefined && { availability_zone: plan.zone }),
    ...(plan.userData !== undefined && { user_data: plan.userData }),
    ...(plan.volumes.length > 0 && { block_device_mapping_v2: disksOf(plan) }),
  };
}
