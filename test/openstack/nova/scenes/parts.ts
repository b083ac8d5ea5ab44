import type { Scene, Stage } from '../../stage.ts';
import { after, asked, CIRROS, done, KEY, keyPair, LAN, lan, lanWithIpv6, small, WEB, web, webB } from './stage.ts';

const VOLUME = '0de0ca28-762c-424d-be7e-733bd4d20185';
const ROOT = '37ce399a-b764-40b8-b813-d52f5251eadb';
const PORT = '0f59a1c3-1b84-4b81-a57f-9651d8b0a716';
const NIC = '15f4f69d-6559-4459-8dad-18b74c640d2c';
const SERVER = `/v2.1/servers/${WEB}`;

const volume = async (stage: Stage, id: string, more: object = {}): Promise<void> => {
  stage.ids(id);
  await stage.call('alice', 'volume', 'POST', '/v3/volumes', { body: { volume: { name: 'data', size: 1, ...more } } });
  stage.settle();
};

const attached = async (stage: Stage): Promise<void> => {
  await small()(stage);
  await volume(stage, VOLUME);
  const body = { volumeAttachment: { volumeId: VOLUME, device: '/dev/vdc' } };
  await stage.call('alice', 'compute', 'POST', `${SERVER}/os-volume_attachments`, { body });
  stage.settle();
};

const detached = async (stage: Stage): Promise<void> => {
  await attached(stage);
  await stage.call('alice', 'compute', 'DELETE', `${SERVER}/os-volume_attachments/${VOLUME}`);
  stage.settle();
};

const port = async (stage: Stage, id: string): Promise<void> => {
  stage.ids(id);
  await stage.call('alice', 'network', 'POST', '/v2.0/ports', { body: { port: { network_id: LAN } } });
};

const plug = (stage: Stage, wish: object) =>
  stage.call('alice', 'compute', 'POST', `${SERVER}/os-interface`, { body: { interfaceAttachment: wish } });

const smallWithPort = async (stage: Stage): Promise<void> => {
  await small()(stage);
  await port(stage, PORT);
};

/** A second IPv4 subnet, from which an address must be named. */
const wide = async (stage: Stage): Promise<void> => {
  await small()(stage);
  const subnet = { network_id: LAN, ip_version: 4, cidr: '10.10.0.0/16' };
  await stage.call('alice', 'network', 'POST', '/v2.0/subnets', { body: { subnet } });
};

const threePorts = async (stage: Stage): Promise<void> => {
  await wide(stage);
  stage.ids(NIC);
  await plug(stage, { net_id: LAN });
  await plug(stage, { net_id: LAN, fixed_ips: [{ ip_address: '10.10.9.9' }] });
};

const bootable = async (stage: Stage): Promise<void> => {
  await lanWithIpv6(stage);
  await volume(stage, ROOT, { imageRef: CIRROS });
};

const ROOTED = 'ad45e590-d0d0-42ec-95a9-6b58425a4cb6';

const booted = async (stage: Stage): Promise<void> => {
  await bootable(stage);
  const disk = { source_type: 'volume', destination_type: 'volume', boot_index: 0, uuid: ROOT };
  const devices = [{ ...disk, delete_on_termination: true }];
  await asked(stage, { name: 'bfv', imageRef: '', block_device_mapping_v2: devices }, { id: ROOTED });
  stage.settle();
};

const group = async (stage: Stage): Promise<void> => {
  await small()(stage);
  await stage.call('alice', 'network', 'POST', '/v2.0/security-groups', { body: { security_group: { name: 'web' } } });
};

const withMetadata =
  (metadata: Readonly<Record<string, string>>): Scene =>
  async (stage) => {
    await web(stage);
    await stage.call('alice', 'compute', 'POST', `${SERVER}/metadata`, { body: { metadata } });
  };

const UMLAUTS = '99ea5f50-a49a-4da0-8466-ee353c85d1cf';

const twin = async (stage: Stage): Promise<void> => {
  await lan(stage, 'v-net');
  await asked(stage, { name: 'twin', metadata: { bmp: 'значение ü' } }, { id: UMLAUTS });
  stage.settle();
};

const FAILED = '894d8ea2-57bf-49a7-b6fa-0deed2515e02';

/** A server that no host takes. */
export const noHost = async (stage: Stage): Promise<void> => {
  await lan(stage);
  stage.stand.nova.flavors.set('giant2', { id: 'giant2', name: 'm1.giant2', vcpus: 2000, ramMib: 64, diskGib: 1 });
  Object.assign(stage.stand.nova.quotaOf('c7b2d8def937457f9fc84a7a2f2529a0'), { cores: 5000 });
  await asked(stage, { name: 'nohost', flavorRef: 'giant2' }, { id: FAILED });
  stage.settle();
};

const twoIds = (stage: Stage): Stage => stage.as('bob');

/** Creates that the schema or a look-up refuses need the network only. */
const refusedCreates = [
  'empty-name-400',
  'external-network',
  'fixed-ip-outside',
  'image-needs-more-ram-400',
  'metadata-129-items',
  'over-quota-cores-403',
  'three-with-reservation-id',
  'many-40',
  'unknown-security-group-400',
  'unknown-az-400',
  'with-tag-and-metadata-2.52',
  'block-device-unknown-volume-400',
  'unknown-port-400',
  'unknown-image-400',
  'no-image-400',
  'host-by-member-403',
];

