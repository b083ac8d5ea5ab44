/**
 * The adapter for OpenNebula keeps the contract against a real daemon: `OCCI_LIVE=opennebula OPENNEBULA_ENDPOINT=…
 * OPENNEBULA_AUTH=… npm run test:live`. With the session of an administrator it makes users of its own, lets them make
 * networks, and takes users, rules and all that was made away again. With that of an ordinary user it tries what one
 * user can be tried with, says which cases that leaves out, and takes away what it has made. A run that is killed takes
 * nothing away: what it leaves belongs to users named `occi-test-…`, or to the ordinary user.
 *
 * OPENNEBULA_IMAGE (id of an OS image that everybody may use), OPENNEBULA_POOL (id of a network to reserve from) and
 * OPENNEBULA_VN_MAD (driver of new networks, `dummy` if it is left out) say what to use; the first usable ones are
 * taken.
 */

import { COMMON } from '../adapters/opennebula/contract.ts';
import { adapterContract } from '../contract/adapter.ts';
import { liveSite } from './opennebula-site.ts';

const site = await liveSite(process.env);

adapterContract({
  ...COMMON,
  name: `opennebula ${site.version} at ${site.endpoint}`,
  patience: 90,
  sizes: [1, 3],
  skip: [...COMMON.skip, ...site.skip],
  start: () => site.start(),
});
