/** One scenario against one cloud: the process dies at every point, and each time all comes right again. */
import type { Cloud } from './clouds/cloud.ts';
import { type Death, deathsOf, nameOf, type Step } from './life.ts';
import { look, paths } from './look.ts';
import type { Scenario } from './scenario.ts';
import { Setup } from './setup.ts';
import { leftOver, sweep } from './sweep.ts';
import { type Request, World } from './world.ts';

export interface Outcome {
  readonly point: string;
  readonly faults: readonly string[];
}

/** Longer than anything that a process began counts as under way, in milliseconds. */
const LATER = 61_000;
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
  const published = new Set(await paths(world));
  world.beginRows();
  const request = await scenario.request(new Setup(world, await world.process()));
  world.cloud.later(0);
  return { world, published, count: (await paths(world)).length, request };
}

/** Sends a request again as clients do: at once, and once more when what was under way must have ended. */
async function repeat({ world, request }: Ready, { afterwards = [] }: Scenario): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const wait of [0, LATER]) {
    if (wait > 0) world.later(wait);
    const { status, body } = await (await world.process()).send(request);
    world.cloud.later(0);
    if (status < 300 || afterwards.includes(status)) return [];
    faults.push(`the request again is ${status}${wait > 0 ? ' a minute later' : ''}: ${body.trim().slice(0, 200)}`);
    if (status !== 409 && status !== 503) break;
  }
  return faults;
}

/** Deletes everything; what is wrong before, while and after. */
async function end({ world, published, count }: Ready, scenario: Scenario, isRepeated: boolean): Promise<string[]> {
  world.later(LATER);
  const { makes } = scenario;
  const { faults, present } = await sweep(world, published);
  const more = present - count;
  const wrong = isRepeated && makes !== undefined && more !== makes ? [`there are ${more} more, not ${makes}`] : [];
  world.later(MUCH_LATER);
  const left = (await leftOver(world, published)).filter((what) => !scenario.leaves?.test(what));
  // What nobody asks for again stays in the table where only a request for it could find it; it is seen nowhere.
  const unseen = isRepeated ? /^row entity#/ : /^row (?:entity|annotation|alias)#/;
  return [...wrong, ...faults, ...left.filter((what) => !unseen.test(what)).map((what) => `left over: ${what}`)];
}

/** Dies once, and looks at what becomes of it: with the request sent again, and without. */
async function dieAt(
  scenario: Scenario,
  ready: () => Promise<Ready>,
  death: Death,
  steps: readonly Step[],
): Promise<readonly Outcome[]> {
  const point = nameOf(death, steps);
  const died = async () => {
    const there = await ready();
    const { reply } = await there.world.once(there.request, death);
    there.world.cloud.later(0);
    const mayAnswer = death.after === steps.length;
    return { there, faults: reply && !mayAnswer ? [`it did not die, and answered ${reply.status}`] : [] };
  };
  const first = await died();
  const copy = await first.there.world.copy();
  const again = first.there;
  const faults = [...first.faults, ...(await look(again.world)).faults, ...(await repeat(again, scenario))];
  faults.push(...(await end(again, scenario, true)));
  await again.world.stop();
  const outcome = { point, faults };
  const never = copy ? { ...first.there, world: copy } : undefined;
  if (!never) return [outcome];
  const outcomeNever = { point: `${point}, never repeated`, faults: await end(never, scenario, false) };
  await never.world.stop();
  return [outcome, outcomeNever];
}

/** What the request does when nothing happens to its process. Throws if it fails. */
async function record(scenario: Scenario, ready: Ready): Promise<readonly Step[]> {
  const { world, request } = ready;
  const { reply, steps } = await world.once(request);
  if (!reply || reply.status >= 300) throw new Error(`${scenario.name} is ${reply?.status}: ${reply?.body}`);
  const faults = await end(ready, scenario, true);
  await world.stop();
  if (faults.length > 0) throw new Error(`Without any death: ${faults.join('; ')}`);
  return steps;
}

/** Every point of a scenario, with what is wrong after a death there. */
export async function outcomes(scenario: Scenario, start: () => Promise<Cloud>): Promise<readonly Outcome[]> {
  const first = await prepare(scenario, start);
  const copied = await first.world.copy();
  const steps = await record(scenario, first);
  const ready = async (): Promise<Ready> =>
    copied ? { ...first, world: (await copied.copy())! } : await prepare(scenario, start);
  const all: Outcome[] = [];
  for (const death of deathsOf(steps)) all.push(...(await dieAt(scenario, ready, death, steps)));
  await copied?.stop();
  return all;
}
