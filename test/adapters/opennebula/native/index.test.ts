import { describe, expect, test } from '@jest/globals';
import { readAnswer } from '../../../../adapters/opennebula/api/answer.ts';
import { readDocument } from '../../../../adapters/opennebula/api/document.ts';
import type { Shape } from '../../../../adapters/opennebula/api/shape.ts';
import { OneRefusal, tupleResult } from '../../../../adapters/opennebula/api/xml-rpc.ts';
import * as native from '../../../../adapters/opennebula/native/index.ts';
import { bytesOf, recordings } from '../recordings.ts';

const SHAPES: Readonly<Record<string, Shape<unknown>>> = {
  'one.vm.info': native.vm,
  'one.vmpool.infoextended': native.vmPool,
  'one.vmpool.infoset': native.vmPool,
  'one.vmpool.info': native.vmIds,
  'one.image.info': native.image,
  'one.imagepool.info': native.imagePool,
  'one.vn.info': native.vnet,
  'one.vnpool.info': native.vnetPool,
  'one.secgroup.info': native.securityGroup,
  'one.secgrouppool.info': native.securityGroupPool,
  'one.template.info': native.vmTemplate,
  'one.templatepool.info': native.vmTemplatePool,
  'one.cluster.info': native.cluster,
  'one.clusterpool.info': native.clusterPool,
  'one.datastore.info': native.datastore,
  'one.datastorepool.info': native.datastorePool,
  'one.user.info': native.user,
};

const documentOf = (name: string) => {
  const value = tupleResult(readAnswer(bytesOf(name)));
  return value instanceof OneRefusal ? undefined : readDocument(value as string);
};

const read = <T>(name: string, shape: Shape<T>): T => shape.parse(documentOf(name));
const parsed = <T>(document: string, shape: Shape<T>): T => shape.parse(readDocument(document));

describe('Shapes', () => {
  for (const [call, shape] of Object.entries(SHAPES)) {
    const answers = recordings(new RegExp(`^${call.replaceAll('.', '\\.')}--`)).filter((name) => {
      const document = bytesOf(name).toString().includes('<boolean>1</boolean>');
      return document;
    });

    test(`fit every recorded answer to ${call}`, () => {
      expect(answers.length).toBeGreaterThan(0);
      for (const name of answers) expect(() => read(name, shape)).not.toThrow();
    });
  }

  test('of the ids comes in the order of the answer, the newest first', () => {
    const ids = read('one.vmpool.info--all-notdone', native.vmIds).map((one) =>
      typeof one === 'number' ? one : one.ID,
    );
    expect(ids.length).toBeGreaterThan(5);
    expect(ids).toEqual([...ids].sort((one, other) => other - one));
  });
});

