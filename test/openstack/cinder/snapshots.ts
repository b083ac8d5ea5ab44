/** `/v3/snapshots`. */
import type { ServiceAnswer } from '../service.ts';
import { type Asked, holdMember } from './context.ts';
import { pageOf } from './listing.ts';
import { invalidVolume, noPath, noSnapshot, refused } from './refusals.ts';
import type { Snapshot } from './store.ts';
import { enveloped, metadataOf, mismatch, refuseOthers, textOf } from './values.ts';
import { snapshotView } from './views.ts';
import { volumeOf } from './volumes.ts';

/** From this microversion on `force` is the rule, and a volume in use can be snapshot. */
const FORCE_IS_RULE = 66;
const FIELDS = ['volume_id', 'name', 'description', 'metadata', 'force', 'display_name', 'display_description'];

function created(asked: Asked): ServiceAnswer {
  const { store, owner, request, minor } = asked;
  const said = enveloped(request.text, 'snapshot');
  if (said.volume_id === undefined) throw mismatch('snapshot', said, "'volume_id' is a required property");
  refuseOthers(said, 'snapshot', FIELDS);
  const [name, description] = [textOf(said.name, 'name', true), textOf(said.description, 'description', true)];
  const metadata = metadataOf(said.metadata);
  const volume = volumeOf(asked, String(said.volume_id));
  holdMember(asked, 'volume:create_snapshot');
  const isForced = said.force === true || minor >= FORCE_IS_RULE;
  if (volume.status !== 'available' && !(isForced && volume.status === 'in-use'))
    throw invalidVolume(`Volume ${volume.id} status must be available, but current status is: ${volume.status}.`);
  const { sizeGib } = volume;
  store.hold(owner.projectId, 'snapshots', sizeGib);
  const common = store.common('snapshot', owner);
  const snapshot: Snapshot = Object.assign(common, { volume, sizeGib, name, description, metadata });
  store.snapshots.set(snapshot.id, snapshot);
  store.walk(snapshot, [() => (store.site.fails('snapshot') === undefined ? 'available' : 'error')]);
  return { status: 202, body: { snapshot: snapshotView(asked, snapshot, { isCreation: true }) } };
}

function removed(asked: Asked, snapshot: Snapshot): ServiceAnswer {
  const { store } = asked;
  holdMember(asked, 'volume:delete_snapshot');
  if (!['available', 'error'].includes(snapshot.status))
    throw refused(400, `Invalid snapshot: Snapshot status must be one of available, error, but is ${snapshot.status}.`);
  snapshot.status = 'deleting';
  snapshot.updated = store.site.now();
  store.walk(snapshot, [
    () => {
      store.snapshots.delete(snapshot.id);
      return undefined;
    },
  ]);
  return { status: 202 };
}

function listed(asked: Asked, isDetailed: boolean): ServiceAnswer {
  const page = pageOf(asked, asked.store.snapshots.values(), { many: 'snapshots', missing: noSnapshot });
  const snapshots = page.rows.map((one) => snapshotView(asked, one, { hasProject: isDetailed }));
  return { status: 200, body: { snapshots, ...page.beside } };
}

export function answerForSnapshots(asked: Asked, [id, below]: readonly string[]): ServiceAnswer {
  const { store, owner, request } = asked;
  const { method, text } = request;
  if (id === undefined || (id === 'detail' && method === 'GET')) {
    if (method === 'GET') return listed(asked, id === 'detail');
    if (method === 'POST') return created(asked);
    throw noPath();
  }
  const snapshot = store.snapshots.get(id);
  if (snapshot?.projectId !== owner.projectId) throw noSnapshot(id);
  if (below !== undefined || !['GET', 'PUT', 'DELETE'].includes(method)) throw noPath();
  if (method === 'DELETE') return removed(asked, snapshot);
  if (method === 'GET') return { status: 200, body: { snapshot: snapshotView(asked, snapshot, { hasProject: true }) } };
  const said = enveloped(text, 'snapshot');
  holdMember(asked, 'volume:update_snapshot');
  if (said.name !== undefined) snapshot.name = textOf(said.name, 'name', true);
  if (said.description !== undefined) snapshot.description = textOf(said.description, 'description', true);
  return { status: 200, body: { snapshot: snapshotView(asked, snapshot) } };
}
