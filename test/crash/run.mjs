// npm run test:crash: processes that die at every write and every native call, see `points.ts`. Arguments are jest's:
// `npm run test:crash opennebula`. Moto is started if EC2 is among what runs. Where moto cannot be, this says so and
// leaves EC2 out; only where CI is set that is a failure. CRASH_WHOLE=1 runs what the suites of EC2 and
// OpenStack leave out to be done in time.
import { listTests, runJest } from '../jest.mjs';
import { installMoto } from '../peers/install-moto.mjs';
import { Missing } from '../peers/installed.mjs';
import { startMoto } from '../peers/moto.mjs';
import { bundle } from './bundle.mjs';

/** What jest is given, for the suites of these clouds. */
const argumentsOf = (clouds) => [...process.argv.slice(2), `--testMatch=**/test/crash/${clouds}.crash.ts`];

/** A moto for all tests; undefined where there can be none. */
const moto = async () => {
  try {
    await installMoto();
    return await startMoto();
  } catch (error) {
    if (!(error instanceof Missing) || process.env.CI) throw error;
    console.error(`EC2 is left out: ${error.message}.`);
    return undefined;
  }
};

await bundle();
const wantsEc2 = listTests(argumentsOf('*')).includes('test/crash/ec2.crash.ts');
const started = wantsEc2 ? await moto() : undefined;
process.exitCode = await runJest(argumentsOf(started ? '*' : '!(ec2)'), started && { MOTO_ENDPOINT: started.endpoint });
started?.stop();
