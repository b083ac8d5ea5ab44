/** `npm start` with METRICS_PORT: what this process does, in the text format of Prometheus, on a port of its own. */
import { createServer } from 'node:http';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Listener } from './gateway.ts';
import { listen } from './listen.ts';
import type { Router } from './routes.ts';

/** OCCI's methods. Whatever else a client sends counts as one, so that it cannot make series without end. */
const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'];
/** From what is answered from memory to what a cloud takes its time for. */
const BUCKETS_SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];
const REQUEST_TIMEOUT_MS = 10_000;

export interface Metrics {
  /** A listener that counts what another one answers. No label names a tenant, a user or an entity. */
  counted(listener: Listener, router: Router): Listener;
  /** Where they are served. */
  readonly url: string;
  close(): void;
}

/**
 * Serves the metrics under `/metrics`.
 * @param at port and address; 0 takes any free port
 * @throws {Refusal} where nothing can listen there
 */
export async function startMetrics(at: { readonly port: number; readonly host: string }): Promise<Metrics> {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'occi_request_duration_seconds',
    help: 'Time from the head of a request until its answer is sent, or the client is gone.',
    labelNames: ['function', 'method', 'status'],
    buckets: BUCKETS_SECONDS,
    registers,
  });
  const inFlight = new Gauge({ name: 'occi_requests_in_flight', help: 'Requests that are being answered.', registers });
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, async (req, res) => {
    if (req.url?.split('?')[0] !== '/metrics') return res.writeHead(404).end();
    if (req.method !== 'GET' && req.method !== 'HEAD') return res.writeHead(405, { allow: 'GET, HEAD' }).end();
    const text = await registry.metrics();
    return res.writeHead(200, { 'content-type': registry.contentType }).end(req.method === 'GET' ? text : undefined);
  });
  const url = `http://${await listen(server, at, 'METRICS_PORT')}/metrics`;

  const counted =
    (listener: Listener, router: Router): Listener =>
    (req, res) => {
      const began = performance.now();
      inFlight.inc();
      res.once('close', () => {
        inFlight.dec();
        const { method = '', url: asked = '' } = req;
        const labels = {
          function: router(method, asked.split('?')[0]!)?.function ?? 'none',
          method: METHODS.includes(method) ? method : 'other',
          status: res.writableFinished ? String(res.statusCode) : 'aborted',
        };
        duration.observe(labels, (performance.now() - began) / 1000);
      });
      listener(req, res);
    };
  return { counted, url, close: () => void server.close().closeAllConnections() };
}
