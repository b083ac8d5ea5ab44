/** A draft as what RunInstances is told, once everything that can be refused is looked at. */
import type { Draft } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { MIXINS } from '../../../lib/occi/mixins/index.ts';
import { typeId } from '../../../lib/occi/types.ts';
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
import { firmZone, type Place, placeOf } from './placement.ts';
import { typeOfNew } from './sizing.ts';

export type Input = InputOf<'RunInstances'>;
type Mapping = NonNullable<Input['BlockDeviceMappings']>[number];

/** Devices that roots of images are at (EC2 User Guide, Device names), whatever the image calls its own. */
const ROOTS = ['/dev/sda1', '/dev/xvda'];

/** The image of a draft. Throws `invalid` where neither it nor the settings name one. */
function imageOf({ settings }: Cloud, { mixins }: Draft<'compute'>): string {
  const image = imageAmong(mixins) ?? settings.images.default;
  if (image !== undefined) return image;
  throw new OcciError('invalid', `A compute needs an OS template: a mixin that depends on ${typeId(MIXINS.os_tpl)}.`);
}

/** What is known of the image. Throws `conflict` where it is not of the architecture that the draft asks for. */
async function factsOf(cloud: Cloud, image: string, asked: string | undefined): Promise<ImageFacts> {
  const facts = await imageFacts(cloud, image);
  if (asked !== undefined && facts.architecture !== undefined && facts.architecture !== asked) {
    const called = architectureOf(facts.architecture) ?? facts.architecture;
    throw new OcciError('conflict', `The OS template is for the architecture ${called} (occi.compute.architecture).`);
  }
  return facts;
}

/**
 * The disks of the image as they are to be: encrypted as the settings want it, and gone with the machine, of which they
 * are part; their types and sizes stay those of the image. An account that encrypts new volumes by itself (EBS
 * encryption by default) loses nothing by it. A machine that hibernates writes its memory to the root volume.
 */
function disksOf({ settings, types }: Cloud, facts: ImageFacts, type: string): Mapping[] {
  const { encrypted, hibernation } = settings;
  const { root, size, data } = facts;
  const sized = (VolumeSize: number | undefined) => (VolumeSize === undefined ? {} : { VolumeSize });
  const others = data.map(({ device, size: own }) => ({
    DeviceName: device,
    Ebs: { DeleteOnTermination: true, ...(encrypted && { Encrypted: true }), ...sized(own) },
  }));
  if (root === undefined || !(encrypted || hibernation)) return others;
  const memory = types.get(type)?.memory;
  const room = hibernation && size !== undefined && memory !== undefined ? size + Math.ceil(memory) : undefined;
  return [{ DeviceName: root, Ebs: { DeleteOnTermination: true, Encrypted: true, ...sized(room ?? size) } }, ...others];
}

/** Tags of one resource (EC2 User Guide, Tag restrictions). */
const MOST_TAGS = 50;

/** The tags of the machine. Throws `conflict` where its links are more than fit in them. */
function tagsOfMachine(cloud: Cloud, draft: Draft<'compute'>, token: string, ofLinks: readonly Tag[]): Tag[] {
  const kept = mixinsTag(draft.mixins.map(typeId));
  const own = [...tagsFor(cloud, token, draft), ...(kept ? [kept] : [])];
  const most = MOST_TAGS - own.length;
  if (ofLinks.length <= most) return [...own, ...ofLinks];
  throw new OcciError(
    'conflict',
    `A compute can be made with at most ${most} links to storages and ipreservations, and these are ${ofLinks.length}: link some later.`,
  );
}

/** Tags of all that a launch makes. Its volumes and interfaces are the tenant's, and not what the token stands for. */
function specificationsOf({ account }: Cloud, { tags }: Plan): Input['TagSpecifications'] {
  const own = [{ Key: TAG.tenant, Value: account.tenant }];
  return [
    { ResourceType: 'instance', Tags: [...tags] },
    { ResourceType: 'volume', Tags: own },
    { ResourceType: 'network-interface', Tags: own },
  ];
}

/** What the links and the settings make of a draft. */
export interface Plan {
  readonly image: string;
  readonly type: string;
  readonly disks: Mapping[];
  readonly groups: LaunchGroups;
  readonly interfaces: InterfacePlan;
  readonly tags: readonly Tag[];
  readonly place: Place;
}

/**
 * Checks everything that a launch depends on; nothing is made but the tenant's own security group where there is none,
 * and that last. Up to 1 call each for the image and for types that this process does not know, and those that look at
 * the targets of links and of the settings. Throws `invalid` naming the attribute or the mixin, `conflict` naming
 * zones.
 */
export async function planned(cloud: Cloud, draft: Draft<'compute'>, token: string): Promise<Plan> {
  const { attributes, mixins, links } = draft;
  const image = imageOf(cloud, draft);
  const asked = nativeArchitecture(attributes['occi.compute.architecture']);
  const [facts, linked] = await Promise.all([factsOf(cloud, image, asked), linkedGroups(cloud, links)]);
  const type = await typeOfNew(cloud, { attributes, mixins, architecture: facts.architecture ?? asked });
  const interfaces = await planInterfaces(cloud, links, []);
  const reasons = { asked: zoneAmong(mixins), networks: interfaces.zone };
  const storages = await planStorages(cloud, links, firmZone(cloud.settings, reasons), [...ROOTS, ...facts.devices]);
  const place = placeOf(cloud.settings, reasons, storages.zone);
  const tags = tagsOfMachine(cloud, draft, token, [...storages.tags, ...addressTags(interfaces.addresses)]);
  const disks = disksOf(cloud, facts, type);
  const groups = await groupsOfLaunch(cloud, linked, interfaces.vpc);
  return { image, type, disks, groups, interfaces, tags, place };
}

/** What RunInstances is told; the token and the key come to it. */
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
    // Only with a session's token does a guest read its metadata: what runs in it cannot be made to give it away by a
    // URL.
    MetadataOptions: { HttpTokens: 'required' },
    TagSpecifications: specificationsOf(cloud, plan),
    ...(disks.length > 0 && { BlockDeviceMappings: disks }),
    ...(userData !== undefined && { UserData: userData }),
    ...(cloud.settings.hibernation && { HibernationOptions: { Configured: true } }),
    ...(place.zone !== undefined && { Placement: { AvailabilityZone: place.zone } }),
    ...(specifications.length > 0
      ? { NetworkInterfaces: specifications.map((one) => ({ ...one, ...(groups.length > 0 && { Groups: groups }) })) }
      : {
          ...(place.subnet !== undefined && { SubnetId: place.subnet }),
          ...(groups.length > 0 && { SecurityGroupIds: groups }),
        }),
  };
}
