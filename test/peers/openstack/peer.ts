/**
 * The control plane that tests work against.
 *
 * `npm run test:peers -- openstack` starts one for all of them and says where it is: OPENSTACK_KEYSTONE is the URL of
 * Keystone (`http://127.0.0.1:PORT/v3`; the catalogue has the rest), OPENSTACK_DATABASE the socket of its MariaDB. Where OPENSTACK_KEYSTONE is set
 * before, that cloud is used and none is started: then OPENSTACK_DATABASE may be missing, and with it `populate`.
 *
 * - `USERS` are logged in with `login(keystone, USERS.alice)`: alice in project alpha, bob in beta, rita a reader of
 *   alpha, dora a member of both, erik of gamma in the domain physics, and many, who has what `populate` makes.
 * - `Authorization: Bearer NAME` at `FEDERATION` proves any NAME as a member of project grid; `expired` is refused.
 * - Images cirros-tiny, debian-12, windows-x; flavors m1.tiny, m1.small, m1.medium, m1.huge (1 to 4); the external
 *   network public, 203.0.113.0/24. A project may have 20 machines with 40 vCPUs.
 * - A machine takes some seconds to be ACTIVE. Floating addresses stay DOWN, and snapshots of machines stay queued.
 *
 * What a test makes it deletes: others find the same projects.
 */
import { type OpenStack, startOpenStack } from './openstack.mjs';

/** That of the run; outside of `npm run test:peers` each call starts one, which ends with `stop`. */
export const openStack = async (): Promise<OpenStack> => {
  const { OPENSTACK_KEYSTONE: keystone, OPENSTACK_DATABASE: database = '' } = process.env;
  return keystone ? { keystone, database, stop: async () => {} } : await startOpenStack();
};
