/** Measures every row in a process of its own; sends them one by one to the bench that started it. */
import { startAdapter } from './containers.ts';
import { measure, type Pace } from './measure.ts';
import { operations, readAll } from './operations.ts';
import { ownerOf, SPARE, sessionOf } from './population.ts';
import { startRecorder } from './recorder.ts';

const [endpoint = '', least, most, time] = process.argv.slice(2);
const pace: Pace = { least: Number(least), most: Number(most), time: Number(time) };

const requests = startAdapter(endpoint);
const idsOf = async (owner: string) => readAll((await requests(sessionOf(owner))).kinds.compute!.ids);
const [only] = await idsOf(ownerOf(1));
const spare = await idsOf(SPARE.name);

const recorder = await startRecorder(endpoint);
for (const operation of operations({ only: only!, spare })) {
  const row = await measure(operation, endpoint, recorder, pace);
  process.send!(row);
}
recorder.close();
process.disconnect();
