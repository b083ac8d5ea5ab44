// The cloud of `npm run bench -- openstack`, as the tests against peers start it, with many machines of two projects.
import { installOpenStack } from '../../test/peers/openstack/install-openstack.mjs';
import { PYTHON, startOpenStack, USERS } from '../../test/peers/openstack/openstack.mjs';
import { populate } from '../../test/peers/openstack/population.mjs';
import { login } from '../../test/peers/openstack/rest.mjs';

const MACHINES = 1000;

/**
 * What is listed, whose it is, and what a listing after another is held against. `openstack server list` reads nothing of
 * Neutron, which takes as long to list a thousand ports as a twentieth of it, so that goal is for machines without.
 */
const POPULATIONS = [
  { name: 'one of them with a port', user: USERS.alice, withPorts: false, heldAgainst: 'client' },
  { name: 'each with a port', user: USERS.many, withPorts: true, heldAgainst: 'bare' },
];

/**
 * Starts it, and tells the bench by OPENSTACK_PREPARED.
 * @returns {Promise<() => Promise<void>>} ends it
 */
export const prepare = async () => {
  await installOpenStack();
  const cloud = await startOpenStack();
  console.error(`Making ${MACHINES} machines …`);
  const populations = [];
  for (const { user, withPorts, ...listed } of POPULATIONS) {
    await populate(cloud, MACHINES, { user, withPorts });
    populations.push({ ...listed, login: { keystone: cloud.keystone, ...user } });
  }
  const { ask } = await login(cloud.keystone, USERS.many);
  const [{ id: machine }] = (await ask('compute', 'GET', '/servers?limit=1')).servers;
  const [{ id: network }] = (await ask('network', 'GET', '/v2.0/networks?name=many')).networks;
  process.env.OPENSTACK_PREPARED = JSON.stringify({
    populations,
    python: PYTHON,
    machines: MACHINES,
    things: { login: { keystone: cloud.keystone, ...USERS.many }, machine, network },
  });
  return cloud.stop;
};
