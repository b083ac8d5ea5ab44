/**
 * Attached volumes of a server as storage links, of which a server has one to a volume. Cinder's attachment is another one
 * after each move of the server (resize, shelve, migration), so it is no part of a link's id; the link of a volume that was
 * detached and is attached again has the same id, and `create` begins its rows in the store anew.
 */
import type { Native } from '../../../lib/adapter/contract.ts';
import { LINK_STATE, type Shown } from '../../../lib/adapter/states.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { KindOf } from '../../../lib/occi/kinds/index.ts';
import type { StateOf } from '../../../lib/occi/types.ts';
import { linkId } from '../cloud.ts';
import type { Machine } from '../machine/machine.ts';
import type { Attachment } from '../native/attachment.ts';
import type { Server } from '../native/server.ts';
import { computeState } from '../states.ts';
import { attachmentState } from '../volume-states.ts';

export const DEVICE = 'occi.storagelink.deviceid';

/** Nova's form of a device, with bounds of ours (its JSON schema of attachments). */
const BLOCK_DEVICE = /^(?:\/dev\/)?([a-z]{1,32}[0-9]{0,5})$/;

/** `/dev/vdb` for a wish of `vdb` or `/dev/vdb`. Throws `invalid`. */
export function deviceOf(wish: string | undefined): string | undefined {
  if (wish === undefined) return undefined;
  const name = BLOCK_DEVICE.exec(wish)?.[1];
  if (name !== undefined) return `/dev/${name}`;
  throw new OcciError(
    'invalid',
    `The attribute ${DEVICE} must be the name of a device, as /dev/vdb; it is ${JSON.stringify(wish)}.`,
  );
}

/** A link works while its compute does, and once the volume is attached. */
function stateOf(server: Server, { volumeStatus }: Attachment): Shown<StateOf<KindOf<'storagelink'>>> {
  const own = volumeStatus === undefined ? ({ state: 'ready' } as const) : attachmentState(volumeStatus);
  if (own.state === 'ready') return { state: LINK_STATE[computeState(server).state] };
  return { state: own.state, ...(own.message !== undefined && { message: own.message }) };
}

/** An attachment as a link. */
export function toStoragelink(server: Server, attachment: Attachment): Native<'storagelink'> {
  const { volumeId, device } = attachment;
  const { state, message } = stateOf(server, attachment);
  return {
    kind: 'storagelink',
    id: linkId(server.id, volumeId),
    attributes: {
      ...(device && { [DEVICE]: device }),
      'occi.storagelink.state': state,
      ...(message !== undefined && { 'occi.storagelink.state.message': message }),
    },
    mixins: [],
    source: { kind: 'compute', id: server.id },
    target: { kind: 'storage', id: volumeId },
  };
}

/** The links of a machine to its storages. While it migrates, a volume has two attachments to it. */
export function toStoragelinks({ server, attachments }: Machine): readonly Native<'storagelink'>[] {
  const links = new Map(attachments.map((one) => [one.volumeId, toStoragelink(server, one)]));
  return [...links.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
}
