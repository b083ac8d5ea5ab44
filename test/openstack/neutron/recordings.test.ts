import { type Event, type Story, session, tells, tellsAll } from '../story.ts';

const NET = '85428bbd-c7c2-4129-bb6f-0743d23512cb';
const ROUTER = '3f99f5a5-6b39-430d-a2b0-3cb7e158a2d2';
const SECOND = '65f2c2b5-93f9-404e-8d66-289b327b840f';
const SECOND_SUBNET = 'dff43516-710e-4312-b093-7153153ca777';
const THIRD = '65b20a31-19a7-41da-a6db-8bf9391da790';
const PUBLIC = 'f18fd0c7-7433-4ed3-bd9b-ebc9743f7f7d';
const FLOATING = '4c9a8f20-6c7d-431e-a511-758e211971f1';
const SERVER = 'c5247107-5f3a-4aad-a177-5a9dcb685b04';
const OTHER_SERVER = 'c84edb9b-cdfb-45d0-9880-b009ce91436b';
const PORT_OF_SERVER = '3111957d-7eb8-4dbf-aa1a-3e6a4dacfed2';
const OWN_PORT = '6ef251ca-99bf-46a8-9e61-880176d6f5fe';
const LAST_PORT = 'f6c98088-09f4-43ea-a10d-d25355033f49';

/** The next things that are made have these ids, so that they are listed in the recorded order. */
const ids =
  (...wanted: readonly string[]): Event =>
  ({ stand }) =>
    stand.site.ids.expect(...wanted);

const made =
  (path: string, body: object, id: string): Event =>
  (story) =>
    story.call('alice', 'network', ['POST', path, body, id]);

const changed =
  (path: string, body: object): Event =>
  (story) =>
    story.call('alice', 'network', ['PUT', path, body]);

/** A port that Nova makes for a server, under its recorded id. */
const plugged =
  (id: string, networkId: string, serverId: string): Event =>
  ({ stand: { site } }: Story) => {
    site.ids.expect(id);
    const port = site.between.ports.create(site.people.projectNamed('alpha')!.id, { networkId });
    if (typeof port === 'string') throw new Error(port);
    site.between.ports.bind(port.id, serverId, 'nova');
  };

const bound =
  (id: string): Event =>
  ({ stand }) =>
    stand.site.between.ports.bind(id, SERVER, 'nova');

const unbound =
  (id: string): Event =>
  ({ stand }) =>
    stand.site.between.ports.unbind(id);

const serverDeleted =
  (id: string): Event =>
  ({ stand: { site } }) => {
    for (const port of site.between.ports.ofServer(id)) site.between.ports.remove(port.id);
  };

const named = (resource: string, ...cases: readonly string[]): string[] =>
  cases.map((one) => `neutron.${resource}.${one}`);

