/**
 * Keeps web pages away from the embedded table. dynalite listens on loopback, which any web page can reach, and allows
 * every page to send any header and to read the answers (`Access-Control-Allow-Origin: *`).
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Adds a check before a server's listeners: a browser's request gets 403. A page cannot omit `Origin` in a request that
 * dynalite would accept, and a page whose owner points its name at 127.0.0.1 (DNS rebinding) sends that name as `Host`.
 */
export const refuseBrowsers = (server: Server): void => {
  const listeners = server.listeners('request') as ((req: IncomingMessage, res: ServerResponse) => void)[];
  server.removeAllListeners('request');
  server.on('request', (req: IncomingMessage, res: ServerResponse) => {
    const { origin, host } = req.headers;
    if (origin === undefined && host === `127.0.0.1:${(server.address() as AddressInfo).port}`) {
      for (const listener of listeners) listener.call(server, req, res);
      return;
    }
    req.resume();
    res.writeHead(403).end();
  });
};
