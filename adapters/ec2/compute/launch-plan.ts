/** Converts a draft to the input of RunInstances, after checking everything that can be refused. */
import type { Draft } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { MIXINS } from '../../../lib/occi/mixins/index.ts';
import { type Attributes, typeId } from '../../../lib/occi/types.ts';
import type { InputOf } from '../api/call-types.ts';
import { type Cloud, TAG, tagsFor } from '../cloud.ts';
import { architectureOf, nativeArchitecture } from '../machine/architectures.ts';
import { imageAmong, zoneAmong } from '../mixins.ts';
import type { Tag } from '../native/index.ts';
import { type InterfacePlan, planInterfaces } from '../network/interface-links.ts';
import { addressTags } from '../network/pending-addresses.ts';
import { linkedGroups } from '../securitygroup/reads.ts';
import { planStorages } from '../storage/pending-links.ts';
import { userDataOf } from './contextualization.ts';
import { type ImageFacts, imageFacts } from './image-facts.ts';
import { mixinsTag } from './kept-mixins.ts';
import { groupsOfLaunch, type LaunchGroups } from './launch-groups.ts';
import { fixedZone, type Place, placementOf } from './placement.ts';
import { presetSubnet } from './preset-subnet.ts';
import { typeOfNew } from './sizing.ts';

export type Input = InputOf<'RunInstances'>;
type Mapping = NonNullable<Input['BlockDeviceMappings']>[number];

/** Devices reserved for root disks (EC2 User Guide, Device names), whatever name the image uses. */
const ROOT_DEVICES = ['/dev/sda1', '/dev/xvda'];

/** The image of a draft. Throws `invalid` if neither the draft nor the settings name one. */
function imageOf({ settings }: Cloud, { mixins }: Draft<'compute'>): string {
  const image = imageAmong(mixins) ?? settings.images.default;
  if (image !== undefined) return image;
  throw new OcciError('invalid', `A compute needs an OS template: a mixin that depends on ${typeId(MIXINS.os_tpl)}.`);
}

/** The facts of the image. Throws `conflict` if the draft asks for another architecture. */
async function factsOf(cloud: Cloud, image: string, asked: string | undefined): Promise<ImageFacts> {
  const facts = await imageFacts(cloud, image);
  if (asked !== undefined && facts.architecture !== undefined && facts.architecture !== asked) {
    const called = architectureOf(facts.architecture) ?? facts.architecture;
    throw new OcciError('conflict', `The OS template is for the architecture ${called} (occi.compute.architecture).`);
  }
  return facts;
}

/**
 * Overrides for the disks of the image: encrypted as the settings say, also where their snapshots are encrypted with
 * another key, and deleted with the instance, of which they are part. Types and sizes stay those of the image, except
 * that the root volume of an instance that can hibernate needs room for its memory. Never turns off the encryption by default of an account.
 */
function disksOf({ settings, types }: Cloud, facts: ImageFacts, type: string): Mapping[] {
  const { encrypted, hibernation, volumeKey } = settings;
  const { root, size, data } = facts;
  const withKey = { Encrypted: true, ...(volumeKey !== undefined && { KmsKeyId: volumeKey }) };
  const sized = (VolumeSize: number | undefined) => (VolumeSize === undefined ? {} : { VolumeSize });
  const others = data.map(({ device, size: own }) => ({
    DeviceName: device,
    Ebs: { DeleteOnTermination: true, ...(encrypted && withKey), ...sized(own) },
  }));
  if (root === undefined || !(encrypted || hibernation)) return others;
  const memory = types.get(type)?.memory;
  const room = hibernation && size !== undefined && memory !== undefined ? size + Math.ceil(memory) : undefined;
  return [{ DeviceName: root, Ebs: { DeleteOnTermination: true, ...withKey, ...sized(room ?? size) } }, ...others];
}

/** The size of the type that a launch would choose. A draft for an existing instance names its architecture, and no image. */
export async function sizeOfLaunch(
  cloud: Cloud,
  { attributes, mixins }: Pick<Draft<'compute'>, 'attributes' | 'mixins'>,
): Promise<Attributes> {
  const asked = nativeArchitecture(attributes['occi.compute.architecture']);
  const image = imageAmong(mixins) ?? (asked === undefined ? cloud.settings.images.default : undefined);
  const facts = image === undefined ? undefined : await factsOf(cloud, image, asked);
  const type = await typeOfNew(cloud, { attributes, mixins, architecture: facts?.architecture ?? asked });
  const size = cloud.types.get(type);
  return size ? { 'occi.compute.cores': size.cores, 'occi.compute.memory': size.memory } : {};
}

/** Maximum number of tags of a resource (EC2 User Guide, Tag restrictions). */
const MAX_TAGS = 50;

/** The tags of the instance. Throws `conflict` if there are too many links for them. */
function tagsOfMachine(cloud: Cloud, draft: Draft<'compute'>, token: string, ofLinks: readonly Tag[]): Tag[] {
  const kept = mixinsTag(draft.mixins.map(typeId));
  const own = [...tagsFor(cloud, token, draft), ...(kept ? [kept] : [])];
  const most = MAX_TAGS - own.length;
  if (ofLinks.length <= most) return [...own, ...ofLinks];
  throw new OcciError(
    'conflict',
    `A compute can be made with at most ${most} links to storages and ipreservations, and these are ${ofLinks.length}: link some later.`,
  );
}

