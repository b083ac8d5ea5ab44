/** `POST /v3/volumes/ID/action`. */
import { isAdmin, type ServiceAnswer } from '../service.ts';
import { type Asked, holdMember } from './context.ts';
import { badRequest, denied, invalidInput, invalidVolume, refused } from './refusals.ts';
import type { Store, Volume } from './store.ts';
import { bodyOf, type Said, sizeOf } from './values.ts';

/** From this microversion on a volume in use can be extended. */
const EXTEND_IN_USE = 42;

function extend(asked: Asked, volume: Volume, said: Said): ServiceAnswer {
  const { store, minor } = asked;
  const size = sizeOf(said.new_size, 'new_size');
  holdMember(asked, 'volume:extend');
  const from = volume.status;
  if (from !== 'available' && !(from === 'in-use' && minor >= EXTEND_IN_USE)) {
    const needed = minor >= EXTEND_IN_USE ? "{'available', 'in-use'}" : "{'status': 'available'}";
    throw invalidVolume(`Volume ${volume.id} status must be '${needed}' to extend, currently ${from}.`);
  }
  if (size <= volume.sizeGib)
    throw invalidInput(
      `New size for extend must be greater than current size. (current: ${volume.sizeGib}, extended: ${size}).`,
    );
  store.hold(volume.projectId, undefined, size - volume.sizeGib);
  volume.status = 'extending';
  volume.updated = store.site.now();
  store.walk(volume, [
    () => {
      volume.sizeGib = size;
      return from;
    },
  ]);
  return { status: 202 };
}

function reserve({ store }: Asked, volume: Volume): ServiceAnswer {
  if (volume.status !== 'available')
    throw invalidVolume(`Volume status must be available to reserve, but the status is ${volume.status}.`);
  set(store, volume, 'attaching');
  return { status: 202 };
}

function unreserve({ store }: Asked, volume: Volume): ServiceAnswer {
  if (volume.status === 'attaching' || volume.status === 'reserved') set(store, volume, 'available');
  return { status: 202 };
}

function detach({ owner, store }: Asked, volume: Volume): ServiceAnswer {
  const [attachment] = volume.attachments;
  if (attachment && !isAdmin(owner)) {
    const what = `Detach volume from instance ${attachment.serverId} using the Compute API`;
    throw refused(409, what);
  }
  if (!attachment) set(store, volume, 'available');
  return { status: 202 };
}

function setBootable(asked: Asked, volume: Volume, { bootable }: Said): ServiceAnswer {
  holdMember(asked, 'volume_extension:volume_actions:set_bootable');
  volume.isBootable = bootable === true || String(bootable).toLowerCase() === 'true';
  volume.updated = asked.store.site.now();
  return { status: 200 };
}

function setReadOnly(asked: Asked, volume: Volume, { readonly }: Said): ServiceAnswer {
  holdMember(asked, 'volume:update_readonly_flag');
  volume.metadata = { ...volume.metadata, readonly: readonly === true ? 'True' : 'False' };
  return { status: 202 };
}

function retype(): ServiceAnswer {
  throw invalidVolume(
    'Retype needs volume to be in available or in-use state, not be part of an active migration or a consistency group, requested type has to be different that the one from the volume, and for in-use volumes front-end qos specs cannot change.',
  );
}

function resetStatus({ owner, store }: Asked, volume: Volume, { status }: Said): ServiceAnswer {
  if (!isAdmin(owner)) throw denied('volume_extension:volume_admin_actions:reset_status');
  set(store, volume, String(status));
  return { status: 202 };
}

function set({ site }: Store, volume: Volume, status: string): void {
  volume.status = status;
  volume.updated = site.now();
}

const ACTIONS: Readonly<Record<string, (asked: Asked, volume: Volume, said: Said) => ServiceAnswer>> = {
  'os-extend': extend,
  'os-reserve': reserve,
  'os-unreserve': unreserve,
  'os-detach': detach,
  'os-set_bootable': setBootable,
  'os-update_readonly_flag': setReadOnly,
  'os-retype': retype,
  'os-reset_status': resetStatus,
};

export function act(asked: Asked, volume: Volume): ServiceAnswer {
  const [entry, ...others] = Object.entries(bodyOf(asked.request.text));
  if (!entry || others.length > 0) throw badRequest('Malformed request body');
  const [name, said] = entry;
  if (!Object.hasOwn(ACTIONS, name))
    throw badRequest(
      `There is no such action: ${name}. Verify the request body and Content-Type header and try again.`,
    );
  return ACTIONS[name]!(asked, volume, (said ?? {}) as Said);
}
