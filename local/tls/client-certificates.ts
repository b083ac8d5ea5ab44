/** Client certificates of connections, checked when they open and given to the functions as the gateway does. */
import { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { APIGatewayEventClientCertificate } from 'aws-lambda';
import { verifyProxy } from './certificate-path.ts';

/** The certificates of open connections, by their sockets. */
const accepted = new WeakMap<Socket, APIGatewayEventClientCertificate>();

/** Connections that are ended; a request may have come with their handshake, and must not count as one without a certificate. */
const refused = new WeakSet<Socket>();

/** True for a connection whose client certificate did not verify: its requests are not answered. */
export const isRefused = (socket: Socket): boolean => refused.has(socket);

/** The certificate of a connection in the form of the gateway's event; undefined for a connection without one. */
export const clientCertificateOf = (socket: Socket): APIGatewayEventClientCertificate | undefined =>
  accepted.get(socket);

/** The longest time that a timer can wait. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The certificates in a text of PEM. Throws for one that cannot be read. */
export const certificatesIn = (pem: string): readonly X509Certificate[] =>
  (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map(
    (one) => new X509Certificate(one),
  );

/** `O=Grid,CN=Alice` as Node writes it in lines; the gateway writes the order of the certificate too. */
const oneLine = (lines: string): string => lines.replaceAll('\n', ',');

const eventOf = (certificate: X509Certificate): APIGatewayEventClientCertificate => ({
  clientCertPem: certificate.toString(),
  subjectDN: oneLine(certificate.subject),
  issuerDN: oneLine(certificate.issuer),
  serialNumber: certificate.serialNumber.toLowerCase().match(/../g)?.join(':') ?? '',
  validity: { notBefore: certificate.validFrom, notAfter: certificate.validTo },
});

/** The chain that a client has sent. `getPeerCertificate` would end it at a proxy. */
function chainOf(socket: TLSSocket): readonly X509Certificate[] {
  const chain: X509Certificate[] = [];
  for (let one = socket.getPeerX509Certificate(); one; one = one.issuerCertificate) chain.push(one);
  return chain;
}

/**
 * Checks the certificate of a new connection. One that does not verify ends the connection, as at the gateway; a
 * connection without one goes on, which the gateway does not permit, so that other schemes work beside x509. A
 * connection does not outlive the proxy certificate that it was opened with.
 */
export const checkClient =
  (authorities: readonly X509Certificate[]) =>
  (socket: TLSSocket): void => {
    const chain = chainOf(socket);
    const [own] = chain;
    if (own === undefined) return;
    if (socket.authorized) return void accepted.set(socket, eventOf(own));
    try {
      const { person, until } = verifyProxy(chain, authorities);
      accepted.set(socket, eventOf(person));
      const end = setTimeout(() => socket.destroy(), Math.min(until - Date.now(), MAX_TIMER_MS)).unref();
      socket.once('close', () => clearTimeout(end));
    } catch (error) {
      const { message } = error as Error;
      refused.add(socket);
      console.error(`client certificate refused: ${message} (${socket.authorizationError})`);
      socket.destroy();
    }
  };
