/** The securitygroup kind. */
import type { KindAdapter } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { Cloud } from '../cloud.ts';

const absent = async (): Promise<never> => {
  throw new OcciError('notImplemented', 'This is not written yet.');
};

export const securitygroup = (_cloud: Cloud): KindAdapter<'securitygroup'> => ({
  ids: absent,
  list: absent,
  get: absent,
});
