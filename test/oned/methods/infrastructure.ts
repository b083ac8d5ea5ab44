import type { Methods } from '../method.ts';
import { info } from './objects.ts';

export const infrastructureMethods: Methods = {
  'one.cluster.info': info(({ clusters }) => clusters),
  'one.datastore.info': info(({ datastores }) => datastores),
  'one.host.info': info(({ hosts }) => hosts),
  'one.system.version': { takes: [''], run: ({ site }) => site.version },
};
