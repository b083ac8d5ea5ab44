/** What a draft of a compute asks of Nova, checked before anything is made. */
import { KEY_NAME } from '../../../lib/adapter/contextualization.ts';
import type { Draft, LinkDraft, NativeId } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { KindTerm } from '../../../lib/occi/kinds/index.ts';
import { MIXINS } from '../../../lib/occi/mixins/index.ts';
import { typeId } from '../../../lib/occi/types.ts';
import { readImage } from '../catalogue/images.ts';
import { type Cloud, isUuid } from '../cloud.ts';
import { KEY } from '../machine/labels.ts';
import { portPlan } from '../machine/own-ports.ts';
import { imageAmong, zoneAmong } from '../mixins.ts';
import type { Flavor } from '../native/catalogue.ts';
import { defaultNetwork } from '../network/default-network.ts';
import { requireNoPool } from '../network/floating-addresses.ts';
import { DEVICE, deviceOf } from '../storage/volume-links.ts';
import { architectureOf, FIRST_BOOT } from './entity.ts';
import { flavorFor } from './flavor-choice.ts';
import { type WantedKey, wantedKey } from './keys.ts';
import { profileAmong, profileMetadata } from './profile-size.ts';
import { isHeld } from './texts.ts';
import { nativeUserData } from './user-data.ts';

const HOSTNAME = 'occi.compute.hostname';
const ARCHITECTURE = 'occi.compute.architecture';

interface PlannedVolume {
  readonly id: NativeId;
  readonly device: string | undefined;
}

