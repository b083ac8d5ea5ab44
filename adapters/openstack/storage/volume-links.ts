/** Attached volumes of a server as storage links. Their ids name the attachment: a volume attached again is another link. */
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

/** An attachment as a link. Before 2.89 of Nova and 3.27 of Cinder one that is being made has no id yet. */
export function toStoragelink(server: Server, attachment: Attachment): Native<'storagelink'> {
  const { volumeId, device, attachment_id } = attachment;
  const { state, message } = stateOf(server, attachment);
  return {
    kind: 'storagelink',
    id: linkId(server.id, volumeId, attachment_id || volumeId),
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

/** The links of a machine to its storages. */
export const toStoragelinks = ({ server, attachments }: Machine): readonly Native<'storagelink'>[] =>
  attachments.map((attachment) => toStoragelink(server, attachment)).sort((one, other) => (one.id < other.id ? -1 : 1));
