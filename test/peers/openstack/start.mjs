// The order in which the services of a control plane start.
import { login } from './rest.mjs';
import { ADMIN } from './services.mjs';
import { APIS } from './settings.mjs';

const servicesUp = (services, expected) =>
  expected.every((name) => services.some(({ binary, state }) => binary === name && state === 'up'));

/**
 * Starts everything but the database and the queue, and waits until machines and volumes can be made.
 * @param {Awaited<ReturnType<typeof import('./services.mjs').siteIn>>} site
 */
export const startAll = async (site) => {
  for (const name of APIS) site.startApi(name);
  await site.queueListens();
  for (const name of ['neutron-rpc-server', 'cinder-scheduler', 'cinder-volume']) site.startWorker(name);
  await site.answers('keystone');
  // These ask Keystone for a token at once, and end without one.
  for (const name of ['nova-conductor', 'nova-scheduler', 'nova-compute']) site.startWorker(name);
  site.startAgent();
  for (const name of APIS) await site.answers(name);
  const { ask } = await login(site.keystone, ADMIN);
  await site.processes.until('the services of Nova', async () => {
    const { services } = await ask('compute', 'GET', '/os-services');
    return servicesUp(services, ['nova-conductor', 'nova-scheduler', 'nova-compute']);
  });
  await site.processes.until('the services of Cinder', async () => {
    const { services } = await ask('volumev3', 'GET', '/os-services');
    return servicesUp(services, ['cinder-scheduler', 'cinder-volume']);
  });
  await site.processes.until("Neutron's agent", async () => {
    const { agents } = await ask('network', 'GET', '/v2.0/agents');
    return agents.some(({ alive }) => alive);
  });
};
