/** `/v3/backups`; the recorded site had no service that makes them. */
import type { ServiceAnswer } from '../service.ts';
import { type Asked, holdMember } from './context.ts';
import { pageOf } from './listing.ts';
import { invalidVolume, noPath, refused } from './refusals.ts';
import type { Backup } from './store.ts';
import { enveloped, textOf } from './values.ts';
import { backupView, linksOf } from './views.ts';
import { volumeOf } from './volumes.ts';

const noBackup = (id: string) => refused(404, `Backup ${id} could not be found.`);

function created(asked: Asked): ServiceAnswer {
  const { store, owner, request } = asked;
  const said = enveloped(request.text, 'backup');
  holdMember(asked, 'backup:create');
  const volume = volumeOf(asked, String(said.volume_id));
  const { status, sizeGib } = volume;
  if (status !== 'available' && !(status === 'in-use' && said.force === true))
    throw invalidVolume(`Volume to be backed up must be available or in-use, but the current status is "${status}".`);
  store.hold(owner.projectId, 'backups', sizeGib);
  const common = store.common('backup', owner);
  const [name, description] = [textOf(said.name, 'name'), textOf(said.description, 'description')];
  const backup: Backup = Object.assign(common, { volumeId: volume.id, sizeGib, failReason: null, name, description });
  store.backups.set(backup.id, backup);
  if (store.site.hasBackups) {
    volume.status = 'backing-up';
    store.walk(volume, [() => status]);
    store.walk(backup, [() => 'available']);
  } else {
    const failReason = 'Service not found for creating backup.';
    Object.assign(backup, { status: 'error', failReason, updated: store.site.now() });
  }
  const { id } = backup;
  return { status: 202, body: { backup: { id, name: backup.name, links: linksOf(asked, 'backups', id) } } };
}

export function answerForBackups(asked: Asked, [id, below]: readonly string[]): ServiceAnswer {
  const { store, owner, request } = asked;
  const { method } = request;
  if (id === undefined || id === 'detail') {
    if (method === 'POST' && id === undefined) return created(asked);
    if (method !== 'GET') throw noPath();
    const { rows, beside } = pageOf(asked, store.backups.values(), { many: 'backups', missing: noBackup });
    const short = (one: Backup) => ({ id: one.id, name: one.name, links: linksOf(asked, 'backups', one.id) });
    return { status: 200, body: { backups: rows.map((one) => (id ? backupView(asked, one) : short(one))), ...beside } };
  }
  const backup = store.backups.get(id);
  if (backup?.projectId !== owner.projectId) throw noBackup(id);
  if (below !== undefined) throw noPath();
  if (method === 'GET') return { status: 200, body: { backup: backupView(asked, backup) } };
  if (method !== 'DELETE') throw noPath();
  holdMember(asked, 'backup:delete');
  backup.status = 'deleting';
  store.walk(backup, [
    () => {
      store.backups.delete(id);
      return undefined;
    },
  ]);
  return { status: 202 };
}
