/** The mixins that this adapter supports, and its catalogue of images, flavors, zones, regions and pools. */
import type { Catalogue } from '../../lib/adapter/contract.ts';
import { MIXINS, type MixinName } from '../../lib/occi/mixins/index.ts';
import type { Cloud } from './cloud.ts';

export const ACTS_ON = Object.keys(MIXINS) as MixinName[];

export const readCatalogue = async (_cloud: Cloud): Promise<Catalogue> => ({ mixins: [] });