export const partScenes: Readonly<Record<string, Scene>> = {
  ...Object.fromEntries(refusedCreates.map((name) => [`nova.servers.create--${name}`, (stage: Stage) => lan(stage)])),
  'nova.servers.create--many-40': async (stage) => {
    await lan(stage);
    await keyPair(stage);
    Object.assign(stage.stand.nova.quotaOf('c7b2d8def937457f9fc84a7a2f2529a0'), { instances: 100 });
  },
  'nova.servers.create--over-quota-cores-403': web,
  'nova.servers.create--2.1-ok': async (stage) => {
    await lan(stage);
    await keyPair(stage);
    stage.ids(WEB);
  },
  'nova.servers.create--by-reader-403': async (stage) => {
    await lan(stage);
    stage.as('rita');
  },
  'nova.servers.create--boot-from-volume': bootable,
  'nova.servers.show--boot-from-volume': booted,
  'nova.volume-attachments.delete--root-volume': booted,
  'nova.volume-attachments.create--device-vdc': async (stage) => {
    await small()(stage);
    await volume(stage, VOLUME);
  },
  'nova.volume-attachments.create--already-in-use-400': attached,
  'nova.volume-attachments.create--unknown-volume-404': small(),
  'nova.volume-attachments.delete--ok': attached,
  'nova.volume-attachments.delete--again-404': detached,
  'nova.volume-attachments.delete--unknown-404': small(),
  'nova.volume-attachments.list--2.1': attached,
  'nova.volume-attachments.list--2.89': attached,
  'nova.servers.show--with-volume-2.3': attached,
  'nova.interfaces.list--one': web,
  'nova.ips.list--one': web,
  'nova.interfaces.create--by-net': small(),
  'nova.interfaces.create--by-port': smallWithPort,
  'nova.interfaces.create--fixed-ip': wide,
  'nova.interfaces.create--fixed-ip-in-use': threePorts,
  'nova.interfaces.create--port-in-use': async (stage) => {
    await smallWithPort(stage);
    await plug(stage, { port_id: PORT });
  },
  'nova.interfaces.create--unknown-net': small(),
  'nova.interfaces.delete--again': small(),
  'nova.interfaces.delete--own-port': small(),
  'nova.interfaces.list--three-latest': threePorts,
  'nova.servers.show--three-ports': threePorts,
  'nova.servers.action.addSecurityGroup--ok': group,
  'nova.servers.action.addSecurityGroup--unknown-404': group,
  'nova.servers.show--being-deleted': async (stage) => {
    await threePorts(stage);
    const body = { security_group: { name: 'web' } };
    await stage.call('alice', 'network', 'POST', '/v2.0/security-groups', { body });
    await stage.call('alice', 'compute', 'POST', `${SERVER}/action`, { body: { addSecurityGroup: { name: 'web' } } });
    await stage.call('alice', 'compute', 'DELETE', SERVER);
  },
  'nova.metadata.list--ok': web,
  'nova.metadata.update--add-one': web,
  'nova.metadata.put-item--ok': web,
  'nova.metadata.put-item--key-mismatch-400': web,
  'nova.metadata.show-item--unknown-404': web,
  'nova.metadata.delete-item--ok': withMetadata({ a: '1' }),
  'nova.metadata.replace--one': web,
  'nova.metadata.update--non-ascii-key': web,
  'nova.metadata.update--non-ascii-value': web,
  'nova.metadata.update--over-128-403': web,
  'nova.metadata.update--emoji-value': twin,
  'nova.servers.update--name-emoji': twin,
  'nova.servers.update--name-umlaut': twin,
  'nova.tags.list--2.25-404': webB,
  'nova.tags.replace--2.26': webB,
  'nova.diagnostics.show--member': small(),
  'nova.remote-consoles.create--vnc': small(),
  'nova.instance-actions.list--all': async (stage) => {
    await after('os-stop', 'os-start', ['reboot', { type: 'SOFT' }], 'suspend', 'resume', 'pause', 'unpause')(stage);
    const resize = async (flavorRef: string, end: string): Promise<void> => {
      await done(stage, 'resize', { flavorRef });
      await done(stage, end);
    };
    for (const name of ['lock', 'unlock']) await done(stage, name);
    await resize('2', 'confirmResize');
    await resize('3', 'revertResize');
    for (const name of ['shelve', 'unshelve']) await done(stage, name);
    await done(stage, 'createImage', { name: 'snap-1' });
    await done(stage, 'rebuild', { imageRef: CIRROS });
    await done(stage, 'rescue', {});
    await done(stage, 'unrescue');
  },
  'nova.instance-actions.list--of-error': noHost,
  'nova.servers.action.start--while-error-409': noHost,
  'nova.servers.delete--in-error': noHost,
  'nova.servers.show--error-with-fault-admin': async (stage) => {
    await noHost(stage);
    stage.as('admin');
  },
  'nova.servers.delete--reader-403': async (stage) => {
    await web(stage);
    stage.as('rita');
  },
  'nova.keypairs.create--duplicate-409': (stage) => keyPair(stage),
  'nova.keypairs.list--own': async (stage) => {
    await keyPair(stage);
    const body = { keypair: { name: 'k3', public_key: KEY.replace('alice@example', 'Generated-by-Nova') } };
    await stage.call('alice', 'compute', 'POST', '/v2.1/os-keypairs', { body });
    const headers = { 'openstack-api-version': 'compute 2.92' };
    const other = { keypair: { name: 'a@b.c d', public_key: KEY } };
    await stage.call('alice', 'compute', 'POST', '/v2.1/os-keypairs', { body: other, headers });
  },
  'nova.keypairs.list--other-user-same-project': async (stage) => {
    await keyPair(stage);
    stage.as('rita');
  },
  'nova.quota-sets.update--admin': (stage) => stage.as('admin'),
  'nova.hypervisors.detail--admin': (stage) => stage.as('admin'),
  'nova.servers.detail--bob-sees-none': twoIds,
};
