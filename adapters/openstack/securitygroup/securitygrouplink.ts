/** The securitygrouplink kind. */
import type { KindAdapter } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { Cloud } from '../cloud.ts';

const absent = async (): Promise<never> => {
  throw new OcciError('notImplemented', 'This is not written yet.');
};

export const securitygrouplink = (_cloud: Cloud): KindAdapter<'securitygrouplink'> => ({
  ids: absent,
  list: absent,
  get: absent,
});
