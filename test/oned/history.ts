import { cdata, plain } from './xml.ts';

/** Numbers of HISTORY/ACTION. */
export const ACTION = {
  undeploy: 5,
  'undeploy-hard': 6,
  stop: 9,
  suspend: 10,
  poweroff: 19,
  'poweroff-hard': 20,
  'disk-attach': 21,
  'disk-detach': 22,
  'nic-attach': 23,
  'nic-detach': 24,
  'disk-snapshot-create': 25,
  terminate: 27,
  'terminate-hard': 28,
  'disk-resize': 29,
  resize: 35,
  'alias-attach': 46,
  'alias-detach': 47,
} as const;

export type HistoryAction = keyof typeof ACTION;

/** One stay on one host; most actions end it and begin the next. Times in epoch seconds, 0 for not yet. */
export interface HistoryRecord {
  readonly sequence: number;
  readonly host: { readonly id: number; readonly name: string };
  readonly started: number;
  ended: number;
  prolog: readonly [number, number];
  running: readonly [number, number];
  epilog: readonly [number, number];
  action: number;
  by: readonly [number, number] | undefined;
}

const DUMMY = cdata('VM_MAD', 'dummy') + cdata('TM_MAD', 'dummy');

export const historyXml = (vm: number, record: HistoryRecord): string => {
  const { sequence, host, started, ended, prolog, running, epilog, action, by } = record;
  const [uid, gid] = by ?? [-1, -1];
  const where = [plain('OID', vm), plain('SEQ', sequence), plain('HOSTNAME', host.name), plain('HID', host.id)];
  const when = [plain('CID', 0), plain('STIME', started), plain('ETIME', ended), DUMMY, plain('DS_ID', 0)];
  const phases = [plain('PSTIME', prolog[0]), plain('PETIME', prolog[1]), plain('RSTIME', running[0])];
  const last = [plain('RETIME', running[1]), plain('ESTIME', epilog[0]), plain('EETIME', epilog[1])];
  const who = [plain('ACTION', action), plain('UID', uid), plain('GID', gid), plain('REQUEST_ID', by ? sequence : -1)];
  return plain('HISTORY', [...where, ...when, ...phases, ...last, ...who].join(''));
};

/** As the short form of a pool has it. */
export const shortHistoryXml = (vm: number, { sequence, host, action }: HistoryRecord): string => {
  const where = [plain('OID', vm), plain('SEQ', sequence), cdata('HOSTNAME', host.name), plain('HID', host.id)];
  const rest = [plain('CID', 0), plain('DS_ID', 0), DUMMY, cdata('ACTION', action)];
  return plain('HISTORY', [...where, ...rest].join(''));
};
