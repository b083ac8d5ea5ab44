/**
 * Lists the 10,000 machines on each request of the bench, in a process of its own: `adapter` through the adapter,
 * `plain` by fetch and fast-xml-parser, which turn the same pages into plain objects; `cut` is `plain` with the
 * envelope cut off by hand. Sends the cost, and the peak resident memory of the process so far.
 */
import { XMLParser } from 'fast-xml-parser';
import { startAdapter } from './containers.ts';
import { type Cost, costOf } from './measure.ts';
import { readAll } from './operations.ts';
import { post } from './recorder.ts';

export interface Listing extends Cost {
  readonly machines: number;
  /** MiB. */
  readonly peak: number;
}

const [how, endpoint = '', session = ''] = process.argv.slice(2);

/** Keeps the adapter's entities until all have arrived, but drops plain objects page by page, in favour of the latter. */
type List = () => Promise<number>;

const throughAdapter = (): List => {
  const requests = startAdapter(endpoint);
  return async () => (await readAll((await requests(session)).kinds.compute!.list)).length;
};

interface Envelope {
  methodResponse: { params: { param: { value: { array: { data: { value: [unknown, { string: string }] } } } } } };
}

/** Texts stay texts, which any client needs to read a key or "007" from OpenNebula. Nothing is validated. */
const parser = new XMLParser({ parseTagValue: false });

const ENVELOPES = {
  plain: (answer: string): string => {
    const envelope: Envelope = parser.parse(answer);
    return envelope.methodResponse.params.param.value.array.data.value[1].string;
  },
  /** Sufficient because oned writes no other references. */
  cut: (answer: string): string =>
    /<string>([^<]*)/
      .exec(answer)![1]!
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&'),
};

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

let list = how === 'adapter' ? throughAdapter() : undefined;

process.on('message', async (bodies: readonly string[]) => {
  list ??= plainly(bodies, ENVELOPES[how as keyof typeof ENVELOPES]);
  let machines = 0;
  const cost = await costOf(async () => {
    machines = await list!();
  });
  process.send!({ ...cost, machines, peak: process.resourceUsage().maxRSS / 1024 } satisfies Listing);
});
process.on('disconnect', () => process.exit());
