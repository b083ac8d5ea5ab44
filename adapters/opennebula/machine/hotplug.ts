/**
 * oned attaches and detaches disks and NICs one at a time: during a change the machine is in a HOTPLUG state and oned
 * refuses the next one. Concurrent link requests wait briefly for each other here; after that the client gets a
 * `conflict` and may retry.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { OcciError } from '../../../lib/errors.ts';
import { OneRefusal } from '../api/xml-rpc.ts';
import type { Vm } from '../native/index.ts';

/** How long a link waits for another of its machine, in milliseconds. */
const HOTPLUG_TIMEOUT_MS = 3000;
/** Longest pause between two attempts, in milliseconds. */
const MAX_PAUSE_MS = 250;

const isHotplug = (error: unknown): boolean =>
  error instanceof OneRefusal && error.code === 2048 && /\bstate HOTPLUG/.test(error.sentence);

/**
 * Makes a call that changes disks or NICs of a machine, and retries it while another change is in progress. Throws
 * `conflict` when that takes too long.
 */
export async function inTurn<T>(call: () => Promise<T>): Promise<T> {
  const end = Date.now() + HOTPLUG_TIMEOUT_MS;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!isHotplug(error)) throw error;
      if (Date.now() + MAX_PAUSE_MS > end) {
        throw new OcciError('conflict', 'The compute is in a HOTPLUG state: another of its links is on its way.', {
          cause: error,
          headers: { 'Retry-After': '2' },
        });
      }
      await pause(MAX_PAUSE_MS * (0.2 + 0.8 * Math.random()));
    }
  }
}

const ACTIVE = 3;
const HOTPLUG = 17;
const HOTPLUG_EPILOG_POWEROFF = 34;
/** ACTION in a history record: one.vm.detach. */
const DISK_DETACH = 22;

/**
 * True while the disk with ATTACH is being detached, false while it is being attached. In HOTPLUG only the history
 * tells, which pools have without the record that counts: there it is false (measured on 6.10).
 */
export function isDetaching({ STATE, LCM_STATE, HISTORY_RECORDS }: Vm): boolean {
  if (STATE !== ACTIVE) return false;
  if (LCM_STATE === HOTPLUG_EPILOG_POWEROFF) return true;
  const ended = HISTORY_RECORDS.HISTORY.filter(({ ACTION }) => ACTION);
  const last = ended.reduce((one, other) => (other.SEQ > one.SEQ ? other : one), {
    SEQ: -1,
    ACTION: undefined as number | undefined,
  });
  return LCM_STATE === HOTPLUG && last.ACTION === DISK_DETACH;
}
