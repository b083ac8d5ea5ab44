/** RunInstances: what EC2 refuses, and the question put so that the emulator makes what EC2 would. */
import type { Call } from './call.ts';
import { checkType, isBurstable } from './instance-types.ts';
import { invalidValue, Refusal } from './refusal.ts';
import type { Rule } from './rule.ts';
import type { Site } from './site.ts';
import { textAt } from './xml.ts';

/** Bytes of user data before base64 [documented]. */
const USER_DATA_LIMIT = 16_384;

const check = async (call: Call, site: Site): Promise<void> => {
  const [least, most] = [Number(call.get('MinCount')), Number(call.get('MaxCount'))];
  if (!(least >= 1 && most >= 1)) throw invalidValue('MinCount and MaxCount must be at least 1.');
  if (least > most) throw invalidValue('The minimum count may not be greater than the maximum count.');
  if (Buffer.byteLength(call.get('UserData'), 'base64') > USER_DATA_LIMIT) {
    throw invalidValue('User data is limited to 16384 bytes');
  }
  if (call.get('InstanceType')) await checkType(call, site, call.get('InstanceType'));
  if (call.get('CreditSpecification.CpuCredits') && !(await isBurstable(call, site, call.get('InstanceType')))) {
    throw new Refusal(
      'InstanceCreditSpecification.NotSupported',
      `The ${call.get('InstanceType')} instance type does not support CPU credits.`,
    );
  }
  const nics = call.structures('NetworkInterface');
  // [documented: InstanceNetworkInterfaceSpecification]
  if (nics.length > 1 && nics.some((nic) => nic.get('AssociatePublicIpAddress') === 'true')) {
    throw new Refusal(
      'InvalidParameterCombination',
      'The associatePublicIPAddress parameter cannot be specified when launching with multiple network interfaces.',
    );
  }
  if (nics.length > 0 && (call.list('SecurityGroupId').length > 0 || call.list('SecurityGroup').length > 0)) {
    throw new Refusal(
      'InvalidParameterCombination',
      'Network interfaces and an instance-level security groups may not be specified on the same request',
    );
  }
  for (const group of call.list('SecurityGroupId')) await site.one(call, group);
  await checkInterfaces(call, site, nics);
  checkDevices(call);
};

const checkInterfaces = async (call: Call, site: Site, nics: readonly Map<string, string>[]): Promise<void> => {
  const indexes = nics.map((nic) => nic.get('DeviceIndex'));
  if (new Set(indexes).size < indexes.length)
    throw invalidValue('Each network interface requires a unique device index.');
  for (const nic of nics) {
    const id = nic.get('NetworkInterfaceId');
    if (id && textAt(await site.one(call, id), 'status') === 'in-use') {
      throw new Refusal('InvalidNetworkInterface.InUse', `The network interface '${id}' is already in use.`);
    }
    for (const [name, value] of nic) if (/^(SecurityGroupId\.\d+|SubnetId)$/.test(name)) await site.one(call, value);
  }
};

const checkDevices = (call: Call): void => {
  const devices = call.structures('BlockDeviceMapping').map((device) => device.get('DeviceName'));
  const twice = devices.find((device, n) => devices.indexOf(device) < n);
  if (twice)
    throw new Refusal(
      'InvalidBlockDeviceMapping',
      `The device '${twice}' is used in more than one block-device mapping`,
    );
};

/**
 * The emulator keeps the groups of the instance apart from those of its first interface, takes that interface for one
 * that outlives it, and gives addresses that are of no subnet: so it gets what it is to make as an interface of the
 * first place.
 */
const withInterface = async (call: Call, site: Site): Promise<Call> => {
  const nics = call.structures('NetworkInterface');
  const first = nics.findIndex((nic) => nic.get('DeviceIndex') === '0');
  if (first >= 0) {
    const nic = nics[first]!;
    const own = nic.has('NetworkInterfaceId') || nic.has('DeleteOnTermination');
    return own ? call : call.with({ [`NetworkInterface.${first + 1}.DeleteOnTermination`]: 'true' });
  }
  const subnet = call.get('SubnetId') || (await defaultSubnet(call, site));
  const groups = call.list('SecurityGroupId');
  const address = call.get('PrivateIpAddress');
  const number = nics.length + 1;
  const made = {
    DeviceIndex: '0',
    DeleteOnTermination: 'true',
    SubnetId: subnet,
    ...(address ? { PrivateIpAddress: address } : {}),
    ...Object.fromEntries(groups.map((group, n) => [`SecurityGroupId.${n + 1}`, group])),
  };
  return call.with(
    Object.fromEntries(Object.entries(made).map(([name, value]) => [`NetworkInterface.${number}.${name}`, value])),
    ['SubnetId', 'SecurityGroupId', 'PrivateIpAddress'],
  );
};

const defaultSubnet = async (call: Call, site: Site): Promise<string> => {
  const zone = call.get('Placement.AvailabilityZone');
  const zoned: Record<string, string> = zone ? { 'Filter.2.Name': 'availability-zone', 'Filter.2.Value.1': zone } : {};
  const filters = { 'Filter.1.Name': 'default-for-az', 'Filter.1.Value.1': 'true', ...zoned };
  const [subnet] = await site.find(call, 'DescribeSubnets', filters);
  if (!subnet) throw new Refusal('MissingInput', 'No subnets found for the default VPC. Please specify a subnet.');
  return textAt(subnet, 'subnetId');
};

/** The root volume of the image, which the emulator makes only where no other is asked for, and at a place of its own. */
const withRoot = async (call: Call, site: Site): Promise<Call> => {
  const root = await rootDevice(call, site);
  const devices = call.structures('BlockDeviceMapping');
  const given = devices.findIndex((device) => device.get('DeviceName') === root);
  const place = `BlockDeviceMapping.${given < 0 ? devices.length + 1 : given + 1}`;
  const of = devices[given];
  const sized = of?.has('Ebs.VolumeSize') || of?.has('Ebs.SnapshotId');
  return call.with({
    [`${place}.DeviceName`]: root,
    ...(sized ? {} : { [`${place}.Ebs.VolumeSize`]: '8' }),
    [`${place}.Ebs.DeleteOnTermination`]: of?.get('Ebs.DeleteOnTermination') ?? 'true',
  });
};

const rootDevice = async (call: Call, site: Site): Promise<string> => {
  const image = call.get('ImageId');
  const known = site.rootDevices.get(image) ?? textAt(await site.one(call, image), 'rootDeviceName');
  site.rootDevices.set(image, known);
  return known || '/dev/sda1';
};

export const launch: Rule = {
  check,
  carry: async (call, site) => {
    const shaped = await withRoot(await withInterface(call, site), site);
    // The emulator makes as many as the least count says; EC2 as many as it can, up to the most.
    return await site.upstream.call(shaped.with({ MinCount: call.get('MaxCount') }));
  },
};
