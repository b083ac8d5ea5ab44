/**
 * Keeps web pages away from the embedded table. dynalite listens on loopback, where any page can send requests, and it
 * allows every page to send any header and to read the answers (`Access-Control-Allow-Origin: *`).
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Puts a check before the listeners of a server: a request of a browser is 403. A page cannot leave out `Origin` where
 * dynalite would listen to it; a page under a name that its owner points at 127.0.0.1 has that name as its `Host`.
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
