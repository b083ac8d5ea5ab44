/**
 * Lists the 10,000 machines on each request of the bench, in a process of its own: `json` and `text` through the
 * endpoint's handler, as deployed; `adapter` through the adapter; `plain` by fetch and fast-xml-parser, which turn the
 * same pages into plain objects; `cut` is `plain` with the envelope cut off by hand. Sends the cost, and the peak
 * resident memory of the process so far.
 */
import { XMLParser } from 'fast-xml-parser';
import { startAdapter, startEndpoint } from './containers.ts';
import { type Cost, costOf } from './measure.ts';
import { readAll } from './operations.ts';
import { post } from './recorder.ts';

/** How a process lists the machines. */
export const WAYS = ['json', 'text', 'adapter', 'plain', 'cut'] as const;
export type Way = (typeof WAYS)[number];

export interface Listing extends Cost {
  /** MiB. */
  readonly peak: number;
  /** How many machines were listed, or the endpoint's answer, which the bench counts in its own memory. */
  readonly found: number | Answered;
}

/** The answer of the endpoint, as the gateway passes it on. */
export interface Answered {
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

const [how, endpoint = '', session = ''] = process.argv.slice(2);

type List = () => Promise<number | Answered>;

/** Lists the collection as a client does that takes compressed answers, as one larger than 6 MB has to be. */
const throughEndpoint = (accept: string): List => {
  const send = startEndpoint(endpoint);
  return async () => {
    const headers = { accept, 'accept-encoding': 'gzip' };
    const { body = '', isBase64Encoded = false } = await send(session, { method: 'GET', path: '/compute/', headers });
    return { body, isBase64Encoded };
  };
};

/** Keeps the adapter's entities until all have arrived, but drops plain objects page by page, in favour of the latter. */
const throughAdapter = (): List => {
  const requests = startAdapter(endpoint);
  return async () => (await readAll((await requests(session)).kinds.compute!.list)).length;
};

interface Envelope {
  methodResponse: { params: { param: { value: { array: { data: { value: [unknown, { string: string }] } } } } } };
}

/** Texts stay texts, which any client needs to read a key or "007" from OpenNebula. Nothing is validated. */
const parser = new XMLParser({ parseTagValue: false });

const plain = (answer: string): string => {
  const envelope: Envelope = parser.parse(answer);
  return envelope.methodResponse.params.param.value.array.data.value[1].string;
};

/** Sufficient because oned writes no other references. */
const cut = (answer: string): string =>
  /<string>([^<]*)/
    .exec(answer)![1]!
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');

const plainly =
  (bodies: readonly string[], documentOf: (answer: string) => string): List =>
  async () => {
    let machines = 0;
    for (const body of bodies) {
      const answer = await (await post(endpoint, body)).text();
      machines += parser.parse(documentOf(answer)).VM_POOL.VM.length;
    }
    return machines;
  };

const STARTS: Record<Way, (bodies: readonly string[]) => List> = {
  json: () => throughEndpoint('application/occi+json'),
  text: () => throughEndpoint('text/plain'),
  adapter: throughAdapter,
  plain: (bodies) => plainly(bodies, plain),
  cut: (bodies) => plainly(bodies, cut),
};

let list: List | undefined;

process.on('message', async (bodies: readonly string[]) => {
  list ??= STARTS[how as Way](bodies);
  let found: Listing['found'] = 0;
  const cost = await costOf(async () => {
    found = await list!();
  });
  process.send!({ ...cost, found, peak: process.resourceUsage().maxRSS / 1024 } satisfies Listing);
});
process.on('disconnect', () => process.exit());
