/** The securitygrouplink kind. */
import type { KindAdapter, Native } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { Cloud } from '../cloud.ts';
import type { Machine } from '../machine/machine.ts';

const absent = async (): Promise<never> => {
  throw new OcciError('notImplemented', 'This is not written yet.');
};

export const securitygrouplink = (_cloud: Cloud): KindAdapter<'securitygrouplink'> => ({
  ids: absent,
  list: absent,
  get: absent,
});

/** The links of a machine to its groups. */
export const toSecuritygrouplinks = (_machine: Machine): readonly Native<'securitygrouplink'>[] => [];
