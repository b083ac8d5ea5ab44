/** The adapter for OpenStack keeps the contract, against the stand-in that is held against recordings of the real one. */
import { adapterContract } from '../contract/adapter.ts';
import { startOpenStack } from '../openstack/index.ts';
import { addProject, addUser } from '../openstack/seed.ts';
import { common, underTest } from './openstack/contract.ts';

/** `cirros-tiny` of the recorded site. */
const CIRROS = '7ee45757-09e6-46e6-9bc8-847da7c611f0';

adapterContract({
  ...common(),
  name: 'openstack',
  patience: 10,
  // `kept-servers.test.ts` has more machines.
  sizes: [1, 60, 120],
  async start() {
    const cloud = await startOpenStack({ step: 2, quotas: false, backups: true });
    const users = new Map<string, string>();
    /** Each caller of the suite is a user of a project of its own. */
    const credentialsOf = (name: string): string => {
      let credentials = users.get(name);
      if (!credentials) {
        const user = `user-${users.size}`;
        const project = addProject(cloud.site, `project-${users.size}`);
        addUser(cloud.site, { name: user, password: 'secret', roles: { [project]: 'member' } });
        credentials = `${user}:secret`;
        users.set(name, credentials);
      }
      return credentials;
    };
    return underTest({
      endpoint: cloud.endpoint,
      defaultOsTemplate: CIRROS,
      credentialsOf,
      page: 50,
      calls: () => cloud.calls(),
      stop: () => cloud.close(),
    });
  },
});
