// The cloud of `npm run bench -- openstack`, as the tests against peers start it, with many machines of one project.
import { installOpenStack } from '../../test/peers/openstack/install-openstack.mjs';
import { PYTHON, startOpenStack, USERS } from '../../test/peers/openstack/openstack.mjs';
import { populate } from '../../test/peers/openstack/population.mjs';
import { login } from '../../test/peers/openstack/rest.mjs';

const MACHINES = 1000;

/**
 * Starts it, and tells the bench by OPENSTACK_PREPARED.
 * @returns {Promise<() => Promise<void>>} ends it
 */
export const prepare = async () => {
  await installOpenStack();
  const cloud = await startOpenStack();
  console.error(`Making ${MACHINES} machines …`);
  await populate(cloud, MACHINES);
  const { many } = USERS;
  const { ask } = await login(cloud.keystone, many);
  const [{ id: machine }] = (await ask('compute', 'GET', '/servers?limit=1')).servers;
  const [{ id: network }] = (await ask('network', 'GET', '/v2.0/networks?name=many')).networks;
  process.env.OPENSTACK_PREPARED = JSON.stringify({
    login: { keystone: cloud.keystone, ...many },
    python: PYTHON,
    machines: MACHINES,
    things: { machine, network },
  });
  return cloud.stop;
};