const steps: readonly (string | Event)[] = [
  ...named('extensions', 'list--all'),
  'neutron.versions--root',
  'neutron.versions--v2.0',
  ...named('networks', 'list--no-token-401', 'list--bad-token-401', 'list--only-public', 'list--by-name'),
  ids(NET, '0d4e26c3-b8f3-4808-8655-6a4e4378d583'),
  ...named('networks', 'create--plain', 'create--same-name-again', 'create--name-256-400'),
  ...named('networks', 'create--shared-by-member-403', 'create--vlan-by-member-403'),
  ...named('networks', 'create--broken-json-400', 'create--no-envelope-400'),
  ids('43718c73-63bd-49ae-907d-4e1fad7254a5', '99a83591-0a13-46ec-a0ea-90ed7311eca8'),
  ...named('networks', 'create--bulk'),
  ...named('subnets', 'create--v4', 'create--v6-slaac', 'create--version-mismatch-400', 'create--overlap-400'),
  ...named('subnets', 'create--gateway-outside', 'create--host-bits-set', 'create--on-foreign-network'),
  ...named('networks', 'show--own', 'show--reader', 'show--as-admin', 'show--foreign-404', 'update--foreign-404'),
  ...named('networks', 'update--down', 'update--if-match-stale-412'),
  changed(`/v2.0/networks/${NET}`, { network: { admin_state_up: true } }),
  ...named('tags', 'add--one', 'replace--three', 'replace--256-chars', 'replace--51-tags'),
  ...named('networks', 'list--by-tag', 'list--limit-2', 'list--limit-2-marker', 'list--sort-key-without-sort-dir'),
  ...named('networks', 'list--unknown-marker', 'list--fields', 'list--unknown-filter'),
  ids(ROUTER),
  ...named('routers', 'create--with-gateway', 'add-interface--v4', 'add-interface--again-400'),
  ...named('floatingips', 'create--not-external-400', 'create--wanted-address-by-member'),
  made('/v2.0/floatingips', { floatingip: { floating_network_id: PUBLIC } }, FLOATING),
  ...named('ports', 'create--fixed-ip', 'create--ip-in-use-409', 'create--ip-outside-400', 'create--mac-chosen'),
  ...named('ports', 'create--mac-in-use-409', 'create--mac-malformed-400', 'create--network-not-uuid'),
  ...named('floatingips', 'update--associate', 'show--associated', 'list--by-port'),
  ...named('security-groups', 'list--default', 'create--plain', 'create--named-default'),
  ...named('security-group-rules', 'create--tcp-80', 'create--duplicate-409'),
  ...named('quotas', 'show--own', 'update--admin'),
  ...named('floatingips', 'create--over-quota-409'),
  ...named('networks', 'delete--foreign-404', 'delete--free', 'delete--again-404', 'delete--external-by-member'),
  'neutron.any--unknown-path-404',
  ...named('agents', 'list--admin', 'list--member'),
  ...named('ports', 'delete--free'),
  ...named('networks', 'create--bob'),
  ...named('subnets', 'create--bob-same-range'),
  plugged('ef9613b9-9a94-469d-9adb-facc7016c9c9', NET, SERVER),
  ...named('ports', 'list--by-server', 'list--by-server-admin'),
  plugged('0f59a1c3-1b84-4b81-a57f-9651d8b0a716', NET, SERVER),
  ...named('ports', 'delete--of-a-server'),
  made('/v2.0/ports', { port: { network_id: NET, name: 'own-port-2' } }, OWN_PORT),
  bound(OWN_PORT),
  unbound(OWN_PORT),
  serverDeleted(SERVER),
  ...named('ports', 'list--after-server-delete', 'show--own-port-after-server-delete'),
  made('/v2.0/networks', { network: { name: 'second' } }, SECOND),
  made('/v2.0/subnets', { subnet: { network_id: SECOND, ip_version: 4, cidr: '10.77.0.0/24' } }, SECOND_SUBNET),
  ...named('routers', 'add-interface--second-subnet'),
  plugged(PORT_OF_SERVER, SECOND, OTHER_SERVER),
  changed(`/v2.0/floatingips/${FLOATING}`, { floatingip: { port_id: PORT_OF_SERVER } }),
  ...named('floatingips', 'show--on-server-port'),
  serverDeleted(OTHER_SERVER),
  ...named('floatingips', 'show--after-its-server-was-deleted'),
  ...named('routers', 'delete--has-interfaces-409'),
  changed(`/v2.0/routers/${ROUTER}/remove_router_interface`, { subnet_id: SECOND_SUBNET }),
  ...named('networks', 'delete--with-subnet-only'),
  ...named('floatingips', 'delete--ok', 'delete--again-404'),
  made('/v2.0/networks', { network: { name: 'third' } }, THIRD),
  (story) =>
    story.call('alice', 'network', [
      'POST',
      '/v2.0/subnets',
      { subnet: { network_id: THIRD, ip_version: 4, cidr: '10.55.0.0/24' } },
    ]),
  made('/v2.0/ports', { port: { network_id: THIRD, name: 'seq' } }, LAST_PORT),
  bound(LAST_PORT),
  ...named('ports', 'show--own-port-in-use', 'delete--own-port-of-a-running-server'),
  unbound(LAST_PORT),
  ...named('ports', 'show--own-port-after-its-server-was-deleted'),
  made('/v2.0/ports', { port: { network_id: THIRD, name: 'race' } }, '304c2f59-1e7f-4b21-b89d-ba6e7ba17b76'),
  ...named('ports', 'show--after-race'),
];

tells({
  title: 'recorded networks',
  steps,
  callers: { 'neutron.networks.list--bad-token-401': 'nobody', 'neutron.subnets.create--on-foreign-network': 'alice' },
  notReplayed: {
    'neutron.extensions.list--all': 'The stand-in names the extensions that clients look for; the real one had 88.',
    'neutron.agents.list--admin': 'There are no agents.',
  },
});

const FIRST = session('neutron', '2026-11-30T15:59', '2026-11-30T16:03');
const SECOND_SESSION = session('neutron', '2026-11-30T16:11', '2026-11-30T16:20');

const CHOICE = 'Neutron had chosen the small subnet for a port before, by its id; the stand-in takes the first subnet.';

tells({
  title: 'networks, tags, subnets and ports',
  steps: FIRST,
  notReplayed: {
    'neutron.ports.create--second-of-small-subnet-409': CHOICE,
    'neutron.networks.delete--has-ports-409': `${CHOICE} So there is one port more.`,
  },
});

tells({
  title: 'floating addresses, routers and groups',
  steps: [
    // What was left of the session before: a port in the default group.
    async (story) => {
      const id = 'd10b2fe9-924f-44ff-b59b-29358545e47a';
      await story.call('alice', 'network', ['POST', '/v2.0/networks', { network: { name: 's2-net' } }, id]);
      await story.call('alice', 'network', ['POST', '/v2.0/ports', { port: { network_id: id } }]);
    },
    ...SECOND_SESSION,
  ],
  notReplayed: {
    'neutron.security-groups.update--default-description':
      'Neutron says in this answer only that the rules belong to the default group, and null elsewhere.',
  },
});

tellsAll('neutron', [...steps, ...FIRST, ...SECOND_SESSION]);
