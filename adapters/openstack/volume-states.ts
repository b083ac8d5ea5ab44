/**
 * Tables of Cinder's states of volumes (Block Storage API v3, Volumes, and `VolumeStatus` in Cinder): what each says of the
 * volume, and what it says of the links of the volume.
 */
import { type Shown, stateIn } from '../../lib/adapter/states.ts';
import type { KindOf } from '../../lib/occi/kinds/index.ts';
import type { StateOf } from '../../lib/occi/types.ts';

type StorageState = StateOf<KindOf<'storage'>>;
type LinkState = StateOf<KindOf<'storagelink'>>;

/** What a volume's state says of its attachments; `ready` leaves it to the compute. */
type AttachmentState = 'ready' | Extract<LinkState, 'waiting' | 'error'>;

interface Row {
  readonly state: StorageState;
  readonly message?: string;
  readonly link: AttachmentState;
}

const TABLE = {
  creating: { state: 'waiting', message: 'The storage is being made.', link: 'waiting' },
  available: { state: 'online', link: 'waiting' },
  reserved: {
    state: 'waiting',
    message: 'The storage is reserved for a compute, to which it is being attached or which is shelved.',
    link: 'waiting',
  },
  attaching: { state: 'waiting', message: 'The storage is being attached.', link: 'waiting' },
  'in-use': { state: 'online', link: 'ready' },
  detaching: { state: 'waiting', message: 'The storage is being detached.', link: 'waiting' },
  maintenance: { state: 'waiting', message: 'The provider is moving the storage.', link: 'ready' },
  deleting: { state: 'waiting', message: 'The storage is being deleted.', link: 'waiting' },
  'awaiting-transfer': {
    state: 'waiting',
    message: 'The storage waits to be given to another project.',
    link: 'ready',
  },
  managing: { state: 'waiting', message: 'The provider is taking the storage over.', link: 'waiting' },
  'backing-up': { state: 'waiting', message: 'A backup of the storage is being made.', link: 'ready' },
  'restoring-backup': { state: 'waiting', message: 'A backup is being restored to the storage.', link: 'waiting' },
  downloading: { state: 'waiting', message: 'An image is being copied to the storage.', link: 'waiting' },
  uploading: { state: 'waiting', message: 'The storage is being copied to an image.', link: 'ready' },
  retyping: { state: 'waiting', message: 'The type of the storage is being changed.', link: 'ready' },
  extending: { state: 'waiting', message: 'The storage is being made larger.', link: 'ready' },
  error: { state: 'error', message: 'The cloud could not make the storage.', link: 'error' },
  error_deleting: { state: 'error', message: 'The cloud could not delete the storage.', link: 'error' },
  error_managing: { state: 'error', message: 'The provider could not take the storage over.', link: 'error' },
  error_restoring: { state: 'error', message: 'A backup could not be restored to the storage.', link: 'error' },
  'error_backing-up': { state: 'error', message: 'A backup of the storage failed.', link: 'ready' },
  error_extending: { state: 'error', message: 'The storage could not be made larger.', link: 'ready' },
} as const satisfies Record<string, Row>;

/** Every state that Cinder documents. */
export type VolumeStatus = keyof typeof TABLE;

const STATES: Readonly<Record<string, StorageState>> = Object.fromEntries(
  Object.entries(TABLE).map(([status, { state }]) => [status, state]),
);
const rowOf = (status: string): Row | undefined =>
  Object.hasOwn(TABLE, status) ? TABLE[status as VolumeStatus] : undefined;

/** The state of a volume. */
export function storageState(status: string): Shown<StorageState> {
  const { state, message = rowOf(status)?.message } = stateIn(STATES, status);
  return { state, ...(message !== undefined && { message }) };
}

/** What the state of a volume says of its attachments, and why. */
export function attachmentState(status: string): Shown<AttachmentState> {
  const row = rowOf(status);
  if (!row || row.link === 'ready') return { state: 'ready' };
  if (status === 'available') return { state: 'waiting', message: 'The storage is being detached.' };
  return { state: row.link, ...(row.message !== undefined && { message: row.message }) };
}
