import { newToken } from '../../keystone/issue.ts';
import type { Scene, Stage } from '../../stage.ts';
import { asked, bads, done, keyPair, LAN, lan, lanWithIpv6, PUBLIC, WEB, web, webB } from './stage.ts';

const PROBE = 'f8fd7075-a25c-479d-827d-8f5cd753a14c';
const PORT = '5d896485-74ea-432d-9385-e6c6f946433e';

const BULK = { 'occi.id': 'urn:uuid:bulk', 'occi.kind': 'compute' };
const PROBE_WISH = { name: 'probe-7f3a', metadata: { 'occi.id': 'urn:uuid:7f3a' }, tags: ['tok-7f3a'] };

/** One of many that were asked for together, under one name. */
const bulk = async (stage: Stage, name: string): Promise<void> => {
  // Nova sorts by whole seconds.
  stage.stand.site.passTime(1000);
  const id = await asked(stage, { name: 'bulk', key_name: 'k1', metadata: BULK });
  const server = stage.stand.nova.servers.get(id)!;
  server.name = name;
  server.hostname = name;
};

const probe = async (stage: Stage): Promise<void> => {
  await lanWithIpv6(stage);
  await asked(stage, PROBE_WISH, { id: PROBE, version: '2.52' });
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
    for (const name of names) await bulk(stage, name);
    stage.stand.site.passTime(1000);
    await asked(stage, PROBE_WISH, { id: PROBE, version: '2.52' });
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

const failed = async (stage: Stage): Promise<void> => {
  await lan(stage);
  await bads(stage);
};

const PROJECT = 'c7b2d8def937457f9fc84a7a2f2529a0';

/** What was there when the deleted ones were looked for. */
const multi = async (stage: Stage): Promise<void> => {
  await webB(stage);
  await bads(stage);
  await asked(stage, { name: 'multi', min_count: 3, max_count: 3 });
  stage.settle();
  Object.assign(stage.stand.nova.quotaOf(PROJECT), { cores: 5000 });
  stage.stand.nova.flavors.set('giant2', { id: 'giant2', name: 'm1.giant2', vcpus: 2000, ramMib: 64, diskGib: 1 });
  const nohost = await asked(stage, { name: 'nohost', flavorRef: 'giant2' });
  stage.settle();
  await done(stage, 'resize', { flavorRef: '2' });
  await done(stage, 'confirmResize');
  for (const id of [nohost, WEB]) await stage.call('alice', 'compute', 'DELETE', `/v2.1/servers/${id}`);
  stage.settle();
};

/** Three of one request, of which one has come to a host. */
const reserved = async (stage: Stage): Promise<void> => {
  await lan(stage);
  await asked(stage, { name: 'multi', min_count: 3, max_count: 3 });
  const { nova, site } = stage.stand;
  site.steps.advance();
  site.steps.advance();
  for (const [index, server] of nova.ofProject(PROJECT).entries()) {
    server.reservationId = 'r-471rpht2';
    if (index === 0) server.host = 'fake1';
  }
};

const suspended = async (stage: Stage): Promise<void> => {
  await lanWithIpv6(stage);
  const id = await asked(stage, { name: 'ooi-vm2' });
  await keyPair(stage);
  await bulk(stage, 'bulk-39');
  await asked(stage, PROBE_WISH, { id: PROBE, version: '2.52' });
  stage.settle();
  await done(stage, 'suspend', null, id);
};

const RACED = ['7090c988-c52a-417a-b08e-19a6b6459dc5', '346b62e6-a7ec-4e92-a49f-3a2db18ecd76'];

/** Two creates with one port: the first gets it, the clean-up of the other takes it away. */
const race = async (stage: Stage): Promise<void> => {
  await lan(stage, 'v-net');
  stage.ids(PORT);
  await stage.call('alice', 'network', 'POST', '/v2.0/ports', { body: { port: { network_id: LAN } } });
  for (const id of RACED) await asked(stage, { name: 'race', networks: [{ port: PORT }] }, { id });
  stage.settle();
};

const FLOATING = 'c84edb9b-cdfb-45d0-9880-b009ce91436b';

/** A server with a floating address, by way of a router. */
const floating = async (stage: Stage): Promise<void> => {
  await lan(stage, 'fip-net');
  const network = async <T>(path: string, body: object, method = 'POST'): Promise<T> =>
    await stage.call<T>('alice', 'network', method, `/v2.0/${path}`, { body });
  const { router } = await network<{ router: { id: string } }>('routers', {
    router: { name: 'r', external_gateway_info: { network_id: PUBLIC } },
  });
  const { subnets } = await stage.call<{ subnets: { id: string }[] }>(
    'alice',
    'network',
    'GET',
    `/v2.0/subnets?network_id=${LAN}`,
  );
  await network(`routers/${router.id}/add_router_interface`, { subnet_id: subnets[0]!.id }, 'PUT');
  await asked(stage, { name: 'fipvm' }, { id: FLOATING });
  stage.settle();
  const [port] = stage.stand.site.between.ports.ofServer(FLOATING);
  await network('floatingips', { floatingip: { floating_network_id: PUBLIC, port_id: port!.id } });
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
  'list--accept-xml': failed,
  'detail--by-ip': others('bulk-38', 'bulk-39'),
  'detail--by-status-limit-1': others('bulk-38', 'bulk-39'),
  'detail--by-metadata-latest': others('bulk-38', 'bulk-39'),
  'detail--by-metadata-2.52': suspended,
  'detail--by-metadata-right-after-create': async (stage) => {
    await suspended(stage);
    await done(stage, 'resume', null, stage.stand.nova.ofProject(PROJECT)[0]!.id);
  },
  'detail--by-metadata-ignored': async (stage) => {
    await lan(stage, 'v-net');
    const id = await asked(stage, { name: 'twin', metadata: { bmp: 'значение ü' } });
    stage.settle();
    await stage.call('alice', 'compute', 'PUT', `/v2.1/servers/${id}`, { body: { server: { name: 'Größe' } } });
    await asked(stage, { name: 'twin' });
    stage.settle();
  },
  'detail--by-reservation-id': reserved,
  'detail--deleted-by-member': multi,
  'detail--changes-since': multi,
  'show--after-race-1': race,
  'show--after-race-2': race,
  'show--with-floating-ip': floating,
  'list--bad-token-401': (stage) => {
    stage.token = 'gAAAAAnonsense';
  },
  'list--access-rules-token': narrowed,
  'detail--by-name': web,
  'detail--unknown-filter-2.1': async (stage) => {
    await web(stage);
    await bads(stage);
  },
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
