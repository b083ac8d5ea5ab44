/** The storage kind. */
import type { KindAdapter } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { Cloud } from '../cloud.ts';

const absent = async (): Promise<never> => {
  throw new OcciError('notImplemented', 'This is not written yet.');
};

export const storage = (_cloud: Cloud): KindAdapter<'storage'> => ({ ids: absent, list: absent, get: absent });
