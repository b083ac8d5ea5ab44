import { notFound } from './ids.ts';
import { stateOf } from './instances.ts';
import { invalidValue, Refusal } from './refusal.ts';
import { answerOf, type Rule, type Rules } from './rule.ts';
import type { Site } from './site.ts';
import { attachmentOf, modificationOf } from './views.ts';
import { all, at, type Element, element, put, textAt } from './xml.ts';

/** How often a volume may be modified in which time, in milliseconds [documented: ModifyVolume]. */
const MODIFICATIONS = { most: 4, within: 24 * 3_600_000 };

const create: Rule = {
  check: async (call, site) => {
    const zone = call.get('AvailabilityZone');
    const zones = await site.upstream.ask(call.asking('DescribeAvailabilityZones', {}));
    if (!all(zones, 'availabilityZoneInfo', 'item').some((one) => textAt(one, 'zoneName') === zone)) {
      throw new Refusal('InvalidZone.NotFound', `The zone '${zone}' does not exist.`);
    }
    const size = call.get('Size');
    if (size && !(Number(size) >= 1 && Number(size) <= 65_536))
      throw invalidValue(`Volume of ${size}GiB is not allowed.`);
  },
  after: async (_, answer, site) => {
    put(answer, element('status', 'creating'));
    await site.passing.begin(textAt(answer, 'volumeId'), 'creating', site.settings.creating);
  },
};

const attach: Rule = {
  check: async (call, site) => {
    const [id, device] = [call.get('VolumeId'), call.get('Device')];
    const volume = await site.one(call, id);
    const instance = await site.one(call, call.get('InstanceId'));
    checkAttachable(volume, instance);
    const taken = all(instance, 'blockDeviceMapping', 'item').map((item) => textAt(item, 'deviceName'));
    if (taken.includes(device)) {
      throw invalidValue(`Invalid value '${device}' for unixDevice. Attachment point ${device} is already in use`);
    }
    if (!/^(\/dev\/)?(sd|xvd|hd)[a-z]{1,2}\d{0,2}$/.test(device)) {
      throw invalidValue(
        `Value (${device}) for parameter device is invalid. ${device} is not a valid EBS device name.`,
      );
    }
  },
  after: async (call, answer, site) => {
    put(answer, element('status', 'attaching'));
    await site.passing.begin(attachmentOf(call.get('VolumeId')), 'attaching', site.settings.attaching);
  },
};

const checkAttachable = (volume: Element, instance: Element): void => {
  const [id, machine] = [textAt(volume, 'volumeId'), textAt(instance, 'instanceId')];
  const state = textAt(volume, 'status');
  if (state === 'in-use') throw new Refusal('VolumeInUse', `${id} is already attached to an instance`);
  if (state !== 'available') throw new Refusal('IncorrectState', `${id} is not 'available'.`);
  if (stateOf(instance) === 'terminated') throw notFound(machine);
  if (!['running', 'stopped'].includes(stateOf(instance))) {
    throw new Refusal('IncorrectState', `Instance '${machine}' is not 'running'.`);
  }
  if (textAt(volume, 'availabilityZone') !== textAt(instance, 'placement', 'availabilityZone')) {
    throw new Refusal(
      'InvalidVolume.ZoneMismatch',
      `The volume '${id}' is not in the same availability zone as instance '${machine}'`,
    );
  }
};

/** The emulator needs InstanceId, EC2 does not; it is done when `detaching` is over. */
const detach: Rule = {
  carry: async (call, site) => {
    const id = call.get('VolumeId');
    const attachment = at(await site.one(call, id), 'attachmentSet', 'item');
    if (!attachment) throw new Refusal('IncorrectState', `Volume '${id}' is in the 'available' state.`);
    const [machine, device] = [textAt(attachment, 'instanceId'), textAt(attachment, 'device')];
    const asked = { InstanceId: machine, Device: device, ...Object.fromEntries(call.params) };
    if (asked.InstanceId !== machine || asked.Device !== device) {
      throw new Refusal('InvalidAttachment.NotFound', `'${id}' is not attached so.`);
    }
    const instance = await site.one(call, machine);
    if (textAt(instance, 'rootDeviceName') === device && stateOf(instance) !== 'stopped') {
      throw new Refusal('OperationNotPermitted', `Unable to detach root volume '${device}' from instance '${machine}'`);
    }
    const under = attachmentOf(id);
    if (site.passing.of(under) !== 'detaching') {
      const done = call.asking('DetachVolume', { VolumeId: id, InstanceId: machine, Device: device });
      await site.passing.begin(under, 'detaching', site.settings.detaching, async () => {
        await site.upstream.ask(done);
        site.known.forget([id]);
      });
    }
    put(attachment, element('status', 'detaching'));
    return answerOf('DetachVolume', attachment.children);
  },
};

const remove: Rule = {
  check: async (call, site) => {
    const id = call.get('VolumeId');
    const volume = await site.one(call, id);
    if (textAt(volume, 'status') === 'creating')
      throw new Refusal('IncorrectState', `Volume '${id}' is in the 'creating' state.`);
    const machine = textAt(volume, 'attachmentSet', 'item', 'instanceId');
    if (machine) throw new Refusal('VolumeInUse', `Volume ${id} is currently attached to ${machine}`);
  },
};

/** The message says when the next modification is possible [documented; its wording is not]. */
const checkRate = (id: string, site: Site): void => {
  const oldest = site.modified.get(id)?.[MODIFICATIONS.most - 1];
  if (!site.settings.modificationRate || oldest === undefined) return;
  const wait = oldest + MODIFICATIONS.within - site.clock.now();
  if (wait <= 0) return;
  throw new Refusal(
    'VolumeModificationRateExceeded',
    `You've reached the maximum modification rate per volume limit. The next is possible at ${new Date(Date.now() + wait).toISOString()}.`,
  );
};

const modify: Rule = {
  check: async (call, site) => {
    const id = call.get('VolumeId');
    const volume = await site.one(call, id);
    const [had, wanted] = [Number(textAt(volume, 'size')), call.get('Size')];
    if (textAt(volume, 'status') === 'creating')
      throw new Refusal('IncorrectState', `Volume '${id}' is in the 'creating' state.`);
    if (wanted && Number(wanted) < had)
      throw invalidValue(`New size cannot be smaller than existing size (${had} GiB)`);
    if (site.passing.of(modificationOf(id)) === 'modifying') {
      throw new Refusal('IncorrectModificationState', `Volume '${id}' has a modification that is not complete.`);
    }
    checkRate(id, site);
  },
  after: async (call, _, site) => {
    const id = call.get('VolumeId');
    site.modified.set(id, [site.clock.now(), ...(site.modified.get(id) ?? [])]);
    await site.passing.begin(modificationOf(id), 'modifying', site.settings.modifying);
  },
};

export const VOLUMES: Rules = {
  CreateVolume: create,
  AttachVolume: attach,
  DetachVolume: detach,
  DeleteVolume: remove,
  ModifyVolume: modify,
};
