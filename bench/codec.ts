/**
 * The cost of parsing and rendering without a server. It runs in a separate process, so that earlier work does not affect it. Prints one JSON object: operations per second by name, the median of several rounds.
 */
import { occiJson, textOcci, textPlain, uriList } from '../lib/renderings/index.ts';
import type { Answer, Rendered, Rendering } from '../lib/renderings/rendering.ts';
import { sampleCompute } from './sample-compute.ts';

const [seconds = 0.3] = process.argv.slice(2).map(Number);
const ROUNDS = 5;
/** Number of different entities that are used in turn, because real clients do not request the same one repeatedly. */
const ENTITIES = 64;
const CONTEXT = { origin: 'http://127.0.0.1:3300', requestId: '0c1de17e-55d0-4a9f-8e0c-6f6c1c5e3c5e' };

/** A sum over all results, so that the engine cannot optimize the work away. */
let used = 0;

const perSecond = (operation: (turn: number) => number): number => {
  const rounds: number[] = [];
  let turn = 0;
  for (let round = 0; round <= ROUNDS; round++) {
    const began = performance.now();
    const first = turn;
    let passed = 0;
    while (passed < seconds * 1000) {
      for (let batch = 0; batch < 8; batch++) used += operation(turn++);
      passed = performance.now() - began;
    }
    if (round > 0) rounds.push(((turn - first) * 1000) / passed); // the first one is the warm-up
  }
  return rounds.sort((one, other) => one - other)[Math.floor(ROUNDS / 2)]!;
};

/** The rendered entity as the request of a client that sends it back. */
const sentBack = ({ headers, body }: Rendered) => ({
  headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value]])),
  body,
});

const size = ({ headers, body }: Rendered): number =>
  body.length + (headers.Link?.length ?? 0) + (headers['X-OCCI-Location']?.length ?? 0);

const entities = Array.from({ length: 1000 }, (_, index) => sampleCompute(index));
const listing: Answer = { is: 'collection', locations: entities.map(({ location }) => location), entities };
const figures: Record<string, number> = {};

for (const rendering of [textPlain, textOcci, occiJson]) {
  const name = rendering.mediaTypes[0]!;
  const answers = entities.slice(0, ENTITIES).map((entity): Answer => ({ is: 'entity', entity }));
  const context = { ...CONTEXT, mediaType: name };
  const requests = answers.map((answer) => sentBack(rendering.render(answer, context)));
  const parse = (turn: number) => rendering.parse!(requests[turn % ENTITIES]!).parts[0]!.links.length;
  const render = (turn: number) => size(rendering.render(answers[turn % ENTITIES]!, context));
  figures[`${name} parse`] = perSecond(parse);
  figures[`${name} render`] = perSecond(render);
  figures[`${name} parse+render`] = perSecond((turn) => parse(turn) + render(turn));
}
for (const rendering of [textPlain, textOcci, uriList, occiJson] satisfies Rendering[]) {
  const context = { ...CONTEXT, mediaType: rendering.mediaTypes[0]! };
  figures[`${context.mediaType} render 1,000`] = perSecond(() => size(rendering.render(listing, context)));
}
if (used === 0) throw new Error('nothing was parsed or rendered');
console.log(JSON.stringify(figures));
