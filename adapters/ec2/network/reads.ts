/** Subnets that the caller may see: one, some, by token, or all. */

import { canonicalCidr } from '../../../lib/adapter/cidr.ts';
import type { Native, NativeId } from '../../../lib/adapter/contract.ts';
import { stateIn } from '../../../lib/adapter/states.ts';
import { MIXINS } from '../../../lib/occi/mixins/index.ts';
import { type Attributes, typeId } from '../../../lib/occi/types.ts';
import { translateErrors } from '../api/errors.ts';
import { byId, readAll } from '../api/pages.ts';
import { type Cloud, isOwn, noSuch, notSeen, TAG, tagOf, titleOf, tokenFilters } from '../cloud.ts';
import { regionMixinId, zoneMixinId } from '../mixins.ts';
import { type Subnet, subnets } from '../native/index.ts';
import { SUBNET } from '../states.ts';

export const ADDRESS = 'occi.network.address';
export const GATEWAY = 'occi.network.gateway';
export const ALLOCATION = 'occi.network.allocation';
const IP_NETWORK = typeId(MIXINS.ipnetwork);

/**
 * The address of EC2's router in an IPv4 network: the one after the network address. Undefined for IPv6 and for text
 * that is not a network.
 */
export function routerOf(cidr: string): string | undefined {
  const [, others, last, length] = /^(\d+\.\d+\.\d+)\.(\d+)\/(\d+)$/.exec(canonicalCidr(cidr) ?? '') ?? [];
  return Number(length) <= 30 ? `${others}.${Number(last) + 1}` : undefined;
}

const isSubnetId = (id: string): boolean => /^subnet-[0-9a-f]{8,17}$/.test(id);

/**
 * How the caller sees a subnet: the caller's tenant created it (`own`), everyone may use it but not change it
 * (`published`), or it is hidden (undefined). The settings name the published subnets, and the default subnet of
 * computes is one of them. In an account with a single tenant every subnet that was not created here is published.
 */
export function isVisibleSubnet(cloud: Cloud, subnet: Subnet): 'own' | 'published' | undefined {
  const { account, settings } = cloud;
  const { SubnetId, Tags, DefaultForAz } = subnet;
  const tenant = tagOf(Tags, TAG.tenant);
  if (tenant !== undefined && isOwn(cloud, Tags)) return 'own';
  const { networks } = settings.published;
  if (SubnetId === settings.subnet || (typeof networks !== 'string' && networks.includes(SubnetId))) return 'published';
  if (tenant !== undefined) return undefined;
  return !account.fenced || networks === 'all' || (networks === 'default' && DefaultForAz) ? 'published' : undefined;
}

/**
 * The attributes of the mixin ipnetwork: IPv4 if the subnet has both, with EC2's router. IPv6 routers announce
 * themselves.
 */
function ipAttributes({ CidrBlock, Ipv6CidrBlockAssociationSet }: Subnet): Attributes | undefined {
  const associated = Ipv6CidrBlockAssociationSet.find(
    ({ Ipv6CidrBlockState: state }) => state === undefined || /^associat/.test(state.State),
  );
  const address = CidrBlock || associated?.Ipv6CidrBlock;
  if (!address) return undefined;
  const router = routerOf(address);
  return { [ADDRESS]: address, ...(router !== undefined && { [GATEWAY]: router }), [ALLOCATION]: 'dynamic' };
}

export function toNetwork(cloud: Cloud, subnet: Subnet): Native<'network'> {
  const { state, message } = stateIn(SUBNET, subnet.State);
  const ip = ipAttributes(subnet);
  return {
    kind: 'network',
    id: subnet.SubnetId,
    attributes: {
      ...titleOf(subnet.Tags),
      'occi.network.state': state,
      ...(message !== undefined && { 'occi.network.state.message': message }),
      ...ip,
    },
    mixins: [...(ip ? [IP_NETWORK] : []), zoneMixinId(subnet.AvailabilityZone), regionMixinId(cloud.settings)],
    links: [],
    ...(isVisibleSubnet(cloud, subnet) !== 'own' && { published: true }),
  };
}

/** A subnet: 1 call. Throws `notFound` for one that does not exist or that the caller may not see. */
export async function readSubnet(cloud: Cloud, id: NativeId): Promise<Subnet> {
  if (!isSubnetId(id)) throw noSuch('network');
  const { items } = await translateErrors('network', () =>
    cloud.ec2.call('DescribeSubnets', { SubnetIds: [id] }, subnets),
  );
  const [subnet] = items;
  if (!subnet || !isVisibleSubnet(cloud, subnet)) throw notSeen(cloud, 'network', subnet);
  return subnet;
}

/** All subnets that the caller may see: 1 call per page. EC2 cannot filter by `own` or `published`. */
export async function readSubnets(cloud: Cloud): Promise<Subnet[]> {
  const all = await translateErrors('network', () => readAll(cloud, 'DescribeSubnets', {}, subnets));
  return all
    .filter((subnet) => isVisibleSubnet(cloud, subnet) !== undefined)
    .sort(byId(({ SubnetId }: Subnet) => SubnetId));
}

/** Those of the given subnets that the caller may see, by id: 1 call, or no call without ids. */
export async function subnetsById(cloud: Cloud, ids: readonly NativeId[]): Promise<ReadonlyMap<NativeId, Subnet>> {
  const Values = [...new Set(ids)].filter(isSubnetId);
  if (Values.length === 0) return new Map();
  const input = { Filters: [{ Name: 'subnet-id', Values }] };
  const found = await translateErrors('network', () => readAll(cloud, 'DescribeSubnets', input, subnets));
  return new Map(
    found.flatMap((subnet) => (isVisibleSubnet(cloud, subnet) ? [[subnet.SubnetId, subnet] as const] : [])),
  );
}

/** The subnet that a create with this token made: 1 call. */
export async function findSubnet(cloud: Cloud, token: string): Promise<Subnet | undefined> {
  const input = { Filters: tokenFilters(cloud, token) };
  const [found] = await translateErrors('network', () => readAll(cloud, 'DescribeSubnets', input, subnets));
  return found;
}
