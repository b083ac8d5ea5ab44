/** A draft as what RunInstances is told, once everything that can be refused is looked at. */
import type { Draft } from '../../lib/adapter.ts';
import { OcciError } from '../../lib/errors.ts';
import { MIXINS } from '../../lib/occi/mixins/index.ts';
import { typeId } from '../../lib/occi/types.ts';
import { architectureOf, nativeArchitecture } from './architectures.ts';
import type { InputOf } from './client.ts';
import { type Cloud, TAG, tagsFor } from './cloud.ts';
import { userDataOf } from './contextualization.ts';
import { type ImageFacts, imageFacts } from './image-facts.ts';
import { type InterfacePlan, planInterfaces } from './interfaces.ts';
import { mixinsTag } from './kept-mixins.ts';
import { imageAmong, zoneAmong } from './mixins.ts';
import { addressTags } from './pending-addresses.ts';
import { planStorages, type StoragePlan } from './pending-links.ts';
import { firmZone, type Place, placeOf } from './place.ts';
import { groupsAmong } from './securitygroups.ts';
import { typeOfNew } from './sizing.ts';

export type Input = InputOf<'RunInstances'>;

/** Devices that roots of images are at (EC2 User Guide, Device names), where the image's own is not known. */
const ROOTS = ['/dev/sda1', '/dev/xvda'];

/** The image of a draft. Throws `invalid` where neither it nor the settings name one. */
function imageOf({ settings }: Cloud, { mixins }: Draft<'compute'>): string {
  const image = imageAmong(mixins) ?? settings.images.default;
  if (image !== undefined) return image;
  throw new OcciError('invalid', `A compute needs an OS template: a mixin that depends on ${typeId(MIXINS.os_tpl)}.`);
}

/** What is known of the image where something depends on it: the root volume of the settings, or the architecture of the draft. */
async function factsOf(cloud: Cloud, image: string, asked: string | undefined): Promise<ImageFacts> {
  const { encrypted, hibernation } = cloud.settings;
  const facts = encrypted || hibernation || asked !== undefined ? await imageFacts(cloud, image) : {};
  if (asked !== undefined && facts.architecture !== undefined && facts.architecture !== asked) {
    const called = architectureOf(facts.architecture) ?? facts.architecture;
    throw new OcciError('conflict', `The OS template is for the architecture ${called} (occi.compute.architecture).`);
  }
  return facts;
}

/**
 * The root volume as the settings want it; its type stays that of the image. An account that encrypts new volumes by itself
 * (EBS encryption by default) loses nothing by it. A machine that hibernates writes its memory to the root volume.
 */
function rootOf({ settings, types }: Cloud, { root, size }: ImageFacts, type: string): Input['BlockDeviceMappings'] {
  const { encrypted, hibernation } = settings;
  if (root === undefined || !(encrypted || hibernation)) return undefined;
  const memory = types.get(type)?.memory;
  const room = hibernation && size !== undefined && memory !== undefined ? size + Math.ceil(memory) : undefined;
  return [{ DeviceName: root, Ebs: { Encrypted: true, ...(room !== undefined && { VolumeSize: room }) } }];
}

/** Tags of all that a launch makes. Its volumes and interfaces are the tenant's, and not what the token stands for. */
function specificationsOf(
  cloud: Cloud,
  draft: Draft<'compute'>,
  token: string,
  plan: Plan,
): Input['TagSpecifications'] {
  const kept = mixinsTag(draft.mixins.map(typeId));
  const addresses = addressTags(plan.interfaces.addresses);
  const tags = [...tagsFor(cloud, token, draft), ...plan.storageTags, ...(kept ? [kept] : []), ...addresses];
  const own = [{ Key: TAG.tenant, Value: cloud.account.tenant }];
  return [
    { ResourceType: 'instance', Tags: tags },
    { ResourceType: 'volume', Tags: own },
    { ResourceType: 'network-interface', Tags: own },
  ];
}

/** What the links and the settings make of a draft. */
export interface Plan {
  readonly image: string;
  readonly type: string;
  readonly root: Input['BlockDeviceMappings'];
  readonly groups: readonly string[];
  readonly interfaces: InterfacePlan;
  readonly storageTags: StoragePlan['tags'];
  readonly place: Place;
}

/**
 * Checks everything that a launch depends on; nothing is made. Up to 1 call each for the image and for types that this process does not
 * know, and those that look at the targets of links. Throws `invalid` naming the attribute or the mixin, `conflict` naming zones.
 */
export async function planned(cloud: Cloud, draft: Draft<'compute'>, token: string): Promise<Plan> {
  const { attributes, mixins, links } = draft;
  const image = imageOf(cloud, draft);
  const asked = nativeArchitecture(attributes['occi.compute.architecture']);
  const [facts, groups] = await Promise.all([factsOf(cloud, image, asked), groupsAmong(cloud, links)]);
  const type = await typeOfNew(cloud, { attributes, mixins, architecture: facts.architecture ?? asked });
  const interfaces = await planInterfaces(cloud, links, token, groups);
  const reasons = { asked: zoneAmong(mixins), networks: interfaces.zone };
  const taken = facts.root === undefined ? ROOTS : [...ROOTS, facts.root];
  const storages = await planStorages(cloud, links, firmZone(cloud.settings, reasons), taken);
  const place = placeOf(cloud.settings, reasons, storages.zone);
  const root = rootOf(cloud, facts, type);
  return { image, type, root, groups, interfaces, storageTags: storages.tags, place };
}

/** What RunInstances is told; the token and the key come to it. */
export function inputOf(cloud: Cloud, draft: Draft<'compute'>, token: string, plan: Plan): Input {
  const { image, type, root, groups, interfaces, place } = plan;
  const userData = userDataOf(draft.attributes);
  const { specifications } = interfaces;
  return {
    ImageId: image,
    InstanceType: type as NonNullable<Input['InstanceType']>,
    MinCount: 1,
    MaxCount: 1,
    // Only with a session's token does a guest read its metadata: what runs in it cannot be made to give it away by a URL.
    MetadataOptions: { HttpTokens: 'required' },
    TagSpecifications: specificationsOf(cloud, draft, token, plan),
    ...(root && { BlockDeviceMappings: root }),
    ...(userData !== undefined && { UserData: userData }),
    ...(cloud.settings.hibernation && { HibernationOptions: { Configured: true } }),
    ...(place.zone !== undefined && { Placement: { AvailabilityZone: place.zone } }),
    ...(specifications.length > 0
      ? { NetworkInterfaces: [...specifications] }
      : {
          ...(place.subnet !== undefined && { SubnetId: place.subnet }),
          ...(groups.length > 0 && { SecurityGroupIds: [...groups] }),
        }),
  };
}
