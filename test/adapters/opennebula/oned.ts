/** A minimal oned for tests of the client: made-up, late, truncated or missing answers. */
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Oned {
  readonly endpoint: string;
  /** Bodies of the requests so far. */
  readonly bodies: readonly string[];
  /** Maximum number of concurrent requests. */
  readonly most: () => number;
  readonly stop: () => Promise<void>;
}

export const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
};

export const listen = async (server: Server | ReturnType<typeof createServer>): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

/** Answers each request as `answer` does, with its number from 0. */
export async function oned(
  answer: (number: number, ...exchange: Parameters<RequestListener>) => void | Promise<void>,
): Promise<Oned> {
  const bodies: string[] = [];
  let inside = 0;
  let most = 0;
  const server = createServer(async (request, response) => {
    inside += 1;
    most = Math.max(most, inside);
    response.on('close', () => {
      inside -= 1;
    });
    response.setHeader('connection', 'close');
    bodies.push(await bodyOf(request));
    await answer(bodies.length - 1, request, response);
  });
  const port = await listen(server);
  return {
    endpoint: `http://127.0.0.1:${port}/RPC2`,
    bodies,
    most: () => most,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** The body of an answer with this tuple. */
export const tuple = (...items: readonly (string | number | boolean)[]): string => {
  const value = (item: string | number | boolean): string => {
    if (typeof item === 'boolean') return `<boolean>${item ? 1 : 0}</boolean>`;
    if (typeof item === 'number') return `<i4>${item}</i4>`;
    return `<string>${item.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</string>`;
  };
  const data = items.map((item) => `<value>${value(item)}</value>`).join('\r\n');
  return `<?xml version="1.0" encoding="UTF-8"?>\r\n<methodResponse>\r\n<params>\r\n<param><value><array><data>\r\n${data}\r\n</data></array></value></param>\r\n</params>\r\n</methodResponse>\r\n`;
};
