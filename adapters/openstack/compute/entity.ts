/** Machines as computes. */
import { KEY_NAME } from '../../../lib/adapter/contextualization.ts';
import type { Native } from '../../../lib/adapter/contract.ts';
import { MIXINS } from '../../../lib/occi/mixins/index.ts';
import { type Attributes, typeId } from '../../../lib/occi/types.ts';
import { readFlavors } from '../catalogue/flavors.ts';
import { readZones } from '../catalogue/zones.ts';
import { type Cloud, linkId } from '../cloud.ts';
import { isGivenKey, isOurs, KEY } from '../machine/labels.ts';
import type { Machine } from '../machine/machine.ts';
import { isHostnameOfMark, isMark } from '../mark.ts';
import { flavorAttributes, flavorMixinId, imageMixinId, isFlavorMixin, regionMixinId, zoneMixinId } from '../mixins.ts';
import type { Flavor } from '../native/catalogue.ts';
import type { Server } from '../native/server.ts';
import { toNetworkinterfaces } from '../network/networkinterface.ts';
import { toSecuritygrouplinks } from '../securitygroup/securitygrouplink.ts';
import { computeState } from '../states.ts';
import { toStoragelinks } from '../storage/storagelink.ts';
import { profileSizeOf } from './profile-size.ts';

/** Mixins whose attributes only the first boot reads; a server remembers that it had them. */
export const FIRST_BOOT = ['ssh_key', 'public_key', 'user_data', 'openstack_user_data'] as const;
export type FirstBoot = (typeof FIRST_BOOT)[number];

/** The mixins for the first boot that a server was made with. */
export const firstBootOf = ({ metadata }: Pick<Server, 'metadata'>): readonly FirstBoot[] => {
  const names = (metadata[KEY.mixins] ?? '').split(' ');
  return FIRST_BOOT.filter((name) => names.includes(name));
};

/** Nova's and Glance's names of architectures. */
const ARCHITECTURES: ReadonlyMap<string, 'x64' | 'x86'> = new Map([
  ['x86_64', 'x64'],
  ['amd64', 'x64'],
  ['i386', 'x86'],
  ['i486', 'x86'],
  ['i586', 'x86'],
  ['i686', 'x86'],
]);

interface WithArchitecture {
  readonly hw_architecture?: string | null | undefined;
  readonly architecture?: string | null | undefined;
}

/** What an image says of its architecture, as OCCI has it; undefined for one that is silent, null for another one. */
export function architectureOf(image: WithArchitecture | undefined): 'x64' | 'x86' | null | undefined {
  const said = image?.hw_architecture || image?.architecture;
  return said ? (ARCHITECTURES.get(said.toLowerCase()) ?? null) : undefined;
}

/** What a server's image said, or else what was asked for. */
function architectureOfServer({ image, metadata }: Server): string | undefined {
  const said = image ? architectureOf(image.properties) : undefined;
  return said === undefined ? metadata[KEY.architecture] : (said ?? undefined);
}

/** What of the catalogue a compute shows. */
export interface Known {
  readonly flavors: readonly Flavor[];
  /** The zone of the cloud, if it has only one. */
  readonly onlyZone: string | undefined;
  readonly region?: string | undefined;
}

/** Reads it: no call within five minutes of the last. */
export async function known(cloud: Cloud): Promise<Known> {
  const [{ region }, flavors, zones] = await Promise.all([cloud.session(), readFlavors(cloud), readZones(cloud)]);
  return { flavors, onlyZone: zones.length === 1 ? zones[0] : undefined, region };
}

/** The flavor of a server; Nova tells its id up to 2.46, its name, which is unique, from 2.47 on. */
export const flavorOf = ({ flavor }: Pick<Server, 'flavor'>, flavors: readonly Flavor[]): Flavor | undefined =>
  flavors.find(({ id, name }) => (flavor.id === undefined ? name === flavor.original_name : id === flavor.id));

/** The zone that a server is in; while its host is still to be found, the one that it can only be in. */
const zoneOf = (server: Server, { onlyZone }: Known): string | undefined =>
  server['OS-EXT-AZ:availability_zone'] || (server.status === 'BUILD' ? onlyZone : undefined);

/** Type identifier of its size, of which a compute has one: that of the profile that it was asked for, or its flavor. */
const sizeOf = (server: Server, flavor: Flavor): string => profileSizeOf(server, flavor) ?? flavorMixinId(flavor.id);

function mixinsOf(server: Server, flavor: Flavor | undefined, known: Known): string[] {
  const { region } = known;
  const zone = zoneOf(server, known);
  return [
    ...(server.image ? [imageMixinId(server.image.id)] : []),
    ...(flavor ? [sizeOf(server, flavor)] : []),
    ...(zone ? [zoneMixinId(zone)] : []),
    ...(region === undefined ? [] : [regionMixinId(region)]),
    ...firstBootOf(server).map((name) => typeId(MIXINS[name])),
  ];
}

/** A machine as a compute. */
export function toCompute(known: Known, machine: Machine): Native<'compute'> {
  const { server } = machine;
  const flavor = flavorOf(server, known.flavors);
  const { vcpus = flavor?.vcpus, ram = flavor?.ram } = server.flavor;
  const { state, message = machine.missing } = computeState(server);
  const architecture = architectureOfServer(server);
  const summary = server.description ?? server.metadata[KEY.summary];
  const hostname = server['OS-EXT-SRV-ATTR:hostname'];
  const keyName = server.metadata[KEY.keyName] ?? server.key_name;
  const attributes: Attributes = {
    ...(server.name !== '' && !isMark(server.name) && { 'occi.core.title': server.name }),
    // Below 2.19 others' servers get a description that is a copy of the name.
    ...(summary && (isOurs(server) || summary !== server.name) && { 'occi.core.summary': summary }),
    ...(architecture && { 'occi.compute.architecture': architecture }),
    ...(vcpus !== undefined && { 'occi.compute.cores': vcpus }),
    ...(ram !== undefined && { 'occi.compute.memory': ram / 1024 }),
    ...(hostname && !isHostnameOfMark(hostname) && { 'occi.compute.hostname': hostname }),
    ...(flavor && { 'occi.compute.ephemeral_storage.size': flavor.ephemeral }),
    // Only that mixin has them.
    ...(flavor && isFlavorMixin(sizeOf(server, flavor)) && flavorAttributes(flavor)),
    ...(keyName && firstBootOf(server).includes('public_key') && !isGivenKey(keyName) && { [KEY_NAME]: keyName }),
    'occi.compute.state': state,
    ...(message !== undefined && { 'occi.compute.state.message': message }),
  };
  return {
    kind: 'compute',
    id: server.id,
    attributes,
    mixins: mixinsOf(server, flavor, known),
    links: [...toNetworkinterfaces(machine), ...toStoragelinks(machine), ...toSecuritygrouplinks(machine)],
    ...(machine.missing !== undefined && { linksBeginWith: linkId(server.id, '') }),
  };
}
