/** What the emulator shows otherwise than EC2 does, put right in the items of its answers. */
import type { ListingName } from './listings.ts';
import { ELASTIC, type Site } from './site.ts';
import { all, at, copy, type Element, element, put, remove, textAt } from './xml.ts';

const STATE_CODES: Readonly<Record<string, number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

export const stateElement = (name: string, state: string): Element =>
  element(name, [element('code', String(STATE_CODES[state])), element('name', state)]);

/**
 * Elastic addresses are the caller's; what AWS lends belongs to `amazon` [known]. The emulator calls all of them the
 * caller's.
 */
const showOwner = (holder: Element): void => {
  for (const association of all(holder, 'association')) {
    if (!textAt(association, 'publicIp').startsWith(ELASTIC)) put(association, element('ipOwnerId', 'amazon'));
  }
};

const showAttachment = (nic: Element, site: Site): void => {
  const attachment = at(nic, 'attachment');
  if (!attachment) return;
  const said = site.deleteOnTermination.get(textAt(attachment, 'attachmentId'));
  if (said !== undefined) put(attachment, element('deleteOnTermination', String(said)));
  const passing = site.passing.of(textAt(nic, 'networkInterfaceId'));
  if (passing) put(attachment, element('status', passing));
};

/** The emulator leaves an interface that outlives its instance attached to what is terminated. */
const showFreed = (nic: Element, site: Site): void => {
  if (!site.terminated.has(textAt(nic, 'attachment', 'instanceId'))) return;
  remove(nic, 'attachment');
  put(nic, element('status', 'available'));
};

const showInterface = (nic: Element, site: Site): void => {
  showFreed(nic, site);
  showAttachment(nic, site);
  for (const holder of [nic, ...all(nic, 'privateIpAddressesSet', 'item')]) showOwner(holder);
};

const showState = (instance: Element, site: Site, id: string): string => {
  const passing = site.passing.of(id);
  if (passing) put(instance, stateElement('instanceState', passing));
  const state = passing ?? textAt(instance, 'instanceState', 'name');
  if (!textAt(instance, 'stateReason', 'code')) remove(instance, 'stateReason');
  const died = state === 'terminated' || state === 'shutting-down' ? site.reasons.get(id) : undefined;
  if (died) put(instance, element('stateReason', [element('code', died.code), element('message', died.message)]));
  if (site.hibernated.has(id) && ['stopping', 'stopped'].includes(state)) {
    const code = 'Client.UserInitiatedHibernate';
    const message = `${code}: User initiated hibernate`;
    put(instance, element('stateReason', [element('code', code), element('message', message)]));
  }
  return state;
};

const showInstance = (instance: Element, site: Site): void => {
  const state = showState(instance, site, textAt(instance, 'instanceId'));
  if (!at(instance, 'hibernationOptions', 'configured')) {
    put(instance, element('hibernationOptions', [element('configured', 'false')]));
  }
  if (state === 'terminated') {
    for (const name of ['networkInterfaceSet', 'blockDeviceMapping', 'groupSet']) put(instance, element(name));
    return;
  }
  for (const nic of all(instance, 'networkInterfaceSet', 'item')) {
    showInterface(nic, site);
    // The groups of an instance are those of its first interface; the emulator keeps them apart.
    const groups = at(nic, 'groupSet');
    if (groups && textAt(nic, 'attachment', 'deviceIndex') === '0') put(instance, copy(groups));
  }
  for (const ebs of all(instance, 'blockDeviceMapping', 'item', 'ebs')) {
    const passing = site.passing.of(attachmentOf(textAt(ebs, 'volumeId')));
    if (passing) put(ebs, element('status', passing));
  }
};

/** Under this the passing states of a volume's attachment are known; under its id are those of the volume itself. */
export const attachmentOf = (volume: string): string => `attachment of ${volume}`;
export const modificationOf = (volume: string): string => `modification of ${volume}`;

const showVolume = (volume: Element, site: Site): void => {
  const id = textAt(volume, 'volumeId');
  const passing = site.passing.of(id);
  if (passing) put(volume, element('status', passing));
  const attaching = site.passing.of(attachmentOf(id));
  for (const attachment of all(volume, 'attachmentSet', 'item')) {
    if (attaching) put(attachment, element('status', attaching));
  }
};

/** How an item of a listing is shown. */
const VIEWS: { readonly [A in ListingName]?: (item: Element, site: Site) => void } = {
  DescribeInstances: showInstance,
  DescribeVolumes: showVolume,
  DescribeNetworkInterfaces: showInterface,
  DescribeImages: (image, site) => {
    if (site.passing.of(textAt(image, 'imageId'))) put(image, element('imageState', 'pending'));
  },
  DescribeSnapshots: (snapshot, site) => {
    if (!site.passing.of(textAt(snapshot, 'snapshotId'))) return;
    put(snapshot, element('status', 'pending'));
    put(snapshot, element('progress', '0%'));
  },
  DescribeVolumesModifications: (modification, site) => {
    if (!site.passing.of(modificationOf(textAt(modification, 'volumeId')))) return;
    put(modification, element('modificationState', 'modifying'));
    put(modification, element('progress', '0'));
  },
};

export const show = (action: ListingName, item: Element, site: Site): void => VIEWS[action]?.(item, site);