describe('A machine', () => {
  test('has its disks, NICs and aliases, each with the fields that are read', () => {
    const { TEMPLATE } = read('one.vm.info--with-3-nics-and-alias', native.vm);
    expect(TEMPLATE.NIC.map(({ NIC_ID }) => NIC_ID)).toEqual([0, 1, 2]);
    expect(TEMPLATE.NIC_ALIAS).toMatchObject([{ NIC_ID: 3, PARENT_ID: 0, IP: '203.0.113.14' }]);
    expect(TEMPLATE.NIC[2]).toMatchObject({ IP: '10.10.1.20', IP6_GLOBAL: '2001:db8:10::aff:fe0a:114' });
    expect(TEMPLATE.DISK[0]).toMatchObject({ DISK_ID: 0, IMAGE_ID: 0, TARGET: 'vda', SIZE: 1024, READONLY: false });
    expect(TEMPLATE.CONTEXT.SSH_PUBLIC_KEY).toMatch(/^ssh-ed25519 /);
  });

  test('is not believed what its user wrote into the user template', () => {
    const machine = (template: string) =>
      `<VM><ID>1</ID><UID>2</UID><GID>1</GID><NAME>007</NAME><STATE>3</STATE><LCM_STATE>3</LCM_STATE>` +
      `<TEMPLATE><CPU>0.5</CPU><MEMORY>512</MEMORY></TEMPLATE><USER_TEMPLATE>${template}</USER_TEMPLATE></VM>`;
    const odd = '<CPU>9</CPU><DISK><DISK_ID>x</DISK_ID></DISK><ERROR><A>1</A></ERROR><N>1</N><N>2</N><ID>1e5</ID>';
    const vm = parsed(machine(odd), native.vm);
    expect(vm.TEMPLATE.CPU).toBe(0.5);
    expect(vm.TEMPLATE.DISK).toEqual([]);
    expect(vm.NAME).toBe('007');
    expect(vm.USER_TEMPLATE).toEqual({ CPU: '9', ID: '1e5' });
    expect(parsed(machine(''), native.vm).USER_TEMPLATE).toEqual({});
  });

  test('with an odd context, NIC or size is shown all the same', () => {
    const odd =
      '<CPU>lots</CPU><MEMORY/><CONTEXT>abc</CONTEXT><NIC></NIC><NIC><NIC_ID>1</NIC_ID></NIC><OS><ARCH><X>1</X></ARCH></OS>';
    const vm = parsed(
      `<VM><ID>1</ID><UID>2</UID><GID>1</GID><NAME/><STATE>1</STATE><LCM_STATE>0</LCM_STATE><TEMPLATE>${odd}</TEMPLATE></VM>`,
      native.vm,
    );
    expect(vm.TEMPLATE).toMatchObject({ CONTEXT: {}, NIC: [{ NIC_ID: 1, SECURITY_GROUPS: [] }], OS: {} });
    expect(vm.TEMPLATE.CPU).toBeUndefined();
    expect(vm.TEMPLATE.NIC[0]!.IP).toBeUndefined();
  });

  test.each(['', '<ID>x</ID>', '<ID>1</ID>'])('without what oned always writes is refused: %j', (inside) => {
    expect(() => parsed(`<VM>${inside}</VM>`, native.vm)).toThrow();
  });
});

describe('A pool', () => {
  test.each([
    ['<VM_POOL></VM_POOL>', 0],
    ['<VM_POOL/>', 0],
    ['<VM_POOL><VM><ID>1</ID></VM></VM_POOL>', 1],
    ['<VM_POOL><VM><ID>2</ID></VM><VM><ID>1</ID></VM></VM_POOL>', 2],
  ])('%s has %d entries', (document, count) => {
    expect(parsed(document, native.vmIds)).toHaveLength(count);
  });

  test('of another kind is refused', () => {
    expect(() => parsed('<IMAGE_POOL/>', native.vmIds)).toThrow();
  });
});

describe('A network', () => {
  test('has its address ranges with IPv4 and IPv6', () => {
    const { AR_POOL, TEMPLATE, VLAN_ID, STATE } = read('one.vn.info--private', native.vnet);
    expect(AR_POOL.AR).toMatchObject([
      { AR_ID: 0, IP: '10.10.0.10', SIZE: 200, TYPE: 'IP4' },
      { AR_ID: 1, GLOBAL_PREFIX: '2001:db8:10::', SIZE: 50, TYPE: 'IP4_6' },
    ]);
    expect(TEMPLATE.GATEWAY).toBe('10.10.0.1');
    expect(VLAN_ID).toBeUndefined();
    expect(STATE).toBe(1);
  });

  test('that is a reservation names its parent, whose id may be 0', () => {
    expect(read('one.vn.info--reservation', native.vnet).PARENT_NETWORK_ID).toBe(0);
    expect(read('one.vn.info--private', native.vnet).PARENT_NETWORK_ID).toBeUndefined();
  });
});

test('A security group has its rules whole', () => {
  expect(read('one.secgroup.info--web', native.securityGroup).TEMPLATE.RULE).toEqual([
    { PROTOCOL: 'TCP', RULE_TYPE: 'inbound', RANGE: '80,443,8000:8100', IP: '0.0.0.0', SIZE: 65536 },
    { PROTOCOL: 'ALL', RULE_TYPE: 'outbound' },
  ]);
});
