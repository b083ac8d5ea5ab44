/** `openstack server list --long` of python-openstackclient, as an operator would type it. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface Login {
  readonly keystone: string;
  readonly name: string;
  readonly password: string;
  readonly project: string;
}

const MAX_OUTPUT_BYTES = 1 << 28;

/** How long it takes, in milliseconds, and how many servers it lists. */
export async function serverList(
  python: string,
  { keystone, name, password, project }: Login,
): Promise<{ readonly time: number; readonly found: number }> {
  const env = {
    ...process.env,
    OS_AUTH_URL: keystone,
    OS_USERNAME: name,
    OS_PASSWORD: password,
    OS_PROJECT_NAME: project,
    OS_USER_DOMAIN_NAME: 'Default',
    OS_PROJECT_DOMAIN_NAME: 'Default',
    OS_IDENTITY_API_VERSION: '3',
  };
  const args = ['-W', 'ignore', '-m', 'openstackclient.shell', 'server', 'list', '--long', '-f', 'json'];
  const began = performance.now();
  const { stdout } = await promisify(execFile)(python, args, { env, maxBuffer: MAX_OUTPUT_BYTES });
  const time = performance.now() - began;
  return { time, found: (JSON.parse(stdout) as unknown[]).length };
}
