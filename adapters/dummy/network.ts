/** Networks (INF-6 to INF-8): the caller's own, and those that the provider publishes. */
import type { KindAdapter } from '../../lib/adapter/contract.ts';
import { OcciError } from '../../lib/errors.ts';
import { MIXINS } from '../../lib/occi/mixins/index.ts';
import { type Attributes, typeId } from '../../lib/occi/types.ts';
import { moved } from './actions.ts';
import { hasHost, rangeOf } from './addresses.ts';
import { changed } from './changes.ts';
import { type Cloud, type Content, changeRow, readRow } from './cloud.ts';
import { inUse, removeShared, usersOf } from './links/targets.ts';
import { requireQuota } from './quotas.ts';
import { insert, keptAttributes, readsOf, refusePublished } from './resources.ts';
import { NEW_STATE } from './states.ts';

const IP_NETWORK = typeId(MIXINS.ipnetwork);
const ADDRESS = 'occi.network.address';
const GATEWAY = 'occi.network.gateway';

/** Defaults of an IP network. Networks are isolated from each other, so all can have the same addresses. */
const DEFAULTS = { [ADDRESS]: '192.168.0.0/24', [GATEWAY]: '192.168.0.1' };

/** Throws `invalid` when the gateway is not an address of the network. */
function requireGatewayInside({ [ADDRESS]: address, [GATEWAY]: gateway }: Attributes): void {
  if (typeof address !== 'string' || typeof gateway !== 'string' || hasHost(rangeOf(address), gateway)) return;
  throw new OcciError('invalid', `The gateway ${gateway} is not an address of the network ${address}.`);
}

function withAddresses(attributes: Attributes, mixins: readonly string[]): Attributes {
  const isIp = mixins.includes(IP_NETWORK);
  const missing = isIp && attributes[ADDRESS] === undefined && attributes[GATEWAY] === undefined;
  const all: Attributes = {
    ...(isIp && { 'occi.network.allocation': 'dynamic' }),
    ...(missing && DEFAULTS),
    ...attributes,
  };
  requireGatewayInside(all);
  return all;
}

export const network = (cloud: Cloud): KindAdapter<'network'> => ({
  ...readsOf(cloud, 'network'),

  async create(draft, token) {
    const mixins = draft.mixins.map(typeId);
    const attributes = withAddresses(keptAttributes(draft.attributes), mixins);
    return insert(cloud, 'network', token, async (): Promise<Content> => {
      await requireQuota(cloud, 'network', attributes);
      return { attributes: { ...attributes, 'occi.network.state': NEW_STATE.network }, mixins };
    });
  },

  /** The address range of a network can change only while no link ends at it. */
  async update(id, change) {
    refusePublished(cloud, 'network', id);
    const before = await readRow(cloud, 'network', id);
    const after = changed('network', before, change);
    if ([ADDRESS, GATEWAY].some((name) => after.attributes[name] !== before.attributes[name])) {
      const users = await usersOf(cloud, 'network', id);
      if (users > 0) throw inUse('network', users);
    }
    await changeRow(cloud, 'network', id, (row) => {
      const { attributes, mixins } = changed('network', row, change);
      return { ...row, attributes: withAddresses(attributes, mixins), mixins };
    });
    return readsOf(cloud, 'network').get(id);
  },

  async remove(id) {
    refusePublished(cloud, 'network', id);
    await removeShared(cloud, 'network', id);
  },

  async act(id, action, attributes) {
    refusePublished(cloud, 'network', id);
    await changeRow(cloud, 'network', id, (row) => moved(cloud, 'network', row, action, attributes));
    return {};
  },
});
