import { freeAddresses } from './addresses.ts';
import type { Call } from './call.ts';
import { notFound } from './ids.ts';
import { stateOf } from './instances.ts';
import { invalidValue, Refusal } from './refusal.ts';
import { answerOf, type Rule, type Rules } from './rule.ts';
import type { Site } from './site.ts';
import { all, type Element, element, textAt } from './xml.ts';

/** The emulator makes a group that it does not know. */
const checkGroups = async (call: Call, site: Site): Promise<void> => {
  for (const group of call.list('SecurityGroupId')) await site.one(call, group);
};

const inUse = (id: string): Refusal =>
  new Refusal('InvalidNetworkInterface.InUse', `The network interface '${id}' is currently in use.`);

/** What may be attached where [known, but for the codes]. */
const attach: Rule = {
  check: async (call, site) => {
    const [id, index] = [call.get('NetworkInterfaceId'), call.get('DeviceIndex')];
    const nic = await site.one(call, id);
    const instance = await site.one(call, call.get('InstanceId'));
    if (textAt(nic, 'status') !== 'available') throw inUse(id);
    checkInstance(instance);
    const nics = all(instance, 'networkInterfaceSet', 'item');
    const taken = nics.some((one) => textAt(one, 'attachment', 'deviceIndex') === index);
    const machine = textAt(instance, 'instanceId');
    if (taken)
      throw invalidValue(`Instance '${machine}' already has an interface attached at device index '${index}'.`);
    if (textAt(nic, 'availabilityZone') !== textAt(instance, 'placement', 'availabilityZone')) {
      throw new Refusal(
        'InvalidParameterCombination',
        'You may not attach a network interface to an instance if they are not in the same availability zone',
      );
    }
    await checkCount(call, site, textAt(instance, 'instanceType'), nics.length + 1);
  },
  after: (call, _, site) => site.passing.begin(call.get('NetworkInterfaceId'), 'attaching', site.settings.attaching),
};

const checkInstance = (instance: Element): void => {
  const [id, state] = [textAt(instance, 'instanceId'), stateOf(instance)];
  if (state === 'terminated') throw notFound(id);
  if (['running', 'stopped'].includes(state)) return;
  throw new Refusal('IncorrectState', `Instance '${id}' is not in a valid state: it is '${state}'.`);
};

const checkCount = async (call: Call, site: Site, type: string, count: number): Promise<void> => {
  const [facts] = await site.find(call, 'DescribeInstanceTypes', { 'InstanceType.1': type });
  const most = Number(textAt(facts, 'networkInfo', 'maximumNetworkInterfaces') || 'Infinity');
  if (count > most) {
    throw new Refusal('AttachmentLimitExceeded', `Interface count ${count} exceeds the limit for ${type}`);
  }
};

/** The first interface stays [documented]; others are detached when `detaching` is over. */
const detach: Rule = {
  carry: async (call, site) => {
    const attachment = call.get('AttachmentId');
    const [nic] = await site.find(call, 'DescribeNetworkInterfaces', {
      'Filter.1.Name': 'attachment.attachment-id',
      'Filter.1.Value.1': attachment,
    });
    if (!nic || !textAt(nic, 'attachment', 'attachmentId')) {
      throw new Refusal('InvalidAttachmentID.NotFound', `The attachment ID '${attachment}' does not exist`);
    }
    if (textAt(nic, 'attachment', 'deviceIndex') === '0') {
      throw new Refusal('OperationNotPermitted', 'The network interface at device index 0 cannot be detached.');
    }
    const id = textAt(nic, 'networkInterfaceId');
    if (site.passing.of(id) !== 'detaching') {
      const done = call.asking('DetachNetworkInterface', { AttachmentId: attachment });
      await site.passing.begin(id, 'detaching', site.settings.detaching, async () => {
        await site.upstream.ask(done);
        site.known.forget([id]);
      });
    }
    return answerOf('DetachNetworkInterface', [element('return', 'true')]);
  },
};

const remove: Rule = {
  check: async (call, site) => {
    const id = call.get('NetworkInterfaceId');
    if (textAt(await site.one(call, id), 'status') !== 'available') throw inUse(id);
    await freeAddresses(call, id, site);
  },
};

/** The emulator knows nothing of what becomes of an attached interface with its instance. */
const modify: Rule = {
  carry: async (call, site) => {
    await checkGroups(call, site);
    const said = call.get('Attachment.DeleteOnTermination');
    if (!said) return await site.upstream.call(call);
    const nic = await site.one(call, call.get('NetworkInterfaceId'));
    const attachment = textAt(nic, 'attachment', 'attachmentId');
    if (!attachment || attachment !== call.get('Attachment.AttachmentId')) {
      throw new Refusal(
        'InvalidAttachmentID.NotFound',
        `The attachment ID '${call.get('Attachment.AttachmentId')}' does not exist`,
      );
    }
    site.deleteOnTermination.set(attachment, said.toLowerCase() === 'true');
    return answerOf('ModifyNetworkInterfaceAttribute', [element('return', 'true')]);
  },
};

export const INTERFACES: Rules = {
  CreateNetworkInterface: { check: checkGroups },
  AttachNetworkInterface: attach,
  DetachNetworkInterface: detach,
  DeleteNetworkInterface: remove,
  ModifyNetworkInterfaceAttribute: modify,
};
