/** Measures every row in a process of its own; sends them one by one to the bench that started it. */
import { startAdapter } from './containers.ts';
import { firstLooks } from './first-look.ts';
import { measure, type Pace } from './measure.ts';
import { type Operation, operations, readAll } from './operations.ts';
import { LARGE, ownerOf, SPARE, sessionOf } from './population.ts';
import { startRecorder } from './recorder.ts';

/** Of all operations those in the ordinary cloud, or the first looks in the large one. */
const [endpoint = '', cloud, least, most, time] = process.argv.slice(2);
const pace: Pace = { least: Number(least), most: Number(most), time: Number(time) };

const requests = startAdapter(endpoint);
const idsOf = async (owner: string) => readAll((await requests(sessionOf(owner))).kinds.compute!.ids);

const ordinary = async (): Promise<readonly Operation[]> => {
  const [only] = await idsOf(ownerOf(1));
  return operations({ only: only!, spare: await idsOf(SPARE.name) });
};

const large = async (): Promise<readonly Operation[]> => {
  const looks: Operation[] = [];
  for (const size of LARGE) looks.push(...firstLooks(size, (await idsOf(ownerOf(size)))[size / 2]!));
  return looks;
};

const recorder = await startRecorder(endpoint);
for (const operation of await (cloud === 'large' ? large : ordinary)()) {
  const row = await measure(operation, endpoint, recorder, pace);
  process.send!(row);
}
recorder.close();
process.disconnect();