/** Tags for everything that a launch creates. Only the instance has the token; disks and interfaces name the tenant. */
function specificationsOf({ account }: Cloud, { tags }: Plan): Input['TagSpecifications'] {
  const own = [{ Key: TAG.tenant, Value: account.tenant }];
  return [
    { ResourceType: 'instance', Tags: [...tags] },
    { ResourceType: 'volume', Tags: own },
    { ResourceType: 'network-interface', Tags: own },
  ];
}

/** A checked launch, with the values that the links and the settings determine. */
export interface Plan {
  readonly image: string;
  readonly type: string;
  readonly disks: Mapping[];
  readonly groups: LaunchGroups;
  readonly interfaces: InterfacePlan;
  readonly tags: readonly Tag[];
  readonly place: Place;
  /** True if one of its networks has no IPv4. */
  readonly ipv6Only: boolean;
}

/**
 * Checks everything that a launch depends on. Creates nothing except the tenant's default security group if it is
 * missing, as the last step. Up to 1 call each for the image and for types that are not cached, and those that read the
 * targets of the links and of the settings. Throws `invalid` naming the attribute or the mixin, `conflict` naming
 * zones.
 */
export async function planLaunch(cloud: Cloud, draft: Draft<'compute'>, token: string): Promise<Plan> {
  const { attributes, mixins, links } = draft;
  const image = imageOf(cloud, draft);
  const asked = nativeArchitecture(attributes['occi.compute.architecture']);
  const [facts, linked] = await Promise.all([factsOf(cloud, image, asked), linkedGroups(cloud, links)]);
  const type = await typeOfNew(cloud, { attributes, mixins, architecture: facts.architecture ?? asked });
  const interfaces = await planInterfaces(cloud, links, []);
  const reasons = { asked: zoneAmong(mixins), networks: interfaces.zone };
  const storages = await planStorages(cloud, links, fixedZone(cloud.settings, reasons), [
    ...ROOT_DEVICES,
    ...facts.devices,
  ]);
  const place = placementOf(cloud.settings, reasons, storages.zone);
  const tags = tagsOfMachine(cloud, draft, token, [...storages.tags, ...addressTags(interfaces.addresses)]);
  const disks = disksOf(cloud, facts, type);
  const preset = place.subnet === undefined ? undefined : await presetSubnet(cloud);
  const groups = await groupsOfLaunch(cloud, linked, interfaces.vpc);
  const ipv6Only = interfaces.ipv6Only || (preset?.ipv6Only ?? false);
  return { image, type, disks, groups, interfaces, tags, place, ipv6Only };
}

/**
 * IMDSv2 only: a server-side request forgery in the guest cannot read the metadata without a session token. A guest
 * without IPv4 reaches the metadata, with its key and user data, only over IPv6, which is off by default.
 */
const metadataOptions = ({ ipv6Only }: Plan): Input['MetadataOptions'] => ({
  HttpTokens: 'required',
  ...(ipv6Only && { HttpProtocolIpv6: 'enabled' }),
});

/** For burstable types; EC2 refuses it for others (InstanceCreditSpecification.NotSupported). */
const creditOptions = ({ settings, types }: Cloud, { type }: Plan): Pick<Input, 'CreditSpecification'> =>
  types.get(type)?.burstable ? { CreditSpecification: { CpuCredits: settings.cpuCredits } } : {};

/** The input of RunInstances, without the token and the key. */
export function inputOf(cloud: Cloud, draft: Draft<'compute'>, plan: Plan): Input {
  const { image, type, disks, interfaces, place } = plan;
  const groups = [...plan.groups.ids];
  const userData = userDataOf(draft.attributes);
  const { specifications } = interfaces;
  return {
    ImageId: image,
    InstanceType: type as NonNullable<Input['InstanceType']>,
    MinCount: 1,
    MaxCount: 1,
    MetadataOptions: metadataOptions(plan),
    ...creditOptions(cloud, plan),
    TagSpecifications: specificationsOf(cloud, plan),
    ...(disks.length > 0 && { BlockDeviceMappings: disks }),
    ...(userData !== undefined && { UserData: userData }),
    ...(cloud.settings.hibernation && { HibernationOptions: { Configured: true } }),
    ...(place.zone !== undefined && { Placement: { AvailabilityZone: place.zone } }),
    ...(specifications.length > 0
      ? { NetworkInterfaces: specifications.map((one) => ({ ...one, ...(groups.length > 0 && { Groups: groups }) })) }
      : {
          ...(place.subnet !== undefined && { SubnetId: place.subnet }),
          // EC2 gives an address without being asked only where the subnet has IPv4 or says so.
          ...(plan.ipv6Only && { Ipv6AddressCount: 1 }),
          ...(groups.length > 0 && { SecurityGroupIds: groups }),
        }),
  };
}
