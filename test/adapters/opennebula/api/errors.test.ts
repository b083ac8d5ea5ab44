import { describe, expect, test } from '@jest/globals';
import { clientText, sentence } from '../../../../adapters/opennebula/api/client-text.ts';
import { toOcciError } from '../../../../adapters/opennebula/api/errors.ts';
import { OneRefusal } from '../../../../adapters/opennebula/api/xml-rpc.ts';
import { type Failure, OcciError } from '../../../../lib/errors.ts';
import { recording, recordings } from '../recordings.ts';

const refusalOf = (name: string): OneRefusal | undefined => {
  const { tuple, fault } = recording(name).decoded;
  if (fault) return new OneRefusal(fault.code, fault.string);
  return tuple?.[0] === false ? new OneRefusal(tuple[2] as number, String(tuple[1]), tuple[3] as number) : undefined;
};

const said = (code: number, text: string, what = 'compute') => toOcciError(new OneRefusal(code, text), what);

/** The failure and the message expected for each recorded refusal and kind. */
const TABLE: readonly [recorded: string, what: string, failure: Failure, message: string][] = [
  ['one.system.version--bad-password', 'compute', 'unauthenticated', 'The credentials are not valid for this cloud.'],
  ['one.user.info--expired-token', 'compute', 'unauthenticated', 'The credentials are not valid for this cloud.'],
  ['one.vm.info--no-such', 'compute', 'notFound', 'There is no such compute.'],
  ['one.vm.info--not-authorised', 'compute', 'notFound', 'There is no such compute.'],
  ['one.vm.info--no-such', 'networkinterface', 'notFound', 'There is no such networkinterface.'],
  ['one.vm.action--resume-on-done', 'compute', 'notFound', 'There is no such compute.'],
  ['one.vn.info--not-authorised', 'network', 'notFound', 'There is no such network.'],
  ['one.vn.info--no-such', 'ipreservation', 'notFound', 'There is no such ipreservation.'],
  ['one.vm.detachnic--no-such-nic', 'networkinterface', 'notFound', 'There is no such networkinterface.'],
  [
    'one.vm.action--not-authorised',
    'compute',
    'forbidden',
    'The provider does not permit you to do this to the compute.',
  ],
  ['one.vn.allocate--by-user', 'network', 'forbidden', 'The provider does not permit you to create a network.'],
  ['one.template.instantiate--quota-vms', 'compute', 'forbidden', 'Limit of 3 reached for VMS quota in VM.'],
  ['one.template.instantiate--quota-memory', 'compute', 'forbidden', 'Limit of 4000 reached for MEMORY quota in VM.'],
  ['one.template.instantiate--quota-leases', 'compute', 'forbidden', 'Limit of 1 reached for LEASES quota in NETWORK.'],
  ['one.image.allocate--quota-datastore', 'storage', 'forbidden', 'Limit of 300 reached for SIZE quota in DATASTORE.'],
  ['one.vm.attach--quota-disk', 'storagelink', 'forbidden', 'Limit of 1 reached for RVMS quota in IMAGE.'],
  [
    'one.template.instantiate--restricted-nic-mac',
    'compute',
    'forbidden',
    'Only the provider may set the attribute NIC.',
  ],
  ['one.image.update--restricted', 'storage', 'forbidden', 'Only the provider may set the attribute SOURCE.'],
  [
    'one.vm.action--poweroff-on-undeployed',
    'compute',
    'conflict',
    'The action does not apply while the compute is in the state UNDEPLOYED.',
  ],
  [
    'one.vm.action--resume-on-boot-failure',
    'compute',
    'conflict',
    'The action does not apply while the compute is in the state BOOT_FAILURE.',
  ],
  [
    'one.vm.resize--running-more',
    'compute',
    'conflict',
    'This cannot be done while the compute is in the state HOTPLUG_RESIZE.',
  ],
  [
    'one.image.enable--enable-locked',
    'storage',
    'conflict',
    'This cannot be done while the storage is in the state LOCKED.',
  ],
  ['one.image.delete--delete-locked-attempt', 'storage', 'conflict', 'The storage is locked; try again later.'],
  [
    'one.vm.allocate--disabled-image-in-vm',
    'compute',
    'conflict',
    'The storage is in the state DISABLED and cannot be used now.',
  ],
  [
    'one.vm.allocate--persistent-already-used',
    'compute',
    'conflict',
    'The storage is in use and cannot be used twice.',
  ],
  ['one.image.delete--in-use', 'storage', 'conflict', 'The storage is used by 1 compute resource.'],
  ['one.secgroup.delete--in-use', 'securitygroup', 'conflict', 'The securitygroup is in use.'],
  ['one.vn.delete--with-leases', 'network', 'conflict', 'The network is in use.'],
  ['one.image.allocate--duplicate-name', 'storage', 'conflict', 'Another storage of yours has this title.'],
  ['one.image.allocate--over-capacity', 'storage', 'conflict', 'The provider has not enough capacity left.'],
  [
    'one.vm.attachnic--ip-in-use',
    'networkinterface',
    'conflict',
    'The network has no free address, or the address that was asked for is not free.',
  ],
  ['one.vn.reserve--too-big', 'ipreservation', 'conflict', 'There are not enough free addresses.'],
  [
    'one.template.instantiate--no-such-network',
    'compute',
    'invalid',
    'There is no such network, or it may not be used.',
  ],
  [
    'one.template.instantiate--no-such-template',
    'compute',
    'invalid',
    'There is no such OS template, or it may not be used.',
  ],
  ['one.vm.attach--no-such-image', 'storagelink', 'invalid', 'There is no such storage, or it may not be used.'],
  [
    'one.vm.allocate--network-by-name-without-owner',
    'compute',
    'invalid',
    'There is no such network, or it may not be used.',
  ],
  ['one.template.instantiate--memory-negative', 'compute', 'invalid', 'occi.compute.memory must be greater than zero.'],
  ['one.vm.rename--bad-chars', 'compute', 'invalid', "The title cannot have the character ' in this cloud."],
  ['one.vm.diskresize--shrink', 'storage', 'invalid', 'A storage can only grow.'],
  [
    'one.secgroup.allocate--bad-range',
    'securitygroup',
    'invalid',
    'A rule is not possible: Invalid RANGE specification.',
  ],
  [
    'one.vm.action--unknown-action',
    'compute',
    'notImplemented',
    'This release of OpenNebula does not have the action.',
  ],
  [
    'one.vn.allocate--no-vnmad',
    'network',
    'notImplemented',
    'The provider has not configured how networks are created: the setting network.vnMad is missing.',
  ],
  [
    'one.nosuch.method--fault-unknown-method',
    'compute',
    'notImplemented',
    'This release of OpenNebula does not have the call.',
  ],
  ['one.vm.update--malformed', 'compute', 'internal', 'The request could not be translated for the cloud.'],
  [
    'one.image.allocate--no-such-ds',
    'storage',
    'internal',
    "The provider's configuration names a resource that does not exist.",
  ],
];

