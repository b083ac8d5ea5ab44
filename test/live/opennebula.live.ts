/**
 * The adapter for OpenNebula keeps the contract against a real daemon: `OCCI_LIVE=opennebula OPENNEBULA_ENDPOINT=…
 * OPENNEBULA_AUTH=… npm run test:live`. With the session of an administrator it makes users of its own, lets them make
 * networks, and removes users, rules and everything it made. With the session of an ordinary user it runs the cases
 * that one user can run, lists the others, and removes what it made. A run that is killed cleans nothing up: its
 * leftovers belong to users named `occi-test-…`, or to the ordinary user.
 *
 * OPENNEBULA_IMAGE (id of an OS image that every user may use), OPENNEBULA_POOL (id of a network to reserve from) and
 * OPENNEBULA_VN_MAD (driver of new networks, default `dummy`) select what to use. By default, the first usable image
 * and network are taken.
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
