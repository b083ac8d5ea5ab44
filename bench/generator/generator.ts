/**
 * The load generator, a separate process: autocannon over keep-alive connections, one request at a time on each, as
 * wrk does. Latencies come from its events, because its own histogram counts whole milliseconds.
 */
import autocannon from 'autocannon';

export interface Load {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly connections: number;
  readonly warmUp: number;
  readonly seconds: number;
}

export interface Measurement {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Number of all responses, including the warm-up. */
  readonly answers: number;
  /** Responses other than 2xx and errors of the whole run; empty if there were none. */
  readonly wrong: string;
}

/** Percentiles need at least this many responses, so a slow row runs longer, up to a limit. */
const MIN_ANSWERS = 100;
/** The maximum duration, as a multiple of the requested seconds. */
const MAX_DURATION_FACTOR = 4;
/** A run without responses is aborted after this time. */
const TIMEOUT_SECONDS = 60;

const measure = async (load: Load): Promise<Measurement> => {
  const { url, method, headers, body, connections, warmUp, seconds } = load;
  const instance = autocannon({
    url,
    method,
    headers,
    body,
    connections,
    pipelining: 1,
    duration: TIMEOUT_SECONDS + MAX_DURATION_FACTOR * seconds,
    timeout: TIMEOUT_SECONDS,
    sampleInt: 20,
  });
  const latencies: number[] = [];
  const began = performance.now();
  let answers = 0;
  let from = 0;
  let until = 0;
  // The window begins and ends with a response, so that a slow row is not rounded to whole responses.
  instance.on('response', (_client, _status, _bytes, ms) => {
    answers++;
    if (until > 0) return;
    const now = performance.now();
    if (from === 0) {
      if (now - began >= warmUp * 1000) from = now;
      return;
    }
    latencies.push(ms);
    const passed = (now - from) / 1000;
    const enough = passed >= seconds && latencies.length >= Math.max(MIN_ANSWERS, 2 * connections);
    if (!enough && passed < MAX_DURATION_FACTOR * seconds) return;
    until = now;
    instance.stop();
  });
  const { non2xx, errors, timeouts, statusCodeStats } = await instance;
  latencies.sort((one, other) => one - other);
  return {
    perSecond: until > 0 ? (latencies.length * 1000) / (until - from) : 0,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    answers,
    wrong: [
      ...(until > 0 ? [] : [`no answers for ${TIMEOUT_SECONDS} s`]),
      ...(non2xx > 0 ? [`${non2xx} not 2xx (${Object.keys(statusCodeStats).join(', ')})`] : []),
      ...(errors > 0 ? [`${errors} errors, ${timeouts} of them timeouts`] : []),
    ].join('; '),
  };
};

/** Nearest rank. */
const percentile = (sorted: readonly number[], part: number): number =>
  sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;

process.on('message', (load: Load) => void measure(load).then((measurement) => process.send?.(measurement)));
process.on('disconnect', () => process.exit());
