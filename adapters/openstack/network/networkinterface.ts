/** The networkinterface kind. */
import type { KindAdapter, Native } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { Cloud } from '../cloud.ts';
import type { Machine } from '../machine/machine.ts';

const absent = async (): Promise<never> => {
  throw new OcciError('notImplemented', 'This is not written yet.');
};

export const networkinterface = (_cloud: Cloud): KindAdapter<'networkinterface'> => ({
  ids: absent,
  list: absent,
  get: absent,
});

/** The links of a machine to its networks. */
export const toNetworkinterfaces = (_machine: Machine): readonly Native<'networkinterface'>[] => [];
