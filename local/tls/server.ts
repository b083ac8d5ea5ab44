/** The server of `npm start` for https: reads its files, and asks clients for certificates. */
import { constants } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server, type ServerOptions } from 'node:https';
import { createSecureContext } from 'node:tls';
import { Refusal } from '../refusal.ts';
import { certificatesIn, checkClient } from './client-certificates.ts';

/** Paths of files in PEM. */
export interface TlsFiles {
  /** The certificate of the server, followed by those of its issuers. */
  readonly cert: string;
  readonly key: string;
  /** Authorities of client certificates; absent where clients are not asked for one. */
  readonly clientCa?: string | undefined;
}

/** The contents of these files. */
export interface Tls {
  readonly cert: string;
  readonly key: string;
  readonly clientCa?: string | undefined;
}

const fileOf = (argument: string, path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Refusal(`--${argument} ${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
};

/** Throws a `Refusal` that names the argument, unless `check` succeeds. The text of a key is never shown. */
const refuse = (says: string, check: () => boolean): void => {
  try {
    if (check()) return;
  } catch {
    // The error of OpenSSL says less than the argument that is wrong.
  }
  throw new Refusal(says);
};

/**
 * Reads the files, and checks that they fit together.
 * @throws {Refusal} naming the argument whose file is wrong
 */
export const readTls = ({ cert, key, clientCa }: TlsFiles): Tls => {
  const tls = {
    cert: fileOf('tls-cert', cert),
    key: fileOf('tls-key', key),
    clientCa: clientCa === undefined ? undefined : fileOf('client-ca', clientCa),
  };
  refuse(`--tls-cert ${cert} holds no certificate in PEM`, () => certificatesIn(tls.cert).length > 0);
  refuse(
    `--client-ca ${clientCa} holds no certificate in PEM`,
    () => certificatesIn(tls.clientCa ?? tls.cert).length > 0,
  );
  refuse(`--tls-key ${key} is not the key of --tls-cert ${cert} in PEM, without a passphrase`, () => {
    createSecureContext({ cert: tls.cert, key: tls.key });
    return true;
  });
  return tls;
};

/** Makes a server of https that ends connections whose client certificate does not verify; it does not listen yet. */
export const createTlsServer = (options: ServerOptions, { cert, key, clientCa }: Tls): Server => {
  const server = createServer({
    ...options,
    cert,
    key,
    minVersion: 'TLSv1.2', // as the gateway
    // A resumed session would bring the client's certificate without the rest of its chain.
    secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
    // Node verifies all but proxies, and `checkClient` ends the connections that it has not verified.
    ...(clientCa !== undefined && { ca: clientCa, requestCert: true, rejectUnauthorized: false }),
  });
  // Before the listener of node:https, which reads the first request as soon as it has the connection.
  if (clientCa !== undefined) server.prependListener('secureConnection', checkClient(certificatesIn(clientCa)));
  return server;
};
