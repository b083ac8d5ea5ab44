/** One scenario against one cloud: the process dies at every point, and each time all comes right again. */
import type { Cloud } from './clouds/cloud.ts';
import { type Death, deathsOf, nameOf, type Step } from './life.ts';
import { look, paths } from './look.ts';
import type { Scenario } from './scenario.ts';
import { Setup } from './setup.ts';
import { leftOver, sweep } from './sweep.ts';
import { LATER, type Request, World } from './world.ts';

export interface Outcome {
  readonly point: string;
  readonly faults: readonly string[];
}

/** Worlds of a slow cloud that work at the same time. */
const AT_ONCE = 3;
/** After which no tombstone hides anything any more. */
const MUCH_LATER = 3_600_000;

/** A world that is ready for the request of a scenario. */
interface Ready {
  readonly world: World;
  /** What the provider has published. */
  readonly published: ReadonlySet<string>;
  /** How many entities there are. */
  readonly count: number;
  readonly request: Request;
}

async function prepare(scenario: Scenario, start: () => Promise<Cloud>): Promise<Ready> {
  const world = new World(await start());
  const published = new Set(await paths(await world.process()));
  world.beginRows();
  const process = await world.process();
  const request = await scenario.request(new Setup(world, process));
  world.cloud.later(0);
  return { world, published, count: (await paths(process)).length, request };
}

/**
 * Sends a request again as clients do: at once, once more when what was under way must have ended, and where the cloud
 * may deny what it has made, when that is over.
 */
async function repeat({ world, request }: Ready, { afterwards = [] }: Scenario): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const wait of [0, LATER, ...(world.cloud.appearsMs === undefined ? [] : [world.cloud.appearsMs])]) {
    if (wait > 0) world.later(wait);
    const { status, body } = await (await world.process()).send(request);
    world.cloud.later(0);
    if (status < 300 || afterwards.includes(status)) return [];
    faults.push(
      `the request again is ${status}${wait > 0 ? ` ${wait / 1000} s later` : ''}: ${body.trim().slice(0, 200)}`,
    );
    if (status !== 409 && status !== 503) break;
  }
  return faults;
}

/** Deletes everything: what is wrong before, while and after, and how many entities there were more than prepared. */
async function end({ world, published, count }: Ready, scenario: Scenario, isRepeated: boolean) {
  world.later(LATER);
  const process = await world.process();
  const { faults, present } = await sweep(world, process, published, scenario.name);
  world.later(MUCH_LATER);
  const left = (await leftOver(world, process, published)).filter((what) => !scenario.leaves?.test(what));
  // What nobody asks for again stays in the table where only a request for it could find it; it is seen nowhere.
  const unseen = isRepeated ? /^row entity#/ : /^row (?:entity|annotation|alias)#/;
  const wrong = left.filter((what) => !unseen.test(what)).map((what) => `left over: ${what}`);
  return { faults: [...faults, ...wrong], more: present - count };
}

interface Recorded {
  readonly steps: readonly Step[];
  /** How many entities there are more afterwards. */
  readonly more: number;
}

/** Looks at what a death has left, sends the request again, and deletes everything. */
async function again(there: Ready, scenario: Scenario, { more }: Recorded): Promise<readonly string[]> {
  const faults = [
    ...(await look(await there.world.process(), ...(there.world.cloud.isSlow ? [] : ['text/plain']))).faults,
    ...(await repeat(there, scenario)),
  ];
  const ended = await end(there, scenario, true);
  const isWrong = scenario.once && ended.more !== more;
  return [...faults, ...ended.faults, ...(isWrong ? [`there are ${ended.more} more, and not ${more}`] : [])];
}

/** Dies once, and finds out what becomes of it: with the request sent again, and without where worlds can be copied. */
async function dieAt(
  scenario: Scenario,
  ready: () => Promise<Ready>,
  death: Death,
  recorded: Recorded,
): Promise<readonly Outcome[]> {
  const point = nameOf(death, recorded.steps);
  const there = await ready();
  const { reply } = await there.world.once(there.request, death);
  there.world.cloud.later(0);
  const mayAnswer = death.after === recorded.steps.length;
  const died = reply && !mayAnswer ? [`it did not die, and answered ${reply.status}`] : [];
  const all: Outcome[] = [];
  const left = death.repeated === 'both' ? await there.world.copy() : there.world;
  if (death.repeated !== 'no') {
    all.push({ point, faults: [...died, ...(await again(there, scenario, recorded))] });
    await there.world.stop();
  }
  if (left && death.repeated !== 'yes') {
    const { faults } = await end({ ...there, world: left }, scenario, false);
    all.push({ point: `${point}, never repeated`, faults: [...died, ...faults] });
    await left.stop();
  }
  return all;
}

/** What the request does when nothing happens to its process. Throws if it fails. */
async function record(scenario: Scenario, ready: Ready): Promise<Recorded> {
  const { world, request } = ready;
  const { reply, steps } = await world.once(request);
  if (!reply || reply.status >= 300) throw new Error(`${scenario.name} is ${reply?.status}: ${reply?.body}`);
  const { faults, more } = await end(ready, scenario, true);
  await world.stop();
  if (faults.length > 0) throw new Error(`Without any death: ${faults.join('; ')}`);
  return { steps, more };
}

/** Every point of a scenario, with what is wrong after a death there. */
export async function outcomes(scenario: Scenario, start: () => Promise<Cloud>): Promise<readonly Outcome[]> {
  const first = await prepare(scenario, start);
  const copied = await first.world.copy();
  const recorded = await record(scenario, first);
  const ready = async (): Promise<Ready> =>
    copied ? { ...first, world: (await copied.copy())! } : await prepare(scenario, start);
  const deaths = deathsOf(recorded.steps, copied !== undefined);
  const all: (readonly Outcome[])[] = [];
  const left = [...deaths.keys()];
  const next = async (): Promise<void> => {
    for (let at = left.shift(); at !== undefined; at = left.shift())
      all[at] = await dieAt(scenario, ready, deaths[at]!, recorded);
  };
  const ends = await Promise.allSettled(Array.from({ length: first.world.cloud.isSlow ? AT_ONCE : 1 }, next));
  for (const one of ends) if (one.status === 'rejected') throw one.reason;
  await copied?.stop();
  return all.flat();
}

/** What the request of a scenario is answered that its cloud cannot do. */
export async function statusOf(scenario: Scenario, start: () => Promise<Cloud>): Promise<number | undefined> {
  const { world, request } = await prepare(scenario, start);
  return (await world.once(request)).reply?.status;
}
