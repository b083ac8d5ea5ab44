import { IMAGE } from './image.ts';
import { NETWORK } from './network.ts';
import { PUBLISHED } from './pool-object.ts';
import { Image, Network, SecurityGroup, type Site, VmTemplate } from './site.ts';
import { Template, vector } from './template.ts';

export const images = (site: Site): void => {
  const os = { type: 0, path: '/var/tmp/ubuntu.qcow2', format: 'dummy_format', size: 1024 };
  const all = [
    { name: 'ubuntu-24.04', ...os, template: { DESCRIPTION: 'Ubuntu 24.04 LTS', DEV_PREFIX: 'vd', OS_NAME: 'ubuntu' } },
    { name: 'debian-12', ...os, template: { DESCRIPTION: 'Debian 12', DEV_PREFIX: 'vd' } },
    {
      name: 'scratch-data',
      type: 2,
      path: '',
      format: 'raw',
      fs: 'ext4',
      size: 2048,
      template: { DESCRIPTION: 'Data block, ext4', DEV_PREFIX: 'sd' },
    },
  ];
  for (const { name, template, ...fields } of all) {
    const image = site.make(site.images, Image, name);
    Object.assign(image, fields, {
      source: 'dummy_path',
      datastore: 100,
      registered: site.now(),
      permissions: PUBLISHED,
    });
    image.template = Template.of(template as Record<string, string>);
    image.goTo(IMAGE.ready);
  }
};

export const networks = (site: Site): void => {
  const rules = ['OUTBOUND', 'INBOUND'].map((type) => vector({ PROTOCOL: 'ALL', RULE_TYPE: type }));
  const group = site.make(site.securityGroups, SecurityGroup, 'default', 0);
  group.permissions = [1, 1, 1, 1, 0, 0, 1, 0, 0];
  group.template = Template.of({ DESCRIPTION: 'The default security group is added to every network.', RULE: rules });
  const six = { GLOBAL_PREFIX: '2001:db8:10::', ULA_PREFIX: 'fd00:10::' };
  const all = [
    {
      ...{
        name: 'private',
        bridge: 'br0',
        description: 'Private network',
        dns: '10.10.0.1',
        gateway: '10.10.0.1',
        net: '10.10.0.0',
      },
      ranges: [
        { TYPE: 'IP4', IP: '10.10.0.10', SIZE: 200 },
        { TYPE: 'IP4_6', IP: '10.10.1.10', SIZE: 50, ...six },
      ],
    },
    {
      ...{
        name: 'public',
        bridge: 'br1',
        description: 'Public network',
        dns: '203.0.113.2',
        gateway: '203.0.113.1',
        net: '203.0.113.0',
      },
      ranges: [{ TYPE: 'IP4', IP: '203.0.113.10', SIZE: 60 }],
    },
  ];
  for (const { name, bridge, description, dns, gateway, net, ranges } of all) {
    const network = site.make(site.networks, Network, name);
    Object.assign(network, { clusters: [0], permissions: PUBLISHED });
    network.template = Template.of({
      ...{
        BRIDGE: bridge,
        BRIDGE_TYPE: 'linux',
        DESCRIPTION: description,
        DNS: dns,
        GATEWAY: gateway,
        NETWORK_ADDRESS: net,
      },
      ...{
        NETWORK_MASK: '255.255.255.0',
        OUTER_VLAN_ID: '',
        PHYDEV: '',
        SECURITY_GROUPS: '0',
        VLAN_ID: '',
        VN_MAD: 'dummy',
      },
    });
    for (const range of ranges) network.addRange(vector(range));
    network.goTo(NETWORK.ready);
  }
};

export const templates = (site: Site): void => {
  const context = vector({ NETWORK: 'YES', SSH_PUBLIC_KEY: '$USER[SSH_PUBLIC_KEY]' });
  const nic = (id: number) => vector({ NETWORK_ID: id });
  const all = {
    'small-ubuntu': {
      ...{
        CONTEXT: context,
        CPU: 1,
        DESCRIPTION: '1 core, 512 MB, Ubuntu',
        DISK: vector({ IMAGE_ID: 0 }),
        MEMORY: 512,
        VCPU: 1,
      },
      ...{ GRAPHICS: vector({ LISTEN: '127.0.0.1', TYPE: 'VNC' }), NIC: nic(0) },
    },
    'medium-debian': {
      ...{ CONTEXT: context, CPU: '1.5', DESCRIPTION: '2 cores, 2 GB, Debian, scratch', MEMORY: 2048, VCPU: 2 },
      DISK: [vector({ IMAGE_ID: 1, SIZE: 4096 }), vector({ FORMAT: 'raw', FS: 'ext4', SIZE: 1024, TYPE: 'fs' })],
      NIC: [nic(0), nic(1)],
    },
    bare: { CPU: '0.1', DESCRIPTION: 'No disk, no NIC', MEMORY: 64, VCPU: 1 },
  };
  for (const [name, attributes] of Object.entries(all)) {
    const template = site.make(site.templates, VmTemplate, name);
    Object.assign(template, { registered: site.now(), permissions: PUBLISHED, template: Template.of(attributes) });
  }
};