/** A checked draft. */
export interface Plan {
  readonly image: NativeId;
  readonly flavor: Flavor;
  readonly key: WantedKey | undefined;
  readonly userData: string | undefined;
  readonly zone: string | undefined;
  readonly hostname: string | undefined;
  readonly ports: readonly ReturnType<typeof portPlan>[];
  /** True if the network is the setting's and not the draft's. */
  readonly isDefaultNetwork: boolean;
  /** Links to reserved addresses. */
  readonly addresses: readonly LinkDraft[];
  readonly volumes: readonly PlannedVolume[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** The image of a draft. Throws `invalid` if neither the draft nor the settings name one. */
export function imageOf({ settings }: Cloud, { mixins }: Pick<Draft<'compute'>, 'mixins'>): NativeId {
  const image = imageAmong(mixins) ?? settings.defaultOsTemplate;
  if (image !== undefined) return image;
  throw new OcciError('invalid', `A compute needs an OS template: a mixin that depends on ${typeId(MIXINS.os_tpl)}.`);
}

/** Hostnames of Nova up to 2.93; from 2.94 on it takes domains too. */
const HOST = /^[A-Za-z0-9][A-Za-z0-9-]{0,61}[A-Za-z0-9]$/;
const DOMAIN = /^[A-Za-z0-9._-]{1,255}$/;

/** The hostname, checked. Throws `notImplemented` for a cloud that cannot be told one, `invalid` for one that it refuses. */
export async function hostnameOf({ client }: Cloud, value: unknown): Promise<string | undefined> {
  if (typeof value !== 'string') return undefined;
  if (!(await client.knows('compute', '2.90')))
    throw new OcciError('notImplemented', `This release of OpenStack cannot be told a hostname (${HOSTNAME}).`);
  if (HOST.test(value)) return value;
  if (DOMAIN.test(value) && (await client.knows('compute', '2.94'))) return value;
  throw new OcciError('invalid', `The value of ${HOSTNAME} is not a hostname that this cloud accepts.`);
}

/** What is kept of an architecture that the image does not tell. Throws `conflict` if it tells another. */
async function architectureMetadata(
  cloud: Cloud,
  image: NativeId,
  asked: unknown,
): Promise<Readonly<Record<string, string>>> {
  if (typeof asked !== 'string') return {};
  const said = architectureOf(await readImage(cloud, image));
  if (said === undefined) return { [KEY.architecture]: asked };
  if (said === asked) return {};
  throw new OcciError('conflict', `The OS template is for another architecture than ${asked} (${ARCHITECTURE}).`);
}

const targetsOf = (links: readonly LinkDraft[], kind: KindTerm): readonly NativeId[] =>
  links.filter(({ target }) => target.kind === kind).map(({ target }) => target.id);

/** Throws `invalid` for an end of a link that cannot be there, since a native id has another form. */
function requireTargets(links: readonly LinkDraft[]): void {
  const wrong = links.find(({ target }) => !isUuid(target.id));
  if (wrong) throw new OcciError('invalid', `There is no such ${wrong.target.kind}.`);
}

/** A volume, and the device that is wished for it: Nova takes that for a hint. */
const volumeOf = ({ target, attributes }: LinkDraft): PlannedVolume => {
  const wish = attributes[DEVICE];
  return { id: target.id, device: deviceOf(typeof wish === 'string' ? wish : undefined) };
};

function requirePorts(links: readonly LinkDraft[], networks: number): void {
  const needing = links.find(({ target }) => target.kind === 'securitygroup' || target.kind === 'ipreservation');
  if (!needing || networks > 0) return;
  throw new OcciError(
    'invalid',
    `A compute without a networkinterface to a network can be linked to no ${needing.target.kind}: link it to a network as well.`,
  );
}

const isToNetwork = ({ target }: LinkDraft): boolean => target.kind === 'network';

/** The links to networks, or one to the default network if there is any. */
async function networksOf(cloud: Cloud, links: readonly LinkDraft[]): Promise<readonly LinkDraft[]> {
  const networks = links.filter(isToNetwork);
  const id = networks.length === 0 ? await defaultNetwork(cloud) : undefined;
  if (id === undefined) return networks;
  return [{ kind: 'networkinterface', attributes: {}, mixins: [], target: { kind: 'network', id } }];
}

/**
 * Checks a draft: no call within five minutes of the last, but that of the default network, and of an image that is new.
 * Throws `invalid`, `conflict` or `notImplemented`.
 */
export async function planOf(cloud: Cloud, draft: Draft<'compute'>): Promise<Plan> {
  const { attributes, mixins, links } = draft;
  const image = imageOf(cloud, draft);
  const userData = nativeUserData(attributes);
  const key = wantedKey(attributes);
  requireTargets(links);
  for (const link of links) requireNoPool(link.mixins);
  const networks = await networksOf(cloud, links);
  requirePorts(links, networks.length);
  const groups = [...new Set(targetsOf(links, 'securitygroup'))];
  const ports = networks.map((link) => portPlan(link, groups));
  const [flavor, hostname, architecture] = await Promise.all([
    flavorFor(cloud, { attributes, mixins, image }),
    hostnameOf(cloud, attributes[HOSTNAME]),
    architectureMetadata(cloud, image, attributes[ARCHITECTURE]),
  ]);
  const booted = FIRST_BOOT.filter((name) => mixins.some((mixin) => typeId(mixin) === typeId(MIXINS[name])));
  return {
    image,
    flavor,
    key,
    userData,
    zone: zoneAmong(mixins),
    hostname,
    ports,
    isDefaultNetwork: ports.length > 0 && !links.some(isToNetwork),
    addresses: links.filter(({ target }) => target.kind === 'ipreservation'),
    volumes: links.filter(({ target }) => target.kind === 'storage').map(volumeOf),
    metadata: {
      ...architecture,
      ...profileMetadata(profileAmong(mixins), flavor),
      ...(booted.length > 0 && { [KEY.mixins]: booted.join(' ') }),
      ...(key?.wish !== undefined && { [KEY.keyName]: keyNameToKeep(key.wish) }),
    },
  };
}

/** Throws `invalid` for the name of a key that no metadata can hold. */
function keyNameToKeep(name: string): string {
  if (isHeld(name)) return name;
  throw new OcciError('invalid', `The value of ${KEY_NAME} has characters that this cloud cannot keep.`);
}
