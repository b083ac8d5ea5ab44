/**
 * A process of its own that serves packaged functions behind the local gateway: `serve.mjs <folder> <serverless.yml>`.
 * Started in the folder that the archive was unpacked to, so that the functions find nothing but what is in it.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createGateway, createGatewayServer, type Handler } from '../../local/gateway.ts';
import { createRouter, readFunctions } from '../../local/routes.ts';

const [folder = '', routes = ''] = process.argv.slice(2);
const functions = readFunctions(readFileSync(routes, 'utf8'));
const handlers = new Map<string, Handler>();
for (const { name, module, handler } of functions) {
  handlers.set(name, (await import(pathToFileURL(join(folder, module)).href))[handler]);
}
const server = createGatewayServer(createGateway(createRouter(functions), handlers));
await once(server.listen(0, '127.0.0.1'), 'listening');
console.log((server.address() as AddressInfo).port);
