/** The cloud of the skeleton: a JSON server in this process, with accounts, their machines, and a count of its calls. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface JsonVm {
  readonly id: number;
  readonly name: string;
  readonly status: string;
  readonly cpus: number;
  readonly megabytes: number;
}

export interface JsonCloud {
  readonly endpoint: string;
  /** User name and password of an account, which is made if it is not there. */
  credentials(account: string): string;
  /** Puts a machine into an account. */
  add(account: string, change?: Partial<JsonVm>): JsonVm;
  calls(): number;
  stop(): Promise<void>;
}

export async function startJsonCloud(): Promise<JsonCloud> {
  const accounts = new Map<string, { readonly name: string; readonly vms: Map<string, JsonVm> }>();
  let ids = 100;
  let calls = 0;
  const credentialsOf = (account: string): string => {
    const credentials = `${account}:password`;
    if (!accounts.has(credentials)) accounts.set(credentials, { name: `account-${accounts.size}`, vms: new Map() });
    return credentials;
  };

  const answer = (path: string, credentials: string): readonly [status: number, body: unknown] => {
    const account = accounts.get(credentials);
    if (!account) return [401, { error: 'unknown user or wrong password' }];
    if (path === '/me') return [200, { account: account.name }];
    if (path === '/vms') return [200, [...account.vms.values()]];
    const vm = account.vms.get(decodeURIComponent(path.replace('/vms/', '')));
    return vm ? [200, vm] : [404, { error: 'no such machine' }];
  };

  const server = createServer((request, response) => {
    calls++;
    const [, encoded = ''] = request.headers.authorization?.split(' ') ?? [];
    const [status, body] = answer(request.url ?? '', Buffer.from(encoded, 'base64').toString());
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    credentials: credentialsOf,
    add(account, change = {}) {
      const vm = { id: ids++, name: 'a machine', status: 'RUNNING', cpus: 2, megabytes: 1536, ...change };
      accounts.get(credentialsOf(account))!.vms.set(String(vm.id), vm);
      return vm;
    },
    calls: () => calls,
    async stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
