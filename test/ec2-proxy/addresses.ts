import type { Call } from './call.ts';
import { Refusal } from './refusal.ts';
import type { Rule, Rules } from './rule.ts';
import type { Site } from './site.ts';
import { textAt } from './xml.ts';

/** Takes its elastic addresses from an interface that goes; the emulator leaves them with it. */
export const freeAddresses = async (call: Call, nic: string, site: Site): Promise<void> => {
  const filter = { 'Filter.1.Name': 'network-interface-id', 'Filter.1.Value.1': nic };
  for (const address of await site.find(call, 'DescribeAddresses', filter)) {
    const association = textAt(address, 'associationId');
    if (association) await site.upstream.ask(call.asking('DisassociateAddress', { AssociationId: association }));
  }
};

/** Without an address of its choice each one comes from 127.0.0.0/8. */
const allocate: Rule = {
  carry: (call, site) => site.upstream.call(call.with(call.get('Address') ? {} : { Address: site.nextAddress() })),
};

const release: Rule = {
  check: async (call, site) => {
    const address = await site.one(call, call.get('AllocationId'));
    if (!textAt(address, 'associationId')) return;
    throw new Refusal('InvalidIPAddress.InUse', `Address ${textAt(address, 'publicIp')} is in use.`);
  },
};

/** Not while the instance is pending [known: the two codes]. */
const associate: Rule = {
  check: async (call, site) => {
    await site.one(call, call.get('AllocationId'));
    const nic = call.get('NetworkInterfaceId');
    const direct = call.get('InstanceId');
    const instance = direct || textAt(await site.one(call, nic), 'attachment', 'instanceId');
    if (!instance) return;
    const state = textAt(await site.one(call, instance), 'instanceState', 'name');
    if (state === 'running' || state === 'stopped' || state === 'stopping') return;
    const who = direct
      ? `The ${state} instance '${direct}'`
      : `The ${state}-instance-creation instance to which '${nic}' is attached`;
    const code = direct ? 'InvalidInstanceID' : 'IncorrectInstanceState';
    throw new Refusal(code, `${who} is not in a valid state for this operation.`);
  },
};

export const ADDRESSES: Rules = {
  AllocateAddress: allocate,
  ReleaseAddress: release,
  AssociateAddress: associate,
};
