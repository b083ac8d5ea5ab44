/** `npm start` with the file of a deployment, a server certificate and client certificates, as a user has it. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from '@jest/globals';
import { AUTHORITY, Certificates, PERSON, proxyOf, SERVER } from '../../certificates.ts';
import { killServerProcesses, startServerProcess, urlOf } from '../../server-process.ts';

const certificates = new Certificates();
afterAll(() => {
  killServerProcesses();
  certificates.remove();
});

const COMPUTE = 'Category: compute; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"';

test('npm start knows people by their certificates, and their proxies as them', async () => {
  const root = certificates.issue({ subject: '/O=Grid/CN=Root', extensions: AUTHORITY });
  const alice = certificates.issue({ subject: '/O=Grid/CN=Alice', issuer: root, extensions: PERSON });
  const mallory = certificates.issue({ subject: '/O=Grid/CN=Mallory', issuer: root, extensions: PERSON });
  const proxy = certificates.issue({ subject: '/O=Grid/CN=Alice/CN=1', issuer: alice, extensions: proxyOf() });
  const own = certificates.issue({ subject: '/CN=localhost', extensions: SERVER });
  const config = join(certificates.folder, 'occi.yml');
  writeFileSync(
    config,
    'adapter: { name: dummy, site: here }\nauth:\n  - x509:\n      users:\n        /O=Grid/CN=Alice: {}\n',
  );

  const server = startServerProcess(
    [
      '--config',
      config,
      '--table',
      'memory',
      '--tls-cert',
      own.certificate,
      '--tls-key',
      own.key,
      '--client-ca',
      root.certificate,
    ],
    {},
  );
  const url = await urlOf(server);
  expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  const curl = async (...args: readonly string[]) => {
    const { stdout } = await promisify(execFile)('curl', [
      '-sS',
      '--cacert',
      own.certificate,
      '-w',
      '\n%{http_code}',
      ...args,
    ]);
    return [stdout.slice(stdout.lastIndexOf('\n') + 1), stdout.slice(0, stdout.lastIndexOf('\n'))] as const;
  };
  const as = ({ certificate, key }: typeof alice) => ['--cert', certificate, '--key', key];

  expect((await curl(`${url}/compute/`))[0]).toBe('401');
  expect(await curl(...as(mallory), `${url}/compute/`)).toEqual(['403', expect.stringContaining('CN=Mallory,O=Grid')]);
  const made = await curl(...as(alice), '-H', 'Content-Type: text/plain', '-d', COMPUTE, `${url}/compute/`);
  expect(made).toEqual(['201', expect.stringContaining(`${url}/compute/`)]);
  const listed = await curl('--cert', certificates.bundle(proxy, alice), '--key', proxy.key, `${url}/compute/`);
  expect([listed[0], listed[1].trim()]).toEqual(['200', made[1]]);
  expect(server.output.stderr).toBe('');
});
