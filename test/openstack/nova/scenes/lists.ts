import { newToken } from '../../keystone/issue.ts';
import type { Scene, Stage } from '../../stage.ts';
import { asked, keyPair, LAN, lan, lanWithIpv6, WEB, web, webB } from './stage.ts';

const PROBE = 'f8fd7075-a25c-479d-827d-8f5cd753a14c';
const PORT = '5d896485-74ea-432d-9385-e6c6f946433e';

const probe = async (stage: Stage): Promise<void> => {
  await lanWithIpv6(stage);
  const wish = { name: 'probe-7f3a', metadata: { 'occi.id': 'urn:uuid:7f3a' }, tags: ['tok-7f3a'] };
  await asked(stage, wish, { id: PROBE, version: '2.52' });
};

const probed = async (stage: Stage): Promise<void> => {
  await probe(stage);
  stage.settle();
};

/** The probe, and servers that it must not be taken for. */
const others =
  (...names: readonly string[]): Scene =>
  async (stage) => {
    await lanWithIpv6(stage);
    await keyPair(stage);
    const metadata = { 'occi.id': 'urn:uuid:bulk', 'occi.kind': 'compute' };
    for (const name of names) await asked(stage, { name, key_name: 'k1', metadata });
    const wish = { name: 'probe-7f3a', metadata: { 'occi.id': 'urn:uuid:7f3a' }, tags: ['tok-7f3a'] };
    await asked(stage, wish, { id: PROBE, version: '2.52' });
    stage.settle();
  };

const ownPort = async (stage: Stage): Promise<void> => {
  await lan(stage);
  stage.ids(PORT);
  await stage.call('alice', 'network', 'POST', '/v2.0/ports', { body: { port: { network_id: LAN } } });
};

const once = { name: 'once', networks: [{ port: PORT }] };

const building = '6548c808-182a-4a82-b40e-69adecde8664';

const removed = async (stage: Stage): Promise<void> => {
  await webB(stage);
  await stage.call('alice', 'compute', 'DELETE', `/v2.1/servers/${WEB}`);
  stage.settle();
};

const bads = async (stage: Stage): Promise<void> => {
  await lan(stage);
  await asked(stage, { name: 'bad', networks: [{ uuid: 'f18fd0c7-7433-4ed3-bd9b-ebc9743f7f7d' }] });
  await asked(stage, { name: 'bad', networks: [{ uuid: LAN, fixed_ip: '10.99.0.9' }] });
  stage.settle();
};

/** A token that access rules narrow: Nova refuses it whatever they say. */
const narrowed: Scene = (stage) => {
  const { site } = stage.stand;
  const user = site.people.userNamed('alice')!;
  const [project] = site.people.projectsOf(user.id);
  const rule = { service: 'compute', path: '/v2.1/servers', method: 'GET' };
  site.people.applicationCredentials.set('narrow', {
    ...{ id: 'narrow', name: 'narrow', secret: 's', userId: user.id, projectId: project!.id, roles: ['reader'] },
    ...{ description: null, expires: null, unrestricted: false, accessRules: [rule] },
  });
  const token = { userId: user.id, methods: ['application_credential'], projectId: project!.id };
  stage.token = newToken(site, { ...token, applicationCredentialId: 'narrow' }).text;
};

const named: Readonly<Record<string, Scene>> = {
  'list--by-exact-name-right-after-create': probe,
  'list--by-tag-right-after-create': probe,
  'list--name-is-unanchored-regex': others('web'),
  'list--own-request-id-malformed': probed,
  'list--not-tags': others('bulk-38', 'bulk-39'),
  'list--accept-xml': bads,
  'list--bad-token-401': (stage) => {
    stage.token = 'gAAAAAnonsense';
  },
  'list--access-rules-token': narrowed,
  'detail--by-name': web,
  'detail--unknown-filter-2.1': web,
  'action.stop--while-building-404': async (stage) => {
    await lan(stage);
    await asked(stage, { name: 'b' }, { id: building });
  },
  'delete--while-building': async (stage) => {
    await lan(stage);
    await asked(stage, { name: 'b' }, { id: building });
  },
  'action.stop--while-powering-off': async (stage) => {
    await probed(stage);
    await stage.call('alice', 'compute', 'POST', `/v2.1/servers/${PROBE}/action`, { body: { 'os-stop': null } });
    // By the time of the second request it had stopped.
    stage.settle();
  },
  'delete--again-404': removed,
  'show--deleted-404': removed,
  'create--with-own-port': ownPort,
  'create--same-port-at-once': async (stage) => {
    await ownPort(stage);
    await asked(stage, once);
  },
  'create--same-port-a-third-time': ownPort,
  'create--twin-first': async (stage) => {
    await lan(stage, 'v-net', '65b20a31-19a7-41da-a6db-8bf9391da790');
    await image(stage);
  },
  'create--twin-second': async (stage) => {
    await lan(stage, 'v-net', '65b20a31-19a7-41da-a6db-8bf9391da790');
    await image(stage);
    await asked(stage, { name: 'twin', networks: [{ uuid: '65b20a31-19a7-41da-a6db-8bf9391da790' }] });
  },
  'create--port-of-a-running-server': async (stage) => {
    await lan(stage);
    await image(stage);
    const port = 'f6c98088-09f4-43ea-a10d-d25355033f49';
    stage.ids(port);
    await stage.call('alice', 'network', 'POST', '/v2.0/ports', { body: { port: { network_id: LAN } } });
    await asked(stage, { name: 'seq', networks: [{ port }] });
    stage.settle();
  },
};

/** The image of the second recorded site, under its id. */
async function image(stage: Stage): Promise<void> {
  stage.ids('0bf4e6d2-c0a8-49c5-9e57-726c8be90e71');
  const body = { name: 'cirros', disk_format: 'raw', container_format: 'bare' };
  const made = await stage.call<{ id: string }>('alice', 'image', 'POST', '/v2/images', { body });
  const headers = { 'content-type': 'application/octet-stream' };
  await stage.call('alice', 'image', 'PUT', `/v2/images/${made.id}/file`, { body: 'bytes', headers });
  stage.settle();
}

export const listScenes: Readonly<Record<string, Scene>> = {
  ...Object.fromEntries(Object.entries(named).map(([name, scene]) => [`nova.servers.${name}`, scene])),
  'nova.flavors.list--access-rules-token-not-listed': narrowed,
};
