/** Over real connections of TLS, with curl as a user has it and certificates of OpenSSL. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { createGateway, createGatewayServer } from '../../../local/gateway.ts';
import { createRouter } from '../../../local/routes.ts';
import { readTls } from '../../../local/tls/server.ts';
import { AUTHORITY, Certificates, type Issued, PERSON, proxyOf, SERVER } from '../../certificates.ts';

const certificates = new Certificates();
const root = certificates.issue({ subject: '/O=Grid/CN=Root', extensions: AUTHORITY });
const person = certificates.issue({ subject: '/O=Grid/CN=Alice', issuer: root, extensions: PERSON });
const proxy = certificates.issue({ subject: '/O=Grid/CN=Alice/CN=1', issuer: person, extensions: proxyOf() });
const own = certificates.issue({ subject: '/CN=localhost', extensions: SERVER });

/** The event of the last request. */
let event: APIGatewayProxyEventV2 | undefined;
const router = createRouter([{ name: 'one', module: '', handler: '', routeKeys: ['$default'] }]);
const handler = async (given: APIGatewayProxyEventV2) => {
  event = given;
  return { statusCode: 200, body: 'ok' };
};
const server = createGatewayServer(
  createGateway(router, new Map([['one', handler]])),
  readTls({ cert: own.certificate, key: own.key, clientCa: root.certificate }),
);
let url: string;
let port: number;

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  ({ port } = server.address() as AddressInfo);
  url = `https://127.0.0.1:${port}/`;
});
beforeEach(() => {
  event = undefined;
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  certificates.remove();
});

/** What curl prints; throws when it gets no answer. */
const curl = async (...args: readonly string[]): Promise<string> =>
  (await promisify(execFile)('curl', ['-sS', '--cacert', own.certificate, ...args, url])).stdout;

const withCertificate = (chain: readonly Issued[], key = chain[0]!.key) => [
  '--cert',
  certificates.bundle(...chain),
  '--key',
  key,
];

describe('A server with --client-ca', () => {
  test('gives the certificate to the function as the gateway does', async () => {
    expect(await curl(...withCertificate([person]))).toBe('ok');
    expect(event?.requestContext.authentication).toEqual({
      clientCert: {
        clientCertPem: person.pem,
        subjectDN: 'O=Grid,CN=Alice',
        issuerDN: 'O=Grid,CN=Root',
        serialNumber: expect.stringMatching(/^[0-9a-f]{2}(:[0-9a-f]{2})*$/),
        validity: {
          notBefore: expect.stringMatching(/^\w{3} [ \d]\d \d\d:\d\d:\d\d \d{4} GMT$/),
          notAfter: expect.stringMatching(/ GMT$/),
        },
      },
    });
  });

  test('serves clients without a certificate, and says nothing of one', async () => {
    expect(await curl()).toBe('ok');
    expect(event?.requestContext).not.toHaveProperty('authentication');
  });

  test.each([['1.2'], ['1.3']])('gives the certificate of the person behind proxies, with TLS %s', async (version) => {
    expect(await curl('--tls-max', version, ...withCertificate([proxy, person]))).toBe('ok');
    expect(event?.requestContext.authentication?.clientCert).toMatchObject({
      clientCertPem: person.pem,
      subjectDN: 'O=Grid,CN=Alice',
    });
  });

  test.each<[string, () => readonly Issued[]]>([
    ['of another authority', () => [certificates.issue({ subject: '/O=Grid/CN=Alice', extensions: PERSON })]],
    [
      'that has expired',
      () => [
        certificates.issue({
          subject: '/O=Grid/CN=Alice',
          issuer: root,
          extensions: PERSON,
          notBefore: '20200101000000Z',
          notAfter: '20210101000000Z',
        }),
      ],
    ],
    [
      'for servers',
      () => [
        certificates.issue({ subject: '/O=Grid/CN=Alice', issuer: root, extensions: ['extendedKeyUsage=serverAuth'] }),
      ],
    ],
    [
      'that a person has signed without being a proxy',
      () => [certificates.issue({ subject: '/O=Grid/CN=Bob', issuer: person, extensions: PERSON }), person],
    ],
    ['that is a proxy without its person', () => [proxy]],
  ])('ends a connection with a certificate %s', async (_, chain) => {
    await expect(curl(...withCertificate(chain()))).rejects.toThrow(/curl: \(\d+\)/);
    expect(event).toBeUndefined();
    expect(console.error).toHaveBeenCalledWith(expect.stringMatching(/^client certificate refused: /));
  });

  test('answers no request that comes together with such a certificate, however often', async () => {
    const other = certificates.issue({ subject: '/O=Grid/CN=Alice', extensions: PERSON });
    const options = { port, host: '127.0.0.1', ca: own.pem, cert: other.pem, key: await keyOf(other) };
    for (let at = 0; at < 30; at++) {
      const socket = connectTls({ ...options, maxVersion: at % 2 ? 'TLSv1.2' : 'TLSv1.3' });
      // Sent with the end of the handshake, before the server can have looked at the certificate.
      socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(3));
      socket.on('error', () => undefined);
      socket.resume();
      await new Promise((resolve) => socket.once('close', resolve));
    }
    expect(event).toBeUndefined();
  });

  test('resumes no session, in which the chain of a proxy would be missing', async () => {
    const options = { port, host: '127.0.0.1', ca: own.pem, cert: proxy.pem + person.pem, key: await keyOf(proxy) };
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const first = connectTls({ ...options, maxVersion });
      const sessions: Buffer[] = [];
      first.on('session', (session: Buffer) => sessions.push(session));
      first.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
      first.resume();
      await once(first, 'close');
      const second = connectTls({ ...options, maxVersion, ...(sessions[0] && { session: sessions[0] }) });
      await once(second, 'secureConnect');
      expect(second.isSessionReused()).toBe(false);
      second.destroy();
    }
  });

  test('ends a connection that does not speak TLS, and goes on', async () => {
    const socket = connectTcp(port, '127.0.0.1');
    socket.end('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    let answer = '';
    for await (const part of socket) answer += part;
    expect(answer).not.toContain('ok');
    expect(await curl()).toBe('ok');
  });
});

const keyOf = async ({ key }: Issued): Promise<string> => (await import('node:fs')).readFileSync(key, 'utf8');

describe('The files of a server', () => {
  const file = (name: string, text: string): string => {
    const path = join(certificates.folder, name);
    writeFileSync(path, text);
    return path;
  };

  test.each([
    [
      'a file that is not there',
      () => ({ cert: '/nowhere', key: own.key }),
      '--tls-cert /nowhere cannot be read (ENOENT)',
    ],
    ['a folder', () => ({ cert: own.certificate, key: certificates.folder }), 'cannot be read (EISDIR)'],
    ['a certificate that is none', () => ({ cert: file('x', 'x'), key: own.key }), 'holds no certificate in PEM'],
    [
      'authorities that are none',
      () => ({ cert: own.certificate, key: own.key, clientCa: file('y', 'y') }),
      '--client-ca',
    ],
    [
      'the key of another certificate',
      () => ({ cert: own.certificate, key: root.key }),
      'is not the key of --tls-cert',
    ],
    ['no key', () => ({ cert: own.certificate, key: own.certificate }), 'is not the key of --tls-cert'],
  ])('are refused by their argument: %s', (_, files, message) => {
    expect(() => readTls(files())).toThrow(message);
    expect(() => readTls(files())).toThrow(expect.objectContaining({ name: 'Refusal' }));
  });
});
