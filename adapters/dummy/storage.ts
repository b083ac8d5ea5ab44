/** Storages (INF-9, INF-10, D-21): attached to one compute at most. */
import { randomUUID } from 'node:crypto';
import type { KindAdapter } from '../../lib/adapter/contract.ts';
import { OcciError } from '../../lib/errors.ts';
import { type Attributes, typeId } from '../../lib/occi/types.ts';
import { moved } from './actions.ts';
import { changed } from './changes.ts';
import { type Cloud, type Content, changeRow, type EntityRow, readRow, removeRow } from './cloud.ts';
import { inUse, isTaken } from './links/targets.ts';
import { requireQuota } from './quotas.ts';
import { insert, keptAttributes, readsOf } from './resources.ts';
import { inState, NEW_STATE, requireApplicable, stateOf } from './states.ts';

const SIZE = 'occi.storage.size';

/** Title prefixes of the copies that two of the actions make. */
const COPIES = { backup: 'Backup', snapshot: 'Snapshot' } as const;

/** The row grown to `size` GiB. Throws `conflict` when it would shrink. */
function grown(cloud: Cloud, row: EntityRow, size: number): EntityRow {
  const present = Number(row.attributes[SIZE]);
  if (size === present) return row;
  if (size < present)
    throw new OcciError('conflict', `The storage has ${present} GiB and cannot shrink to ${size} GiB.`);
  const state = String(row.attributes['occi.storage.state']);
  const moving = inState(cloud, 'storage', row, state, cloud.settings.actionDelay, 'Growing.');
  return { ...moving, attributes: { ...moving.attributes, [SIZE]: size } };
}

async function resize(cloud: Cloud, id: string, size: number): Promise<void> {
  const { attributes } = await readRow(cloud, 'storage', id);
  await requireQuota(cloud, 'storage', { ...attributes, [SIZE]: size }, attributes);
  await changeRow(cloud, 'storage', id, (row) => {
    requireApplicable('storage', stateOf('storage', row, cloud.now()), 'resize');
    return grown(cloud, row, size);
  });
}

/** Creates a storage of the same size. */
async function copy(cloud: Cloud, id: string, action: keyof typeof COPIES): Promise<void> {
  const row = await readRow(cloud, 'storage', id);
  requireApplicable('storage', stateOf('storage', row, cloud.now()), action);
  const title = `${COPIES[action]} of ${row.attributes['occi.core.title'] ?? id}`;
  const attributes = { 'occi.core.title': title, [SIZE]: row.attributes[SIZE]! };
  await requireQuota(cloud, 'storage', attributes);
  await insert(cloud, 'storage', randomUUID(), () => fromOcci(attributes, row.mixins));
}

const fromOcci = (attributes: Attributes, mixins: readonly string[]): Content => ({
  attributes: { ...attributes, 'occi.storage.state': NEW_STATE.storage },
  mixins,
});

export const storage = (cloud: Cloud): KindAdapter<'storage'> => ({
  ...readsOf(cloud, 'storage'),

  create(draft, token) {
    return insert(cloud, 'storage', token, async () => {
      const content = fromOcci(keptAttributes(draft.attributes), draft.mixins.map(typeId));
      await requireQuota(cloud, 'storage', content.attributes);
      return content;
    });
  },

  async update(id, change) {
    const before = await readRow(cloud, 'storage', id);
    await requireQuota(cloud, 'storage', changed('storage', before, change).attributes, before.attributes);
    await changeRow(cloud, 'storage', id, (row) => {
      const next = changed('storage', row, change);
      const size = next.attributes[SIZE] ?? row.attributes[SIZE]!;
      const other = { ...row, attributes: { ...next.attributes, [SIZE]: row.attributes[SIZE]! }, mixins: next.mixins };
      return grown(cloud, other, Number(size));
    });
    return readsOf(cloud, 'storage').get(id);
  },

  async remove(id) {
    await removeRow(cloud, 'storage', id, async (row) => {
      if (await isTaken(cloud, 'storage', row)) throw inUse('storage', 1);
    });
  },

  async act(id, action, attributes) {
    if (action === 'backup' || action === 'snapshot') await copy(cloud, id, action);
    else if (action === 'resize') await resize(cloud, id, Number(attributes.size));
    else {
      await changeRow(cloud, 'storage', id, async (row) => {
        const next = moved(cloud, 'storage', row, action, attributes);
        if (action === 'offline' && (await isTaken(cloud, 'storage', row))) throw inUse('storage', 1);
        return next;
      });
    }
    return {};
  },
});
