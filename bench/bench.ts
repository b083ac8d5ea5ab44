/** Runs the whole bench in order; it leaves nothing behind but its output. */

import { startBareServer } from './bare-server.ts';
import { benchCodec } from './codec-report.ts';
import { verdictOf } from './goals.ts';
import { startGenerator } from './load.ts';
import { OptionError, type Options, readOptions } from './options.ts';
import { printBareServer, printHead, printRequests, printSummary } from './print.ts';
import { printMemory, printStartUp } from './print-process.ts';
import { endAll, endOnSignals } from './processes.ts';
import { measureTable, type ResidentMemory, type Result } from './requests.ts';
import { benchStartUp } from './start-up.ts';
import { rowsOf, TABLES } from './workload.ts';

const bench = async (): Promise<void> => {
  const options = readOptions(process.argv.slice(2));
  endOnSignals();
  printHead(options);

  const { results, memory, bare } = await benchRequests(options);
  const startUps = options.only.test('start-up') ? await benchStartUp(options.starts) : [];
  if (results.length > 0) {
    printBareServer(bare);
    printRequests(results);
  }
  if (options.only.test('codec')) await benchCodec(options.pace);
  printStartUp(startUps);
  printMemory(memory);
  const verdicts = [...results.map(verdictOf), ...startUps.map(({ verdict }) => verdict)];
  printSummary(verdicts, results);
};

const benchRequests = async ({ only, pace, generator: kind }: Options) => {
  const generator = startGenerator(kind);
  try {
    const bare = await startBareServer(generator);
    const results: Result[] = [];
    const memory: ResidentMemory[] = [];
    for (const table of TABLES) {
      const rows = rowsOf(table).filter(({ label }) => only.test(label));
      if (rows.length === 0) continue;
      const measured = await measureTable(table, rows, generator, pace, bare);
      results.push(...measured.results);
      memory.push(...measured.memory);
    }
    await bare.end();
    return { results, memory, bare };
  } finally {
    generator.end();
  }
};

bench()
  .catch((error) => {
    console.error(error instanceof OptionError ? `bench: ${error.message}` : error);
    process.exitCode = 1;
  })
  .finally(endAll);
