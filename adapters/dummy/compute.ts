/** Computes (INF-2 to INF-5): one row each, which also contains the links. */

import { alignedForms, requireAgreement } from '../../lib/adapter/contextualization.ts';
import type { ActResult, Draft, KindAdapter, LinkDraft, NativeId } from '../../lib/adapter/contract.ts';
import type { LinkTerm } from '../../lib/occi/kinds/index.ts';
import { type Attributes, typeId } from '../../lib/occi/types.ts';
import { moved } from './actions.ts';
import { changed } from './changes.ts';
import { type Attachment, type Cloud, type Content, changeRow, readRow, removeRow } from './cloud.ts';
import { holderOf, isUsedIn, type Take, type Taken } from './links/attachments.ts';
import { letGo } from './links/targets.ts';
import { takeInterface } from './networkinterface.ts';
import { requireQuota } from './quotas.ts';
import { insert, keptAttributes, readsOf } from './resources.ts';
import { takeGroup } from './securitygrouplink.ts';
import { inState, movingFor, NEW_STATE, requireApplicable, stateOf } from './states.ts';
import { takeStorage } from './storagelink.ts';
import { saveTemplate } from './templates.ts';

const TAKE = {
  networkinterface: takeInterface,
  storagelink: takeStorage,
  securitygrouplink: takeGroup,
} as const satisfies { readonly [K in LinkTerm]: Take<K> };

/** A valid DNS host name, derived from the title, or from the id if the title gives none. */
function hostnameOf(title: unknown, id: NativeId): string {
  const label = String(title ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/^[.-]+|[.-]+$/g, '');
  return label.slice(0, 63).replace(/[.-]+$/, '') || id;
}

/** The attributes, with defaults for those that neither the client nor a template sets. */
const withDefaults = (attributes: Attributes, id: NativeId): Attributes => ({
  'occi.compute.architecture': 'x64',
  'occi.compute.cores': 1,
  'occi.compute.memory': 1,
  'occi.compute.hostname': attributes['occi.compute.hostname'] ?? hostnameOf(attributes['occi.core.title'], id),
  ...attributes,
});

function fromOcci(cloud: Cloud, draft: Draft<'compute'>, id: NativeId): Content {
  const failed = cloud.settings.boot === 'error';
  const state: Attributes = failed
    ? {
        'occi.compute.state': 'error',
        'occi.compute.state.message': 'The machine did not boot, as the setting boot says.',
      }
    : { 'occi.compute.state': NEW_STATE.compute };
  return {
    attributes: Object.assign(withDefaults(keptAttributes(draft.attributes), id), state),
    mixins: draft.mixins.map(typeId),
    ...movingFor(cloud, cloud.settings.bootDelay, 'Booting.'),
  };
}

/** Takes the targets of all inline links or of none, in sequence, so that slots follow the order of the request. */
async function attachAll(cloud: Cloud, id: NativeId, token: string, drafts: readonly LinkDraft[]) {
  const holder = holderOf(cloud, id, token);
  const taken: Taken[] = [];
  const links: Attachment[] = [];
  try {
    for (const draft of drafts) {
      const take = TAKE[draft.kind as LinkTerm] as Take;
      taken.push(await take(cloud, holder, draft as LinkDraft<LinkTerm>));
      links.push(taken.at(-1)!.attach(links));
    }
    return { taken, links };
  } catch (error) {
    await releaseAll(taken);
    throw error;
  }
}

async function releaseAll(taken: readonly Taken[]): Promise<void> {
  for (const one of taken.toReversed()) await one.release();
}

export const compute = (cloud: Cloud): KindAdapter<'compute'> => ({
  ...readsOf(cloud, 'compute'),

  async create(draft, token) {
    requireAgreement(draft.attributes);
    let taken: readonly Taken[] = [];
    try {
      return await insert(
        cloud,
        'compute',
        token,
        async (id) => {
          const content = fromOcci(cloud, draft, id);
          await requireQuota(cloud, 'compute', content.attributes);
          if (draft.links.length === 0) return content;
          const attached = await attachAll(cloud, id, token, draft.links);
          taken = attached.taken;
          return { ...content, links: attached.links };
        },
        (winner) => releaseAll(taken.filter((one) => !isUsedIn(winner, one))),
      );
    } catch (error) {
      await releaseAll(taken);
      throw error;
    }
  },

  async sizeOfNew({ attributes }) {
    return withDefaults(attributes, '');
  },

  async update(id, change) {
    requireAgreement(change.set);
    const before = await readRow(cloud, 'compute', id);
    const wanted = (attributes: Attributes) => withDefaults(attributes, id);
    const after = (row: typeof before) =>
      changed('compute', row, { ...change, set: { ...change.set, ...alignedForms(change, row.attributes) } });
    await requireQuota(cloud, 'compute', wanted(after(before).attributes), before.attributes);
    await changeRow(cloud, 'compute', id, (row) => {
      const { attributes, mixins } = after(row);
      return { ...row, attributes: wanted(attributes), mixins };
    });
    return readsOf(cloud, 'compute').get(id);
  },

  async remove(id) {
    const { links = [] } = await removeRow(cloud, 'compute', id);
    for (const link of links) await letGo(cloud, id, link);
  },

  async act(id, action, attributes): Promise<ActResult> {
    if (action === 'save') return { mixin: await save(cloud, id, attributes) };
    await changeRow(cloud, 'compute', id, (row) => moved(cloud, 'compute', row, action, attributes));
    return {};
  },
});

/** Saves a compute as a template. A `deferred` save makes it `waiting` for `actionDelay`, like any other action. */
async function save(cloud: Cloud, id: NativeId, { name, method }: Attributes) {
  const row = await changeRow(cloud, 'compute', id, (present) => {
    const state = stateOf('compute', present, cloud.now());
    requireApplicable('compute', state, 'save');
    const delay = method === 'deferred' ? cloud.settings.actionDelay : 0;
    return delay > 0 ? inState(cloud, 'compute', present, state, delay, 'Saving.') : present;
  });
  return saveTemplate(cloud, row, id, typeof name === 'string' ? name : undefined);
}
