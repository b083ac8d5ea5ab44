/** A whole endpoint before the stand-in, as its user alice sees it. */
import { type Endpoint, type Reply, startEndpoint } from '../../endpoint.ts';
import { read } from '../../lib/operations/payloads.ts';
import { type OpenStack, type StandInOptions, startOpenStack } from '../../openstack/index.ts';

/** `cirros-tiny` of the recorded site. */
export const CIRROS = '7ee45757-09e6-46e6-9bc8-847da7c611f0';

export interface Alice {
  readonly cloud: OpenStack;
  /** Each request has her password. */
  readonly endpoint: Endpoint;
  /** The same with the credentials of somebody else. */
  send(method: string, path: string, headers: Readonly<Record<string, string>>): Promise<Reply>;
  /** Repeats a look until it finds what it wants. */
  eventually<T>(look: () => Promise<T>, isThere: (seen: T) => boolean): Promise<T>;
  /** A compute once it is active, or as it is after a while. */
  active(path: string): ReturnType<typeof read>;
  stop(): Promise<void>;
}

const PATIENCE_MS = 20_000;
const POLL_MS = 20;

export async function startAlice(options: StandInOptions = {}, settings: object = {}): Promise<Alice> {
  const cloud = await startOpenStack({ step: 2, ...options });
  const configured = { endpoint: cloud.endpoint, defaultOsTemplate: CIRROS, ...settings };
  const endpoint = await startEndpoint({
    settings: { adapter: { name: 'openstack', site: 'test', settings: configured }, auth: ['basic'] },
  });
  const authorization = `Basic ${Buffer.from('alice:alice-secret').toString('base64')}`;
  const hers: Endpoint = {
    ...endpoint,
    send: (method, path, call = {}) =>
      endpoint.send(method, path, { ...call, headers: { ...call.headers, authorization } }),
  };
  const eventually: Alice['eventually'] = async (look, isThere) => {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const seen = await look();
      if (isThere(seen) || Date.now() > end) return seen;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  };
  return {
    cloud,
    endpoint: hers,
    send: (method, path, headers) => endpoint.send(method, path, { headers }),
    eventually,
    active: (path) =>
      eventually(
        () => read(hers, path),
        ({ attributes }) => attributes['occi.compute.state'] === 'active',
      ),
    async stop() {
      await endpoint.stop();
      await cloud.close();
    },
  };
}