describe('A refusal', () => {
  test.each(TABLE)('%s of a %s is %s: %s', (recorded, what, failure, message) => {
    expect(toOcciError(refusalOf(recorded), what)).toMatchObject({ failure, message });
  });

  const refused = recordings(/./).filter((name) => refusalOf(name) !== undefined);

  test('is recorded in numbers', () => {
    expect(refused.length).toBeGreaterThan(120);
  });

  test.each(refused)('%s is a sentence for users, with the native one for the log', (name) => {
    const refusal = refusalOf(name)!;
    for (const what of ['compute', 'storage', 'network', 'storagelink', 'OS template']) {
      const error = toOcciError(refusal, what);
      expect(error.message).toMatch(/^(occi\.|[A-Z]).*\.$/);
      // No call, no native id, no file, no user.
      expect(error.message).not.toMatch(/\[|\bone\.|\/var|\bID\b|\b(VM|image|network|user|cluster) \d|alice|bob/i);
      expect(error.cause).toBe(refusal);
      expect(error.status).not.toBe(503);
    }
  });

  test.each<[number, string, string, Failure, string]>([
    [
      16384,
      'Error parsing: USER_DATA=s3cret $ x',
      'compute',
      'invalid',
      'A value has a $ that the cloud would take for a variable.',
    ],
    [
      16384,
      'SIZE of 10MB is less than the image [0] size of 1024MB.',
      'compute',
      'invalid',
      'The size is less than that of the image.',
    ],
    [
      2048,
      'Could not add a new NIC to VM 72, wrong state HOTPLUG_NIC.',
      'networkinterface',
      'conflict',
      'This cannot be done while the compute is in the state HOTPLUG_NIC.',
    ],
    [
      2048,
      'Could not attach SG 999 to VM, SG does not exist',
      'securitygrouplink',
      'invalid',
      'There is no such securitygroup, or it may not be used.',
    ],
    [2048, 'VM 74 SG 104 already in NIC 0', 'securitygrouplink', 'conflict', 'The securitygroup is attached already.'],
    [
      2048,
      "VM 74 NIC 0 doesn't contain SG 999",
      'securitygrouplink',
      'notFound',
      'There is no such securitygrouplink.',
    ],
    [2048, 'Not enough CPU: 5000/800', 'compute', 'conflict', 'The provider has not enough capacity left.'],
    [2048, 'There are 1 active clone operations.', 'storage', 'conflict', 'The storage is being copied.'],
    [
      2048,
      'image cannot be renamed to data because it collides with image 5',
      'storage',
      'conflict',
      'Another storage of yours has this title.',
    ],
    [
      8192,
      'VM has to be RUNNING, POWEROFF or SUSPENDED to save disks.',
      'compute',
      'conflict',
      'The compute is in a state in which this cannot be done.',
    ],
    [
      8192,
      'RANGE is supported only for TCP and UDP protocols.',
      'securitygroup',
      'invalid',
      'A rule is not possible: RANGE is supported only for TCP and UDP protocols.',
    ],
  ])('measured on 6.10, of the code %d that says %j of a %s, is %s', (code, text, what, failure, message) => {
    expect(said(code, text, what)).toMatchObject({ failure, message });
  });

  test('for credentials is always unauthenticated, whatever its text', () => {
    expect(said(256, '[one.vm.info] limit of 5 reached for X quota in VM').failure).toBe('unauthenticated');
  });

  test.each<[number, string, Failure]>([
    [512, '[one.vm.info] Something new.', 'forbidden'],
    [1024, '[one.vm.info] Something new.', 'notFound'],
    [2048, '[one.vm.action] VM 42 is sulking, see /var/log/one/42.log', 'conflict'],
    [4096, 'Something new', 'internal'],
    [8192, 'Something new', 'internal'],
    [16384, 'User [2] : Something new about Image [7]', 'invalid'],
    [32768, 'Something new', 'conflict'],
    [65536, 'Something new', 'unavailable'],
    [99, '', 'internal'],
    [-503, 'Something new', 'internal'],
    [2048, '[one.vm.action] user [3] limit of 3 reached for RUNNING_VMS quota in VM.', 'forbidden'],
  ])('of the code %d that says %j is %s', (code, text, failure) => {
    const error = said(code, text);
    expect(error.failure).toBe(failure);
    expect(error.message).toMatch(/^[A-Z].*\.$/);
    expect(error.message).not.toMatch(/\[|42|\/var/);
    if (failure === 'unavailable') expect(error.headers['Retry-After']).toMatch(/^\d+$/);
  });
});

test('A failure of ours stays what it is, and anything else is internal', () => {
  const ours = new OcciError('conflict', 'So it is.');
  expect(toOcciError(ours, 'compute')).toBe(ours);
  const bug = new TypeError('x is undefined');
  expect(toOcciError(bug, 'compute')).toMatchObject({ failure: 'internal', cause: bug });
  expect(toOcciError(bug, 'compute').message).not.toContain('undefined');
});

describe('OpenNebula’s words', () => {
  test.each([
    ['[one.vm.action] User [2] : it is so.', 'it is so.'],
    ['Sat Nov 21 18:53:37 2026: DEPLOY: no', 'DEPLOY: no'],
    ['Error copying /var/lib/one//datastores/1/7/disk.0 to (/tmp/x)', 'Error copying (a file) to ((a file))'],
    ['Cannot use image 13 on VM 42, host 3, DISK_ID 1', 'Cannot use image on VM, host, DISK_ID'],
    ['a\n  b\u0007', 'a b'],
  ])('%j are shown as %j', (text, shown) => {
    expect(clientText(text)).toBe(shown);
  });

  test('become a sentence, of some length at most', () => {
    expect(sentence('no room')).toBe('No room.');
    expect(sentence('')).toBe('');
    expect(sentence('x'.repeat(10_000)).length).toBeLessThan(400);
  });
});
