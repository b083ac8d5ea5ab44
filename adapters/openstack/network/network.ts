/**
 * Networks of Neutron: those of the project, and those that the provider or another project shares, which are published.
 * A network has the addresses of its first subnet. Titles and summaries are its name and description.
 */

import { spanOf } from '../../../lib/adapter/addresses.ts';
import { changedAttributes, changedMixins } from '../../../lib/adapter/changes.ts';
import type { Change, KindAdapter, Native, NativeId } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { translateErrors } from '../api/errors.ts';
import { path } from '../api/path.ts';
import { ifUnchanged, isStale } from '../api/revisions.ts';
import type { Cloud } from '../cloud.ts';
import { type Network, networkAnswer } from '../native/network.ts';
import {
  findFinished,
  isBegun,
  isOwn,
  readNetwork,
  readNetworkIds,
  readNetworks,
  toNetwork,
  type WholeNetwork,
} from './reads.ts';
import { ADDRESS, IP_NETWORK } from './subnets.ts';
import { isHeld } from './texts.ts';
import { requireNoVlan } from './vlan.ts';

const TITLE = 'occi.core.title';
const SUMMARY = 'occi.core.summary';
/** Attempts to change a network that other requests change at the same time. */
const MAX_ATTEMPTS = 3;

/** The fields of Neutron that a change sets. Throws `notImplemented` for what a network keeps as long as it exists. */
function fieldsOf(present: Native<'network'>, change: Change<'network'>): { name?: string; description?: string } {
  const { set, unset } = change;
  requireNoVlan(set);
  const same = spanOf(set[ADDRESS] as string | undefined);
  const now = spanOf(present.attributes[ADDRESS] as string | undefined);
  const isSameRange = same !== undefined && same.first === now?.first && same.last === now.last;
  const other = changedAttributes(present, change).find(
    (name) => name !== TITLE && name !== SUMMARY && !(name === ADDRESS && isSameRange && !unset.includes(ADDRESS)),
  );
  if (other !== undefined || changedMixins(present, change).includes(IP_NETWORK)) {
    throw new OcciError(
      'notImplemented',
      `${other === undefined ? 'Whether a network has addresses' : `The attribute ${other} of a network`} cannot be changed in this cloud: make another network instead.`,
    );
  }
  const text = (name: typeof TITLE | typeof SUMMARY) => set[name] ?? (unset.includes(name) ? '' : undefined);
  const [name, description] = [text(TITLE), text(SUMMARY)];
  return { ...(name !== undefined && { name }), ...(description !== undefined && { description }) };
}

export const network = (cloud: Cloud): KindAdapter<'network'> => {
  const { client, tokens } = cloud;

  /** A network that the caller may change: 2 calls. Throws `forbidden` if it is published. */
  const readOwn = async (id: NativeId) => {
    const { projectId } = await cloud.session();
    const whole = await readNetwork(cloud, id);
    if (isOwn(whole.network, projectId)) return { whole, projectId };
    throw new OcciError('forbidden', 'The network is published by the provider and cannot be changed.');
  };

  /**
   * Reads a network, decides on a change, and makes it unless another request was faster: 3 calls. Neutron compares the
   * revision, which also counts ports that come and go, so it is tried again.
   */
  const change = async (id: NativeId, decide: (native: Native<'network'>) => object): Promise<WholeNetwork> => {
    for (let attempt = 1; ; attempt++) {
      const { whole, projectId } = await readOwn(id);
      if (isBegun(whole.network)) {
        throw new OcciError('conflict', 'The network is still being made: delete it, or repeat the create.');
      }
      const fields = decide(toNetwork(whole, projectId));
      if (Object.keys(fields).length === 0) return whole;
      try {
        const { value } = await client.call('network', 'PUT', path`networks/${id}`, networkAnswer, {
          body: { network: fields },
          ...ifUnchanged(whole.network),
        });
        return { ...whole, network: value.network satisfies Network };
      } catch (error) {
        if (!isStale(error) || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  };

  const shown = async (whole: WholeNetwork) => toNetwork(whole, (await cloud.session()).projectId);

  return {
    /** 1 call per page. */
    ids: (query) => readNetworkIds(cloud, query),

    /** 1 call per page, and 1 for the subnets of all pages. */
    async list(query) {
      const { projectId } = await cloud.session();
      const page = await readNetworks(cloud, query);
      return { ...page, items: page.items.map((whole) => toNetwork(whole, projectId)) };
    },

    /** 2 calls at the same time. */
    get: async (id) => shown(await readNetwork(cloud, id)),
    finding: { by: 'uuid' },

    async findByToken(token) {
      const found = await findFinished(cloud, token);
      return found && shown(found);
    },

    /** 5 calls, 7 with a router. */
    async create(draft, token) {
      const { projectId } = await cloud.session();
      let fresh: WholeNetwork | undefined;
      const id = await tokens.createOnce(`network ${projectId}`, token, async () => {
        fresh = await (await import('./create.ts')).createNetwork(cloud, draft, token);
        return fresh.network.id;
      });
      return shown(fresh ?? (await readNetwork(cloud, id)));
    },

    /** 3 calls. */
    update: async (id, wanted) =>
      shown(await translateErrors('network', () => change(id, (present) => fieldsOf(present, wanted)))),

    /** 5 calls, 8 with a router. Throws `conflict` with the number of users. */
    async remove(id) {
      await readOwn(id);
      const { deleteNetwork } = await import('./remove.ts');
      await translateErrors('network', () => deleteNetwork(cloud, id));
      tokens.forget(id);
    },

    /** 3 calls. */
    async act(id, action) {
      const isUp = action === 'up';
      await translateErrors('network', () =>
        change(id, ({ attributes: { 'occi.network.state': state } }) => {
          if (state === (isUp ? 'inactive' : 'active')) return { admin_state_up: isUp };
          throw new OcciError('conflict', `The network is ${state}: the action ${action} is not possible now.`);
        }),
      );
      return {};
    },

    // Neutron has no field for it.
    cannotHold: ['occi.network.label'],
    cannotHoldValue: (name, value) => (name === TITLE || name === SUMMARY) && !isHeld(value),
  };
};
