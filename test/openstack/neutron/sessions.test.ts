import { session, tells } from '../story.ts';

const CHOICE = 'Neutron had chosen the small subnet for a port before, by its id; the stand-in takes the first subnet.';

tells({
  title: 'networks, tags, subnets and ports',
  steps: session('neutron', '2026-11-30T15:59', '2026-11-30T16:03'),
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
    ...session('neutron', '2026-11-30T16:11', '2026-11-30T16:20'),
  ],
  notReplayed: {
    'neutron.security-groups.update--default-description':
      'Neutron says in this answer only that the rules belong to the default group, and null elsewhere.',
  },
});
