/** Node's bare HTTP server, without any application: the baseline of all rows. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const BODY = 'Hello, world!\n';

const server = createServer({ keepAliveTimeout: 60_000 }, (_req, res) => {
  res.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': BODY.length });
  res.end(BODY);
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
process.on('SIGTERM', () => process.exit());
