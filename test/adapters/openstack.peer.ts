/**
 * The adapter for OpenStack keeps the contract, against a real control plane.
 *
 * A case of a link makes two machines or more, which take most of the time. In CI, links are tried with the cases that are
 * about links, beside the inline links of the computes; OPENSTACK_CONTRACT=whole tries them with those that every kind
 * has too.
 */
import { isLinkTerm, KIND_TERMS } from '../../lib/occi/kinds/index.ts';
import { adapterContract } from '../contract/adapter.ts';
import { makeTenants } from '../peers/openstack/endpoint/tenants.ts';
import { openStack } from '../peers/openstack/peer.ts';
import { login } from '../peers/openstack/rest.mjs';
import { common, underTest } from './openstack/contract.ts';

const isWhole = process.env.OPENSTACK_CONTRACT === 'whole' || !process.env.CI;

/** The main caller of the suite, some who must see nothing of his, and those whose listings are counted. */
const TENANTS = ['anne', 'others', 'counts'] as const;

const tenantOf = (caller: string): (typeof TENANTS)[number] => {
  if (caller === 'anne') return caller;
  return caller.startsWith('counts ') ? 'counts' : 'others';
};

adapterContract({
  ...common([
    { reason: 'this control plane has no backup service', cases: ['storage > backup'] },
    {
      reason: "Nova's fake driver never uploads the image, which stays queued",
      cases: ['compute > brings the template that save made'],
    },
  ]),
  name: 'openstack',
  ...(!isWhole && {
    onlyOwnCases: { reason: 'CI has no time for it: OPENSTACK_CONTRACT=whole', kinds: KIND_TERMS.filter(isLinkTerm) },
  }),
  patience: 180,
  // A machine takes seconds; the stand-in has more.
  sizes: [1, 3],
  async start() {
    const cloud = await openStack();
    const tenants = await makeTenants(cloud.keystone, TENANTS);
    const session = await login(cloud.keystone, tenants.user('anne'));
    const { images } = await session.ask('image', 'GET', '/v2/images?name=cirros-tiny');
    return underTest({
      endpoint: cloud.keystone,
      defaultOsTemplate: images[0].id,
      credentialsOf: (caller) => tenants.credentials(tenantOf(caller)),
      async stop() {
        await tenants.remove();
        await cloud.stop();
      },
    });
  },
});
