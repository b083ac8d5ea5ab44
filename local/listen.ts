/** Ports: taking one, and what is said when it cannot be had. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Refusal } from './refusal.ts';

/**
 * Makes a server listen.
 * @param at port and address; 0 takes any free port
 * @param variable that chooses another port
 * @returns host and port as a URL has them
 * @throws {Refusal} if the port is taken, or the address is none of this machine
 */
export async function listen(
  server: Server,
  { port, host }: { readonly port: number; readonly host: string },
  variable = 'PORT',
): Promise<string> {
  try {
    await once(server.listen(port, host), 'listening');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE') throw new Refusal(`${host}:${port} cannot be listened on (${code ?? message})`);
    throw new Refusal(`port ${port} of ${host} is taken: end what listens there, or choose another with ${variable}=…`);
  }
  return `${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`;
}
